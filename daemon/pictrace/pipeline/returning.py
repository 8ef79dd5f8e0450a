"""Recognizes photos that went for good, when they return."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pictrace.errors import PhotoError
from pictrace.match import shows
from pictrace.match.candidates import MAX_PHASH_DISTANCE
from pictrace.model import Change, ChangeKind, ChangeState, PhotoFile, Relation, Role, Tombstone
from pictrace.pipeline.events import FileFinding
from pictrace.pipeline.library import Library
from pictrace.pipeline.scheduler import Task, Until
from pictrace.store import Index, Journal

log = logging.getLogger(__name__)

# So many are looked at closely, the nearest first.
_MOST_TRIED: Final = 5


class Returns:
    """Holds what lands against the tombstones.

    Args:
        library: which files are there.
        index: what is known of photos.
        journal: the tombstones; asked each time, because `purge` and `refuse` run beside a daemon.
    """

    def __init__(self, *, library: Library, index: Index, journal: Journal) -> None:
        self._library = library
        self._index = index
        self._journal = journal
        self._stones = journal.tombstones

    @property
    def is_idle(self) -> bool:
        """Whether nothing ever went, so that nothing can return."""
        return self._stones.is_empty()

    def look_at(self, file: PhotoFile) -> Generator[Task | Until, Any, None]:
        """Find out whether a file that arrived shows what went, and remember it; reads the file for those near it."""
        photo = self._index.photos.photo(file.content_hash, with_parts=False) if file.is_arrival else None
        if photo is None or photo.fingerprint is None or photo.metadata is None:
            return
        for stone in self._near(photo.fingerprint.phashes, but=photo.content_hash):
            try:
                is_shown: bool = yield Task(shows, (file.path, photo.metadata, stone.remains))
            except PhotoError as problem:
                log.warning("not held against what went: %s", problem)
                continue
            if is_shown:
                self._stones.note_return(photo.content_hash, stone)

    def returned(self, finding: FileFinding) -> bool | None:
        """Return whether a file of a finding went before, and what was kept in its place is there.

        The kept copy has to be the other file, or a copy of it. None where nothing was kept or what was kept is not
        there, and for what was there when its root was first indexed: whether that ever went nobody can tell.
        """
        sides = [(finding.file, finding.other)]
        if finding.other.id > finding.file.id:
            # Its content was known first, and went; the file landed after the one that was kept.
            sides.append((finding.other, finding.file))
        answers = {self._answer(stone, file, other) for file, other in sides for stone in self.stones_of(file)}
        return True if True in answers else None if None in answers else False

    def alone(self, file: PhotoFile) -> Tombstone | None:
        """Return why a file went before, where it arrived again and nothing is there that was kept in its place."""
        stones = self.stones_of(file) if file.is_arrival else []
        if any(self._kept(stone, file) for stone in stones):
            return None
        return stones[0] if stones else None

    def stones_of(self, file: PhotoFile) -> list[Tombstone]:
        """Return the tombstones of what a file shows, those of its very bytes first.

        Not those made while it was there, nor those of which it is the kept copy, nor those of what a person took back
        out of quarantine since: that he wants.
        """
        if self.is_idle:
            return []
        content = file.content_hash
        exact = self._stones.of_content(content)
        shown = [stone for stone in self._shown_by(content) if stone.keeper_hash != content]
        stones = {stone.content_hash: stone for stone in ([] if exact is None else [exact]) + shown}
        last_undone = max((one.id for one in self._journal.changes_of(content) if _is_taken_back(one)), default=0)
        return [
            stone for stone in stones.values() if stone.made_at <= file.first_seen and stone.after_change >= last_undone
        ]

    def _shown_by(self, content_hash: bytes) -> Iterator[Tombstone]:
        """Yield the tombstones of what a content was found to be a copy of, when it landed or long before."""
        yield from self._stones.shown_by(content_hash)
        area = self._area(content_hash)
        for finding in self._index.findings.with_photo(content_hash):
            is_equal = finding.match.relation in (Relation.SAME_PIXELS, Relation.RENDITION)
            if is_equal and finding.match.is_sure_copy:
                other = finding.other if finding.file == content_hash else finding.file
                stone = self._stones.of_content(other)
                if stone is not None and area <= self._area(other):
                    yield stone

    def _answer(self, stone: Tombstone, file: PhotoFile, other: PhotoFile) -> bool | None:
        kept = self._kept(stone, file)
        if not kept and stone.keeper_hash == file.content_hash:
            return False  # it is itself what was kept
        if not kept or not file.is_arrival:
            return None
        return any(self._is_copy(row.content_hash, other.content_hash) for row in kept)

    def _kept(self, stone: Tombstone, file: PhotoFile) -> list[PhotoFile]:
        """Return the files that hold what was kept in place of a photo, but for the file itself and archives."""
        if stone.keeper_hash is None:
            return []
        rows = self._library.living(stone.keeper_hash)
        return [row for row in rows if not row.is_same_file(file) and not self._is_archived(row)]

    def _is_archived(self, file: PhotoFile) -> bool:
        root = self._library.root_of(file.path)
        return root is None or root.role is Role.ARCHIVE

    def _is_copy(self, a: bytes, b: bytes) -> bool:
        found = None if a == b else self._index.findings.finding(a, b)
        return a == b if found is None else found.match.is_sure_copy

    def _area(self, content_hash: bytes) -> int:
        photo = self._index.photos.photo(content_hash, with_parts=False)
        metadata = None if photo is None else photo.metadata
        return 0 if metadata is None else metadata.width_pixels * metadata.height_pixels

    def _near(self, phashes: bytes, *, but: bytes) -> list[Tombstone]:
        """Return the tombstones whose hash is near one of a photo's eight, the nearest first."""
        known = self._stones.hashes()
        if not known.contents:
            return []
        asked = np.frombuffer(phashes, ">u8").astype(np.uint64)
        upright = np.frombuffer(known.upright, ">u8").astype(np.uint64)
        distances: NDArray[np.uint8] = np.bitwise_count(upright[:, None] ^ asked[None, :]).min(axis=1)
        order = [n for n in np.argsort(distances, kind="stable") if distances[n] <= MAX_PHASH_DISTANCE]
        stones = (self._stones.of_content(known.contents[n]) for n in order if known.contents[n] != but)
        return [stone for stone in stones if stone is not None][:_MOST_TRIED]


def _is_taken_back(change: Change) -> bool:
    return change.state is ChangeState.UNDONE and change.kind is ChangeKind.QUARANTINE
