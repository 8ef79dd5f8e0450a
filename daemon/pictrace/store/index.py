"""What is known of the folders: index.db, a cache that can be rebuilt from them."""

# ruff: noqa: S608 – statements are put together from our own constants; values go in as parameters

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from pictrace.errors import shown
from pictrace.model import Relation
from pictrace.store.connection import Connection, DamagedError
from pictrace.store.entries import Entries
from pictrace.store.files import Files
from pictrace.store.findings import Findings
from pictrace.store.index_schema import MIGRATIONS
from pictrace.store.opening import Kind, move_aside, open_file, read_file, size_on_disk
from pictrace.store.photos import Photos
from pictrace.store.problems import Problems
from pictrace.store.roots import Roots
from pictrace.store.vectors import Vectors

log = logging.getLogger(__name__)

INDEX = Kind(
    name="index.db",
    synchronous="NORMAL",
    migrations=MIGRATIONS,
    if_damaged="the next `pictrace watch` or `pictrace scan` moves it aside and reads the folders again",
    # Not the parts: they are most of the file, and going through them would take minutes on a large library.
    checked=("roots", "files", "photos", "entries", "findings"),
)

_SECONDS_KEPT = 30 * 86400.0
_FINGERPRINTED = "fingerprinted"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStatus:
    """What the index holds now.

    ``photos`` are contents that a present file holds, ``undecodable`` those of them that are no picture we can decode.
    ``findings`` counts by relation, ``same-bytes`` included. ``fingerprinted``: how often a photo was, since the index
    was made. ``last_finding_at``: wall-clock seconds since 1970.
    """

    photos: int
    files: int
    undecodable: int
    findings: dict[str, int]
    bytes_on_disk: int
    last_finding_at: float | None
    fingerprinted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What was forgotten because it is gone for long: how many files, and the ids of the photos."""

    files: int
    photo_ids: tuple[int, ...]


class Index:
    """index.db, in parts: roots, files, photos, entries, vectors, findings, problems. Used from one thread only."""

    def __init__(self, connection: Connection, *, wall_clock: Callable[[], float] = time.time) -> None:
        self._connection = connection
        self.fingerprinted_this_run = 0
        self.roots = Roots(connection)
        self.problems = Problems(connection, self.roots)
        self.files = Files(connection, self.roots, self.problems)
        self.photos = Photos(connection)
        self.entries = Entries(connection, self.photos)
        self.vectors = Vectors(connection, self.photos)
        self.findings = Findings(connection, self.photos, wall_clock=wall_clock)

    @classmethod
    def open(cls, state: Path, *, wall_clock: Callable[[], float] = time.time) -> Self:
        """Open the index of a state folder to be read and written; made where it is missing.

        A damaged one is moved aside to ``index.db.broken-N`` and a new one begun, with a warning.

        Raises:
            StoreError: it cannot be used now, or was written by a newer PicTrace.
        """
        try:
            connection = open_file(state, INDEX)
        except DamagedError as problem:
            path = state / INDEX.name
            aside = move_aside(path)
            log.warning("%s: damaged, moved to %s; the folders are read again", shown(path), shown(aside))
            log.debug("%s", problem)
            connection = open_file(state, INDEX)
        return cls(connection, wall_clock=wall_clock)

    @classmethod
    def read(cls, state: Path) -> Self:
        """Open the index to be read only, beside a running daemon; one that does not exist reads as empty.

        Raises:
            StoreError: it cannot be read, is damaged, or has another schema than this code.
        """
        return cls(read_file(state, INDEX))

    def __enter__(self) -> Self:
        """Return the index; leaving closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the index."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def require_in_place(self) -> None:
        """Look whether the file is still at its place.

        Raises:
            StoreError: it was removed or replaced.
        """
        self._connection.require_in_place()

    def check(self) -> None:
        """Look for damage, but for the parts of the fingerprints, which would take minutes on a large library.

        Raises:
            DamagedError: some was found.
        """
        self._connection.check(INDEX.checked)

    @property
    def state(self) -> Path:
        """The state folder that it lies in."""
        return self._connection.path.parent

    @property
    def changes(self) -> int:
        """How many rows were written since it was opened: while that stays, what was read holds."""
        return self._connection.changes

    def batch(self) -> AbstractContextManager[None]:
        """Group what is written inside into one commit; what was whole before an error stays."""
        return self._connection.batch()

    def snapshot(self) -> AbstractContextManager[None]:
        """Have all that is read inside be of one moment; nothing may be written inside."""
        return self._connection.snapshot()

    def count_fingerprinted(self) -> None:
        """Count one photo that was fingerprinted, over the life of the index and in this run."""
        self.fingerprinted_this_run += 1
        self._connection.execute(
            "INSERT INTO counters (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1",
            (_FINGERPRINTED,),
        )

    def status(self) -> IndexStatus:
        """Return what the index holds now."""
        present = "FROM files JOIN roots ON roots.id = files.root AND roots.is_current WHERE files.state = 'present'"
        value = self._connection.value
        return IndexStatus(
            photos=value(f"SELECT COUNT(DISTINCT content_hash) {present}"),
            files=value(f"SELECT COUNT(*) {present}"),
            undecodable=value(
                "SELECT COUNT(*) FROM photos WHERE state = 'undecodable' "
                f"AND content_hash IN (SELECT content_hash {present})"
            ),
            findings=self._count_findings(),
            bytes_on_disk=size_on_disk(self._connection.path),
            last_finding_at=self._last_finding_at(),
            fingerprinted=value("SELECT value FROM counters WHERE name = ?", (_FINGERPRINTED,)) or 0,
        )

    def is_pair(self, a: bytes, b: bytes) -> bool:
        """Return whether two contents are related to nothing else, and lie in two files together."""
        files = sum(len(self.files.files_of(content_hash)) for content_hash in {a, b})
        return files <= 2 and self.findings.count_around(a, b) <= 1

    def count_also_in(self, root: str) -> int:
        """Return how many photos elsewhere are copies of photos in a root, or equal to them."""
        copies = ", ".join(f"'{relation.value}'" for relation in Relation if relation.is_copy)
        sure = f"findings.relation IN ({copies}) AND findings.certainty <> 'suspected'"
        sql = (
            "WITH inside AS (SELECT content_hash FROM files WHERE root = :root AND state = 'present'), "
            "outside AS (SELECT content_hash FROM files JOIN roots ON roots.id = files.root AND roots.is_current "
            "WHERE files.root <> :root AND files.state = 'present'), "
            "pairs AS (SELECT a.content_hash AS file, b.content_hash AS other FROM findings "
            f"JOIN photos AS a ON a.id = findings.file JOIN photos AS b ON b.id = findings.other WHERE {sure}) "
            "SELECT COUNT(*) FROM (SELECT content_hash FROM outside INTERSECT SELECT content_hash FROM inside "
            "UNION SELECT file FROM pairs WHERE file IN outside AND other IN inside "
            "UNION SELECT other FROM pairs WHERE other IN outside AND file IN inside)"
        )
        return int(self._connection.value(sql, {"root": self.roots.id_of(root)}))

    def prune(self, now: float) -> Pruned:
        """Forget files that are missing, and photos that no file holds, for 30 days; returns what went.

        Args:
            now: wall-clock seconds since 1970.
        """
        held = "content_hash IN (SELECT content_hash FROM files)"
        old = "orphaned_at < :before AND NOT " + held
        params = {"before": now - _SECONDS_KEPT, "now": now}
        execute = self._connection.execute
        with self._connection.atomic():
            files = execute("DELETE FROM files WHERE state = 'missing' AND missed_since < :before", params)
            execute(f"UPDATE photos SET orphaned_at = NULL WHERE orphaned_at IS NOT NULL AND {held}")
            execute(f"UPDATE photos SET orphaned_at = :now WHERE orphaned_at IS NULL AND NOT {held}", params)
            ids = tuple(row["id"] for row in self._connection.rows(f"SELECT id FROM photos WHERE {old}", params))
            execute(f"DELETE FROM photos WHERE {old}", params)
        return Pruned(files=files, photo_ids=ids)

    def _count_findings(self) -> dict[str, int]:
        rows = self._connection.rows("SELECT relation, COUNT(*) AS count FROM findings GROUP BY relation")
        counts = {row["relation"]: row["count"] for row in rows}
        # Two names of one inode are one file.
        twins = self._connection.value(
            "SELECT TOTAL(names - 1) FROM (SELECT COUNT(DISTINCT files.dev || ':' || files.ino) AS names FROM files "
            "JOIN roots ON roots.id = files.root AND roots.is_current "
            "WHERE files.state = 'present' GROUP BY content_hash)"
        )
        counts[Relation.SAME_BYTES.value] = int(twins)
        return {relation.value: counts[relation.value] for relation in Relation if counts.get(relation.value)}

    def _last_finding_at(self) -> float | None:
        found: float | None = self._connection.value(
            "SELECT MAX(at) FROM (SELECT MAX(found_at) AS at FROM findings UNION ALL "
            "SELECT MAX(later.first_seen) FROM files AS later WHERE later.state = 'present' AND EXISTS (SELECT 1 FROM "
            "files AS earlier WHERE earlier.content_hash = later.content_hash AND earlier.id < later.id))"
        )
        return found
