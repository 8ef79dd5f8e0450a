"""Which path holds which photo."""

# ruff: noqa: S608 – statements are put together from our own constants; values go in as parameters

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pictrace.model import FileState, PhotoFile, StatKey
from pictrace.store.connection import Connection, Row
from pictrace.store.problems import Problems
from pictrace.store.roots import Roots
from pictrace.store.values import number

# A file is missing when so many complete scans in a row, over so long a time, have not seen it: one scan can fall
# into a moment in which a program replaces the file.
_SCANS_UNTIL_MISSING = 2
_SECONDS_UNTIL_MISSING = 600.0

_ROWS_AT_ONCE = 1000

_SELECT = "SELECT files.* FROM files JOIN roots ON roots.id = files.root AND roots.is_current"
_PRESENT = "files.state = 'present'"
_KEY = "dev = :dev AND ino = :ino AND size_bytes = :size_bytes AND mtime_ns = :mtime_ns AND ctime_ns = :ctime_ns"
_SET_KEY = _KEY.replace(" AND ", ", ")


class KnownFile(NamedTuple):
    """What a scan has to know of a file; ``key`` has the fields of its stat key in their order.

    A tuple, because there are a hundred thousand of them in each scan. ``is_there``: no scan has missed it.
    """

    name: bytes
    key: tuple[int, ...]
    is_there: bool


