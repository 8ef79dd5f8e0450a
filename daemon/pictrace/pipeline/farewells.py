"""Makes tombstones: of what is purged, just before its file goes, and of what a person refuses."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from pictrace.errors import ActError, PhotoError
from pictrace.fingerprint import WorkerPool, hash_file
from pictrace.imaging.preview import MOST_BYTES
from pictrace.match import remains_of
from pictrace.model import Change, Farewell, PhotoFile, Remains, Tombstone
from pictrace.pipeline.lookup import describe_in
from pictrace.store import Index, Journal

log = logging.getLogger(__name__)


class Farewells:
    """Remembers photos that go for good. Their pictures are looked at in a worker process, begun with the first.

    Args:
        index: what is known of photos.
        journal: where tombstones are kept.
        living: the files that hold a content now.
        wall_clock: seconds since 1970.
    """

    def __init__(
        self,
        *,
        index: Index,
        journal: Journal,
        living: Callable[[bytes], list[PhotoFile]],
        wall_clock: Callable[[], float],
    ) -> None:
        self._index = index
        self._journal = journal
        self._living = living
        self._wall_clock = wall_clock
        self._pool: WorkerPool | None = None

    def __enter__(self) -> Farewells:
        """Return itself; leaving ends the worker, and drops the previews of what went long ago."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the worker, and drop previews beyond those that are kept."""
        if self._pool is not None:
            self._pool.close()
            self._journal.tombstones.drop_old_previews()

    @contextmanager
    def of_purged(self, change: Change) -> Iterator[None]:
        """Have what happens inside purge a photo, and remember it; where that fails, it is not remembered.

        Written before the file goes. A tombstone counts only while the journal says that its change was purged, so a
        stop at any moment leaves none of a photo that is there.
        """
        if change.target is None or change.details.get("companion"):
            yield
            return
        before = self._journal.tombstones.of_content(change.content_hash)
        self._journal.tombstones.put(
            Tombstone(
                content_hash=change.content_hash,
                farewell=Farewell.PURGED,
                made_at=self._wall_clock(),
                name=change.source.name,
                keeper_hash=change.keeper_hash,
                remains=self._remains(change.target),
                purge=change.id,
            )
        )
        try:
            yield
        except (ActError, OSError):
            if before is None:
                self._journal.tombstones.forget(change.content_hash)
            else:
                self._journal.tombstones.put(before)
            raise

    def refuse(self, path: Path) -> Tombstone:
        """Remember that a person does not want a photo again; nothing is done to its file.

        What was found to be the same photo and is there now counts as kept in its place.

        Raises:
            PhotoError: the file cannot be read.
        """
        content_hash = hash_file(path)[0]
        stone = Tombstone(
            content_hash=content_hash,
            farewell=Farewell.REFUSED,
            made_at=self._wall_clock(),
            name=path.name,
            keeper_hash=self._kept_for(content_hash, path),
            remains=self._remains(path),
        )
        self._journal.tombstones.put(stone)
        return stone

    def _kept_for(self, content_hash: bytes, path: Path) -> bytes | None:
        """Return the content that stays where a photo is refused: an equal file, or the surest copy."""
        if any(row.path != path for row in self._living(content_hash)):
            return content_hash
        for finding in self._index.findings.with_photo(content_hash):
            other = finding.other if finding.file == content_hash else finding.file
            if finding.match.is_sure_copy and self._living(other):
                return other
        return None

    def _remains(self, path: Path) -> Remains:
        """Return what to keep of a photo; only its hash is known of what cannot be looked at."""
        pool = self._started()
        try:
            fingerprint = describe_in(pool, path).fingerprint
            if fingerprint is None:
                return Remains()
            remains: Remains = pool.submit(remains_of, path, fingerprint.phashes).result()
        except PhotoError as problem:
            log.warning("it will be recognized by its bytes alone: %s", problem)
            return Remains()
        if remains.preview is not None and len(remains.preview) > MOST_BYTES:
            return Remains(phashes=fingerprint.phashes, pixel_hash=remains.pixel_hash, metadata=remains.metadata)
        return remains

    def _started(self) -> WorkerPool:
        if self._pool is None:
            self._pool = WorkerPool(1)
            self._pool.start()
        return self._pool
