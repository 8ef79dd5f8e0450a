"""The roots, and where each is now."""

# ruff: noqa: S608 – statements are put together from our own constants; values go in as parameters

from __future__ import annotations

import os
from pathlib import Path

from pictrace.model import Role, RootInfo
from pictrace.store.connection import Connection, Row
from pictrace.store.paths import RootPaths, require_identity
from pictrace.store.values import number

_AWAY = "away-since "


class Roots:
    """The table of roots; all other tables name files relative to one of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.paths = RootPaths()
        self._ids: dict[str, int] = {}
        self._identities: dict[int, str] = {}
        self._read()

    def put_root(self, info: RootInfo) -> None:
        """Remember a root as it is now; at another path than before, all files in it follow.

        Another root that was known at that path is kept, and is away until it is put again: it was another disk.
        """
        require_identity(info.identity)
        if self.root(info.identity) == info and info in self.roots():
            return
        values = {
            "identity": info.identity,
            "path": os.fsencode(info.path),
            "role": info.role,
            "dev": number(info.dev),
            "ino": number(info.ino),
            "filesystem": info.filesystem,
            "is_indexed": info.is_indexed,
        }
        with self._connection.atomic():
            self._connection.execute("UPDATE roots SET is_current = 0 WHERE path = :path", values)
            self._connection.execute(
                "INSERT INTO roots (identity, path, role, dev, ino, filesystem, is_indexed, is_current) "
                "VALUES (:identity, :path, :role, :dev, :ino, :filesystem, :is_indexed, 1) "
                "ON CONFLICT (identity) DO UPDATE SET path = :path, role = :role, dev = :dev, ino = :ino, "
                "filesystem = :filesystem, is_indexed = :is_indexed, is_current = 1",
                values,
            )
            self._read()
            self._take_over(info)

    def root(self, identity: str) -> RootInfo | None:
        """Return a root by its identity, whether it is the one at its path now or not."""
        row = self._connection.row("SELECT * FROM roots WHERE identity = ?", (identity,))
        return None if row is None else _root(row)

    def roots(self) -> list[RootInfo]:
        """Return the roots, one for each path: the one that was there last."""
        return [_root(row) for row in self._connection.rows("SELECT * FROM roots WHERE is_current ORDER BY id")]

    def note_away(self, identity: str, now: float) -> None:
        """Remember that a root was missed, wall-clock seconds; the first time counts, until `note_there`."""
        self._connection.execute(
            "INSERT OR IGNORE INTO state (name, value) VALUES (?, ?)", (_AWAY + identity, repr(now))
        )

    def note_there(self, identity: str) -> None:
        """Forget that a root was missed: it can be used."""
        self._connection.execute("DELETE FROM state WHERE name = ?", (_AWAY + identity,))

    def away_since(self, identity: str) -> float | None:
        """Return when a root was first missed, None where it was not, or nobody looked."""
        value = self._connection.value("SELECT value FROM state WHERE name = ?", (_AWAY + identity,))
        return None if value is None else float(value)

    def id_of(self, identity: str) -> int:
        """Return the number under which other tables know a root.

        Raises:
            LookupError: the root was never put.
        """
        try:
            return self._ids[identity]
        except KeyError:
            raise LookupError(f"the root {identity!r} is not known: it has to be put first") from None

    def identity_of(self, root_id: int) -> str:
        """Return the identity of the root with that number."""
        return self._identities[root_id]

    def _take_over(self, inner: RootInfo) -> None:
        """Give a root the files that a root around it held until now: a folder of it became a root of its own."""
        for identity, relative in self.paths.holders(inner.path):
            prefix = relative + b"/"
            values = {
                "inner": self.id_of(inner.identity),
                "outer": self.id_of(identity),
                "prefix": prefix,
                "end": relative + b"0",  # the byte after the slash: all that starts with the prefix sorts between
                "cut": len(prefix) + 1,
            }
            below = "root = :outer AND path >= :prefix AND path < :end"
            self._connection.execute(
                f"UPDATE OR IGNORE files SET root = :inner, path = substr(path, :cut) WHERE {below}",
                values,
            )
            self._connection.execute(f"DELETE FROM files WHERE {below}", values)

    def _read(self) -> None:
        rows = self._connection.rows("SELECT id, identity, path, is_current FROM roots")
        self._ids = {row["identity"]: row["id"] for row in rows}
        self._identities = {row["id"]: row["identity"] for row in rows}
        self.paths.set_roots((row["identity"], Path(os.fsdecode(row["path"])), bool(row["is_current"])) for row in rows)


def _root(row: Row) -> RootInfo:
    return RootInfo(
        identity=row["identity"],
        path=Path(os.fsdecode(row["path"])),
        role=Role(row["role"]),
        dev=int(row["dev"]),
        ino=int(row["ino"]),
        filesystem=row["filesystem"],
        is_indexed=bool(row["is_indexed"]),
    )
