"""Files that could not be read, or hold no picture that can be decoded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pictrace.store.connection import Connection, Row
from pictrace.store.roots import Roots
from pictrace.store.values import text


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A file and what is wrong with it.

    ``count`` is how often it was met. ``first_at`` and ``last_at`` are wall-clock seconds since 1970, labels only.
    """

    path: Path
    reason: str
    count: int
    first_at: float
    last_at: float


class Problems:
    """The list of files that cost only themselves."""

    def __init__(self, connection: Connection, roots: Roots) -> None:
        self._connection = connection
        self._roots = roots

    def note(self, path: Path, reason: str, *, now: float) -> None:
        """Remember what is wrong with a file; the newest reason stays."""
        self._connection.execute(
            "INSERT INTO problems (path, reason, count, first_at, last_at) VALUES (:path, :reason, 1, :now, :now) "
            "ON CONFLICT (path) DO UPDATE SET reason = :reason, count = count + 1, last_at = :now",
            {"path": self._roots.paths.encode(path), "reason": text(reason), "now": now},
        )

    def clear(self, path: Path) -> None:
        """Forget what was wrong with a file."""
        self._connection.execute("DELETE FROM problems WHERE path = ?", (self._roots.paths.encode(path),))

    def names_in(self, root: str) -> set[bytes]:
        """Return the names, relative to a root, of the files in it that have a problem."""
        prefix = root.encode() + b"/"
        sql = "SELECT path FROM problems WHERE path >= ? AND path < ?"
        return {row["path"][len(prefix) :] for row in self._connection.rows(sql, (prefix, root.encode() + b"0"))}

    def clear_names(self, root: str, names: Iterable[bytes]) -> None:
        """Forget the problems of files in a root, by their names relative to it."""
        for name in names:
            self._connection.execute("DELETE FROM problems WHERE path = ?", (root.encode() + b"/" + name,))

    def listed(self, *, limit: int | None = None) -> list[Problem]:
        """Return the problems, the latest first."""
        sql = "SELECT * FROM problems ORDER BY last_at DESC, path LIMIT ?"
        return [self._problem(row) for row in self._connection.rows(sql, (-1 if limit is None else limit,))]

    def count(self) -> int:
        """Return how many files have a problem."""
        return int(self._connection.value("SELECT COUNT(*) FROM problems"))

    def since(self) -> float | None:
        """Return when the first of them was met, wall-clock seconds; None where there is none."""
        found: float | None = self._connection.value("SELECT MIN(first_at) FROM problems")
        return found

    def _problem(self, row: Row) -> Problem:
        return Problem(
            path=self._roots.paths.decode(row["path"]),
            reason=row["reason"],
            count=row["count"],
            first_at=row["first_at"],
            last_at=row["last_at"],
        )