class Files:
    """The table of files. A row's id stays while the file is moved, and changes with its content."""

    def __init__(self, connection: Connection, roots: Roots, problems: Problems) -> None:
        self._connection = connection
        self._roots = roots
        self._problems = problems

    def put_file(  # noqa: PLR0913 – the fields of a row, each by its name
        self, *, root: str, path: Path, key: StatKey, content_hash: bytes, first_seen: float, is_arrival: bool
    ) -> PhotoFile:
        """Remember what a path holds now, and return its row.

        The same content at the same path keeps its id, first_seen and is_arrival. Another content there is another
        file, which became known now; so is one that was missing or put away and lands again.

        Raises:
            LookupError: the root is not known, or does not hold the path.
        """
        values = {
            **_key_columns(key),
            "root": self._roots.id_of(root),
            "path": self._roots.paths.relative(root, path),
            "content_hash": content_hash,
            "first_seen": first_seen,
            "is_arrival": is_arrival,
        }
        with self._connection.atomic():
            before = self._row_at(path)
            if before is None or before["content_hash"] != content_hash or before["state"] != FileState.PRESENT:
                self._delete(path)
                row_id = self._connection.insert(
                    "INSERT INTO files (root, path, dev, ino, size_bytes, mtime_ns, ctime_ns, content_hash, "
                    "first_seen, is_arrival, state) VALUES (:root, :path, :dev, :ino, :size_bytes, "
                    ":mtime_ns, :ctime_ns, :content_hash, :first_seen, :is_arrival, 'present')",
                    values,
                )
            else:
                row_id = before["id"]
                self._place(row_id, values)
            self._clear_problem(path, content_hash)
        return self._by_id(row_id)

    def file_at(self, path: Path) -> PhotoFile | None:
        """Return what is known of a path, whatever its state."""
        row = self._row_at(path)
        return None if row is None else self._file(row)

    def files_with_key(self, key: StatKey) -> list[PhotoFile]:
        """Return what is known with exactly this stat key, whatever its state: one file under names it has or had."""
        sql = f"{_SELECT} WHERE files.ino = :ino AND files.mtime_ns = :mtime_ns ORDER BY files.id"
        return [file for file in self._files(sql, _key_columns(key)) if file.key == key]

    def files_of(self, content_hash: bytes) -> list[PhotoFile]:
        """Return the files that hold a photo and are present, in the order in which they became known."""
        return self._files(f"{_SELECT} WHERE {_PRESENT} AND files.content_hash = ? ORDER BY files.id", (content_hash,))

    def files(self, root: str | None = None) -> Iterator[PhotoFile]:
        """Yield the files that are present, in one root or in all, in the order in which they became known."""
        sql = (
            f"{_SELECT} WHERE {_PRESENT} AND files.id > :after AND (:root IS NULL OR files.root = :root) "
            "ORDER BY files.id LIMIT :size"
        )
        params = {"root": None if root is None else self._roots.id_of(root)}
        return map(self._file, self._connection.pages(sql, params))

    def count(self, root: str) -> int:
        """Return how many files of a root are present."""
        sql = "SELECT COUNT(*) FROM files WHERE root = ? AND state = 'present'"
        return int(self._connection.value(sql, (self._roots.id_of(root),)))

    def undecided(self) -> Iterator[PhotoFile]:
        """Yield the present files whose findings nobody answered yet: the daemon stopped before that."""
        sql = f"{_SELECT} WHERE {_PRESENT} AND files.is_decided = 0 AND files.id > :after ORDER BY files.id LIMIT :size"
        return map(self._file, self._connection.pages(sql, {}))

    def unjudged(
        self,
        *,
        matcher_version: int,
        entries_version: int,
        fingerprint_versions: Mapping[str, int],
        vector_version: int | None = None,
    ) -> Iterator[PhotoFile]:
        """Yield the present files whose photo an older PicTrace described or compared, or that waits for another disk.

        And those in archives of which no preview is kept yet.

        Args:
            matcher_version, entries_version, fingerprint_versions: what is current.
            vector_version: so is this; None: no vectors are wanted.
        """
        sql = (
            f"{_SELECT} JOIN photos ON photos.content_hash = files.content_hash "
            "LEFT JOIN entries ON entries.photo = photos.id LEFT JOIN vectors ON vectors.photo = photos.id "
            f"WHERE {_PRESENT} AND photos.phashes IS NOT NULL AND files.id > :after "
            "AND (photos.judged_version IS NOT :matcher OR entries.version IS NOT :entries "
            "OR photos.versions IS NOT :versions OR (:vectors IS NOT NULL AND "
            "vectors.version IS NOT :vectors) OR (roots.role = 'archive' AND EXISTS (SELECT 1 FROM parts "
            "WHERE parts.photo = photos.id AND typeof(parts.preview) = 'null'))) ORDER BY files.id LIMIT :size"
        )
        versions = json.dumps(dict(fingerprint_versions))
        params = {
            "matcher": matcher_version,
            "entries": entries_version,
            "versions": versions,
            "vectors": vector_version,
        }
        return map(self._file, self._connection.pages(sql, params))

    def set_decided(self, file_id: int) -> None:
        """Remember that the findings of a file were answered."""
        self._connection.execute("UPDATE files SET is_decided = 1 WHERE id = ?", (file_id,))

    def move_file(self, old: Path, new: Path, *, root: str, key: StatKey) -> PhotoFile:
        """Remember that a file has another path now; all that is known of it stays, and what was at ``new`` goes.

        Raises:
            LookupError: nothing is known of the old path, or the root does not hold the new one.
        """
        values = {
            **_key_columns(key),
            "root": self._roots.id_of(root),
            "path": self._roots.paths.relative(root, new),
        }
        with self._connection.atomic():
            row = self._row_at(old)
            if row is None:
                raise LookupError(f"nothing is known of {old!r}")
            if new != old:
                self._delete(new)
            self._place(row["id"], values)
            self._problems.clear(old)
        return self._by_id(row["id"])

    def mark(self, path: Path, state: FileState) -> None:
        """Remember another state of a path; nothing happens where the path is not known."""
        row = self._row_at(path)
        if row is not None:
            self._connection.execute("UPDATE files SET state = ? WHERE id = ?", (state, row["id"]))

    def forget(self, path: Path) -> None:
        """Forget a path and its problem; the photo it held stays known."""
        with self._connection.atomic():
            self._delete(path)
            self._problems.clear(path)

    def was_missed(self, file: PhotoFile) -> bool:
        """Return whether the last complete scan did not see a file."""
        return bool(self._connection.value("SELECT missed_since IS NOT NULL FROM files WHERE id = ?", (file.id,)))

    def in_order(self, root: str) -> Iterator[KnownFile]:
        """Yield what is known of a root, in the order of the names' bytes; what lies in quarantine is left out."""
        sql = (
            "SELECT path, dev, ino, size_bytes, mtime_ns, ctime_ns, state = 'present' AND missed_since IS NULL "
            "FROM files WHERE root = ? AND path > ? AND state <> 'quarantined' ORDER BY path LIMIT ?"
        )
        after, root_id = b"", self._roots.id_of(root)
        while rows := self._connection.rows(sql, (root_id, after, _ROWS_AT_ONCE)):
            for row in rows:
                yield KnownFile(name=row[0], key=tuple(map(int, row[1:6])), is_there=bool(row[6]))
            after = rows[-1][0]

    def note_scan(self, root: str, *, missed: Iterable[bytes], found: Iterable[bytes], now: float) -> list[PhotoFile]:
        """Take note of what a complete scan of a usable root saw; returns the files that count as missing from now on.

        A file becomes missing when two scans at least ten minutes apart have not seen it, and present again when one
        does. Never call this for a scan that was cut short or that met an unreadable folder.

        Args:
            root: identity of the root.
            missed: files that are known and were not seen, by their names relative to the root.
            found: files that an earlier scan missed, and that are there unchanged.
            now: wall-clock seconds since 1970.
        """
        missing: list[int] = []
        with self._connection.batch():
            for name in missed:
                row = self._row(root, name)
                if row is not None and (row["state"] == FileState.PRESENT or row["missed_since"] is None):
                    missing += [row["id"]] if self._miss(row, now) else []
            for name in found:
                row = self._row(root, name)
                if row is not None:
                    self._find_again(row)
            return [self._by_id(row_id) for row_id in missing]

    def _miss(self, row: Row, now: float) -> bool:
        """Count one more scan that did not see a file; returns whether it is missing now."""
        count, since = row["missed_scans"] + 1, row["missed_since"]
        if since is None or since > now:  # a clock that was set back must not shorten the wait
            count, since = 1, now
        is_missing = bool(count >= _SCANS_UNTIL_MISSING and now - since >= _SECONDS_UNTIL_MISSING)
        if is_missing:
            self._connection.execute("UPDATE files SET state = 'missing' WHERE id = ?", (row["id"],))
        self._set_missed(row["id"], count, since)
        return is_missing

    def _find_again(self, row: Row) -> None:
        """Take back what earlier scans noted of a file that is there after all."""
        if row["missed_scans"] or row["state"] != FileState.PRESENT:
            self._connection.execute("UPDATE files SET state = 'present' WHERE id = ?", (row["id"],))
            self._set_missed(row["id"], 0, None)

    def _set_missed(self, row_id: int, count: int, since: float | None) -> None:
        sql = "UPDATE files SET missed_scans = ?, missed_since = ? WHERE id = ?"
        self._connection.execute(sql, (count, since, row_id))

    def _place(self, row_id: int, values: dict[str, Any]) -> None:  # Any: columns of every type
        """Put a row at a path with a stat key; one that was missing is to be judged again."""
        self._connection.execute(
            "UPDATE files SET root = :root, path = :path, is_decided = is_decided AND state = 'present', "
            f"state = 'present', missed_scans = 0, missed_since = NULL, {_SET_KEY} WHERE id = :id",
            {**values, "id": row_id},
        )

    def _clear_problem(self, path: Path, content_hash: bytes) -> None:
        sql = "SELECT 1 FROM photos WHERE content_hash = ? AND state = 'undecodable'"
        if self._connection.row(sql, (content_hash,)) is None:
            self._problems.clear(path)

    def _delete(self, path: Path) -> None:
        row = self._row_at(path)
        if row is not None:
            self._connection.execute("DELETE FROM files WHERE id = ?", (row["id"],))

    def _row_at(self, path: Path) -> Row | None:
        for identity, relative in self._roots.paths.holders(path):
            row = self._row(identity, relative)
            if row is not None:
                return row
        return None

    def _row(self, root: str, name: bytes) -> Row | None:
        sql = "SELECT * FROM files WHERE root = ? AND path = ?"
        return self._connection.row(sql, (self._roots.id_of(root), name))

    def _by_id(self, row_id: int) -> PhotoFile:
        return self._files("SELECT * FROM files WHERE id = ?", (row_id,))[0]

    def _files(self, sql: str, params: Any) -> list[PhotoFile]:  # Any: positional or named
        return [self._file(row) for row in self._connection.rows(sql, params)]

    def _file(self, row: Row) -> PhotoFile:
        root = self._roots.identity_of(row["root"])
        return PhotoFile(
            id=row["id"],
            root=root,
            path=self._roots.paths.absolute(root, row["path"]),
            key=StatKey(**{name: int(row[name]) for name in StatKey.__slots__}),
            content_hash=row["content_hash"],
            first_seen=row["first_seen"],
            is_arrival=bool(row["is_arrival"]),
            state=FileState(row["state"]),
        )


def _key_columns(key: StatKey) -> dict[str, int | str]:
    return {name: number(getattr(key, name)) for name in StatKey.__slots__}
