"""What a person decided about two contents, in journal.db."""

from __future__ import annotations

from collections.abc import Iterable

from pictrace.model import Verdict, Word
from pictrace.store.connection import Connection, Row
from pictrace.store.values import text


class Verdicts:
    """A part of the journal: at most one verdict on two contents, whichever is named first.

    Asked afresh each time, so that a running daemon obeys a new one.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, verdicts: Iterable[Verdict]) -> None:
        """Remember verdicts, all of them or none, in place of what was said of the same contents before."""
        with self._connection.atomic():
            for one in verdicts:
                self._connection.execute(
                    "INSERT OR REPLACE INTO verdicts "
                    "(first_hash, second_hash, verdict, made_at, first_name, second_name) VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        one.first_hash,
                        one.second_hash,
                        one.word,
                        one.made_at,
                        text(one.first_name),
                        text(one.second_name),
                    ),
                )

    def forget(self, verdict: Verdict) -> bool:
        """Forget a verdict; returns False where there is none with this word on these contents."""
        sql = "DELETE FROM verdicts WHERE first_hash = ? AND second_hash = ? AND verdict = ?"
        return bool(self._connection.execute(sql, (verdict.first_hash, verdict.second_hash, verdict.word)))

    def of_pair(self, a: bytes, b: bytes) -> Verdict | None:
        """Return what was said of two contents, in whichever order they are named."""
        sql = "SELECT * FROM verdicts WHERE first_hash = ? AND second_hash = ?"
        row = self._connection.row(sql, (min(a, b), max(a, b)))
        return None if row is None else _verdict(row)

    def parted_from(self, content_hash: bytes) -> set[bytes]:
        """Return the contents that a person said are no copies of this one."""
        sql = (
            "SELECT CASE WHEN first_hash = :hash THEN second_hash ELSE first_hash END AS other FROM verdicts "
            "WHERE (first_hash = :hash OR second_hash = :hash) AND verdict <> 'keep-both'"
        )
        return {row["other"] for row in self._connection.rows(sql, {"hash": content_hash})}

    def listed(self) -> list[Verdict]:
        """Return all verdicts, the oldest first."""
        sql = "SELECT * FROM verdicts ORDER BY made_at, first_hash, second_hash"
        return [_verdict(row) for row in self._connection.rows(sql)]


def _verdict(row: Row) -> Verdict:
    return Verdict(
        first_hash=row["first_hash"],
        second_hash=row["second_hash"],
        word=Word(row["verdict"]),
        made_at=row["made_at"],
        first_name=row["first_name"],
        second_name=row["second_name"],
    )
