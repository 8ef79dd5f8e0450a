"""Compares a photo with those known before it that it may come from."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any, Final

from pictrace.errors import PhotoError, UndecodableError
from pictrace.match import KEPT_PREVIEW, MATCHER_VERSION, Candidate, CandidateIndex, compare, compare_kept
from pictrace.match.index import Vector
from pictrace.model import Match, Photo, Relation
from pictrace.pipeline.asking import Asking, asking, likely
from pictrace.pipeline.copy_search import CopySearch
from pictrace.pipeline.library import Library
from pictrace.pipeline.saved_candidates import fill, save
from pictrace.pipeline.scheduler import Scheduler, Task, Until
from pictrace.pipeline.suspects import looking_alike, suspected, suspects
from pictrace.pipeline.vectors import Vectors
from pictrace.store import Index

log = logging.getLogger(__name__)

MOST_CANDIDATES: Final = 20
# Adding a thousand photos takes a tenth of a second, and saving them not much longer.
_LEAST_SAVED: Final = 1000
_SAVED_SHARE: Final = 0.02
# Every photo has some that look alike to a network, and comparing each of them costs as much as any other comparison.
_MOST_ALIKE: Final = 3


class Judge:
    """Knows the candidate index, and turns candidates into findings.

    A photo is compared only with photos known earlier, so each pair is looked at once. It waits until those are judged
    themselves, so that it can be held against the head of their star instead of against each member.

    Args:
        library: the roots.
        index: what is known.
        scheduler: where the jobs run; needed to wake those that wait for a photo.
        vectors: of a network, as a further source of candidates.
    """

    def __init__(self, *, library: Library, index: Index, scheduler: Scheduler, vectors: Vectors | None = None) -> None:
        self._library = library
        self._vectors = vectors
        self._unlooked: set[int] = set()
        self._index = index
        self._scheduler = scheduler
        self._candidates = CandidateIndex()
        self._unsaved = 0
        self._unjudged: set[int] = set()

    def load(self) -> None:
        """Fill the candidate index from the store."""
        self._candidates, self._unsaved = fill(self._index, is_checked=True)
        if self._vectors is not None:
            self._candidates.add_vectors(self._vectors.all())

    def save_sometimes(self) -> None:
        """Save the candidate index, if so much is new that a start without that would take noticeably longer."""
        if self._unsaved >= max(_LEAST_SAVED, _SAVED_SHARE * len(self)):
            save(self._index, self._candidates)
            self._unsaved = 0

    def __len__(self) -> int:
        """Return how many photos can be found."""
        return len(self._candidates)

    @property
    def size_bytes(self) -> int:
        """How much memory the candidate index takes."""
        return self._candidates.size_bytes

    def learn(self, photo_id: int, phashes: bytes, entries: bytes) -> None:
        """Let a photo be found from now on, by what the index keeps of it."""
        self._candidates.add_stored([(photo_id, phashes, entries)])
        self._unsaved += 1

    def forget(self, photo_ids: Iterable[int]) -> None:
        """Compare with these photos no more: no file holds them for long."""
        for photo_id in photo_ids:
            self._candidates.remove(photo_id)

    def judge(self, content_hash: bytes, asked: Asking | None = None) -> Generator[Task | Until, Any, None]:
        """Compare a photo with its candidates and store what comes of it; nothing to do where that was done.

        Args:
            content_hash: which photo.
            asked: what it asks; None: to be computed, which reads the file once more.
        """
        photo = self._index.photos.photo(content_hash, with_parts=False)
        photo_id = self._index.photos.photo_id(content_hash)
        if photo is None or photo_id is None or photo.fingerprint is None:
            return
        vector = None if self._vectors is None else (yield from self._vector(photo, photo_id, self._vectors))
        while photo_id in self._unjudged:
            yield Until(("judged", photo_id))
        if self._index.photos.judged_version(content_hash) == MATCHER_VERSION:
            return
        self._unjudged.add(photo_id)
        try:
            is_whole = yield from self._compare_all(photo, photo_id, asked, vector)
            if is_whole:
                self._index.photos.set_judged(content_hash, MATCHER_VERSION)
        finally:
            self._unjudged.discard(photo_id)
            self._scheduler.release(("judged", photo_id))

    def _vector(self, photo: Photo, photo_id: int, vectors: Vectors) -> Generator[Task | Until, Any, Vector | None]:
        """Return a photo's vector, computed where none is kept, once those known earlier have theirs."""
        vector = vectors.kept(photo.content_hash)
        files = self._library.living(photo.content_hash)
        if vector is None and files:
            self._unlooked.add(photo_id)
            try:
                vector = yield from vectors.asked(files[0].path)
                if vector is not None:
                    vectors.put(photo.content_hash, vector)
                    self._candidates.add_vectors([(photo_id, vector)])
            finally:
                self._unlooked.discard(photo_id)
                self._scheduler.release(("looked", photo_id))
        # Each pair is looked at by the later one, which may be done first: two workers are at it.
        while earlier := [one for one in self._unlooked if one < photo_id]:
            yield Until(("looked", earlier[0]))
        return vector

    def _compare_all(
        self, photo: Photo, photo_id: int, asked: Asking | None, vector: Vector | None
    ) -> Generator[Task | Until, Any, bool]:
        """Compare with each candidate until a copy is found; returns False where a file could not be read.

        Such a photo is judged again at the next start, and when a disk is there again.
        """
        assert photo.fingerprint is not None  # noqa: S101 – for the type checker: the caller looked
        if asked is None:
            asked = yield from self._asking(photo)
        questions = None if asked is None else asked.questions
        # Twice as many: those known later are left out.
        found = self._candidates.query(photo.fingerprint.phashes, questions, limit=2 * MOST_CANDIDATES, vector=vector)
        found = [candidate for candidate in found if candidate.photo_id < photo_id]
        earlier = [one for one in found if one.distance is not None or one.votes][:MOST_CANDIDATES]
        older = self._index.findings.older(photo.content_hash, MATCHER_VERSION)
        search = CopySearch(known={finding.other for finding in older})
        yield from self._compare_with(photo, [one for one in earlier if one.distance is not None], search)
        search.begin_anew()
        voted = suspected(earlier)
        if asked is not None and voted and not search.is_over:
            ids: list[int] = yield Task(likely, (asked, suspects(self._index.photos.photo_by_id, voted)))
            by_id = {candidate.photo_id: candidate for candidate in voted}
            yield from self._compare_with(photo, [by_id[one] for one in ids], search)
        search.begin_anew()
        yield from self._compare_with(photo, looking_alike(found, _MOST_ALIKE), search)
        yield from self._compare_again(photo, search)
        return search.is_complete and bool(self._library.living(photo.content_hash))

    def _compare_again(self, photo: Photo, search: CopySearch) -> Generator[Task | Until, Any, None]:
        """Look again at all that an older matcher found, whether it is retrieved or not, and forget what is denied.

        What cannot be compared now, because the other file is away, stays as it was found.
        """
        for finding in self._index.findings.older(photo.content_hash, MATCHER_VERSION):
            other = self._index.photos.photo(finding.other, with_parts=False)
            if other is None or finding.id is None:
                continue
            if not self._library.living(other.content_hash):
                search.is_complete &= self._is_gone(other)
                continue
            if other.content_hash not in search.compared:
                yield from self._compare_one(photo, other, search)
            if search.compared.get(other.content_hash) is Relation.UNRELATED:
                self._index.findings.drop(finding.id)

    def _asking(self, photo: Photo) -> Generator[Task | Until, Any, Asking | None]:
        """Return what a photo asks that was described some time ago."""
        whole = self._index.photos.photo(photo.content_hash)
        files = self._library.living(photo.content_hash)
        if not files or whole is None or whole.fingerprint is None or whole.metadata is None:
            return None
        try:
            asked: Asking = yield Task(asking, (files[0].path, whole.fingerprint, whole.metadata, False))
        except PhotoError as problem:
            log.warning("only its hash is asked for: %s", problem)
            return None
        return asked

    def _compare_with(
        self, photo: Photo, candidates: list[Candidate], search: CopySearch
    ) -> Generator[Task | Until, Any, None]:
        """Compare with candidates, the best first, until the search is over."""
        for candidate in candidates:
            while candidate.photo_id in self._unjudged:
                yield Until(("judged", candidate.photo_id))
        yield from self._compare_each(photo, self._heads(candidates), search)

    def _compare_each(
        self, photo: Photo, others: Iterable[Photo], search: CopySearch
    ) -> Generator[Task | Until, Any, None]:
        for other in others:
            if search.is_over:
                return
            if other.content_hash not in search.compared:
                yield from self._compare_one(photo, other, search)

    def _compare_one(self, photo: Photo, other: Photo, search: CopySearch) -> Generator[Task | Until, Any, None]:
        try:
            match: Match | None = yield from self._compare(photo, other)
        except UndecodableError as problem:
            # The workers gave up on this pair. They would at every start again, so the photo counts as judged without.
            log.warning("not compared, and not tried again: %s", problem)
            search.count_failed()
            return
        if match is None:
            search.is_complete &= self._is_gone(other)
            return
        is_told = search.count(other.content_hash, match)
        if KEPT_PREVIEW in match.evidence:
            search.is_complete = False  # once the disk is there, the file itself is looked at
        if is_told:
            self._index.findings.put_finding(photo.content_hash, other.content_hash, match)

    def _heads(self, candidates: list[Candidate]) -> list[Photo]:
        """Return what to compare with, nearest first: the heads of stars before their members, each photo once.

        The members stay in the list, behind: a copy of an edited copy may be verified against that one only.
        """
        heads: dict[bytes, Photo] = {}
        members: dict[bytes, Photo] = {}
        for candidate in candidates:
            photo = self._index.photos.photo_by_id(candidate.photo_id, with_parts=False)
            if photo is None:
                continue
            head_hash = self._index.findings.hub_of(photo.content_hash)
            head = None if head_hash is None else self._index.photos.photo(head_hash, with_parts=False)
            if head is None or not self._library.living(head.content_hash):
                heads.setdefault(photo.content_hash, photo)
            else:
                heads.setdefault(head.content_hash, head)
                members.setdefault(photo.content_hash, photo)
        return [*heads.values(), *(m for h, m in members.items() if h not in heads)]

    def _is_gone(self, photo: Photo) -> bool:
        """Return whether no file of a photo will be there again, as far as can be told: its disk is not just away."""
        return all(self._library.is_gone(row) for row in self._index.files.files_of(photo.content_hash))

    def _compare(self, photo: Photo, other: Photo) -> Generator[Task | Until, Any, Match | None]:
        files = self._library.living(photo.content_hash)
        others = self._library.living(other.content_hash)
        if not files:
            return None
        task = Task(compare, (files[0].path, others[0].path)) if others else self._with_archived(files[0].path, other)
        known = self._index.findings.finding(photo.content_hash, other.content_hash) if not others else None
        if task is None or known is not None:
            # What was found while the archive was there, or by its preview, stays until it is there again.
            return None
        try:
            match: Match | None = yield task
        except UndecodableError:
            raise
        except PhotoError as problem:
            log.warning("not compared: %s", problem)
            return None
        return match

    def _with_archived(self, path: Path, other: Photo) -> Task | None:
        """Return the task that compares a file with the preview of a photo in an archive that is away."""
        archived = self._library.archived(other.content_hash)
        preview = self._index.photos.preview(other.content_hash) if archived else None
        if preview is None or other.metadata is None:
            return None
        return Task(compare_kept, (path, archived[0].path, preview, other.metadata))
