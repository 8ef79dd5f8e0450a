"""Reads findings between files off findings between photos, and prepares what the rules look at."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path

from pictrace.decide import Facts, SideFacts
from pictrace.model import PhotoFile, RootState
from pictrace.pipeline.events import SAME_BYTES, FileFinding
from pictrace.pipeline.library import Library
from pictrace.pipeline.units import Units
from pictrace.store import Index

_SECONDS_PER_DAY = 86400


class Findings:
    """Answers which findings a file is part of, as the later known of the two."""

    def __init__(self, *, library: Library, index: Index) -> None:
        self._library = library
        self._index = index
        self.units = Units(library=library, index=index)

    def of_file(self, file: PhotoFile) -> Iterator[FileFinding]:
        """Yield the findings of a file against files known earlier.

        A file whose bytes are there already has that one finding; how the content relates to others is told once, for
        its earliest file. Two names of one inode are one file. Empty files hold no photo, and are copies of nothing:
        often somebody is about to write into them.
        """
        if file.key.size_bytes == 0:
            return
        living = self._library.living(file.content_hash)
        if all(row.path != file.path for row in living):
            return
        earlier = living[: next((n for n, row in enumerate(living) if row.path == file.path), 0)]
        if any(_is_same_file(row, file) for row in earlier):
            return
        if earlier:
            yield FileFinding(file=file, other=earlier[0], match=SAME_BYTES)
            return
        for finding in self._index.findings.of_photo(file.content_hash):
            others = self._library.living(finding.other)
            if others and not _is_same_file(others[0], file):
                yield FileFinding(file=file, other=others[0], match=finding.match, id=finding.id)

    def is_living(self, file: PhotoFile) -> bool:
        """Return whether a file is in an open root now, unchanged."""
        return self._library.is_living(file)

    def is_gone(self, file: PhotoFile) -> bool:
        """Return whether nothing is at a file's path, in a root that can be used."""
        return self._library.is_gone(file)

    def root_state(self, path: Path) -> RootState:
        """Return whether the root that holds a path can be used now."""
        root = self._library.root_of(path)
        return RootState.MISSING if root is None else self._library.state(root.identity)

    def among(self, folders: Iterable[Path]) -> Iterator[FileFinding]:
        """Yield every finding whose later file lies in one of the folders and is there now."""
        tops = tuple(folders)
        for file in self._index.files.files():
            if any(file.path.is_relative_to(top) for top in tops) and self._library.is_living(file):
                yield from self.of_file(file)

    def facts(self, finding: FileFinding, *, now: float, is_backlog_allowed: bool) -> Facts:
        """Return what the rules may look at.

        Args:
            finding: the finding.
            now: wall-clock seconds since 1970, for ages.
            is_backlog_allowed: whether photos that were there before may be acted on.
        """
        return Facts(
            file=self._side(finding.file, now),
            other=self._side(finding.other, now),
            match=finding.match,
            is_backlog_allowed=is_backlog_allowed,
        )

    def _side(self, file: PhotoFile, now: float) -> SideFacts:
        root = self._library.root_of(file.path)
        if root is None:
            raise LookupError(f"{file.path} lies in no root")
        photo = self._index.photos.photo(file.content_hash, with_parts=False)
        metadata = None if photo is None else photo.metadata
        captured_at = None if metadata is None else metadata.captured_at
        return SideFacts(
            path=file.path,
            relative=file.path.relative_to(root.path).as_posix(),
            root=root.path,
            role=root.role,
            content_hash=file.content_hash,
            size_bytes=file.key.size_bytes,
            mtime_ns=file.key.mtime_ns,
            first_seen=file.first_seen,
            is_arrival=file.is_arrival,
            metadata=metadata,
            age_days=_age_days(captured_at, file.key.mtime_ns, now),
        )


def _is_same_file(a: PhotoFile, b: PhotoFile) -> bool:
    return (a.key.dev, a.key.ino) == (b.key.dev, b.key.ino)


def _age_days(captured_at: str | None, mtime_ns: int, now: float) -> float:
    """Return days since the photo was taken, or since the file was written where that is not known."""
    taken = mtime_ns / 1e9
    if captured_at is not None:
        with contextlib.suppress(ValueError):
            taken = datetime.datetime.fromisoformat(captured_at).timestamp()
    return max(0.0, (now - taken) / _SECONDS_PER_DAY)
