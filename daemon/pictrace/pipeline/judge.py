"""Compares a photo with every one known before it, until it finds what it comes from."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable
from typing import Any

from pictrace.errors import PhotoError
from pictrace.match import MATCHER_VERSION, Candidate, CandidateIndex, compare
from pictrace.model import Match, Photo, Relation
from pictrace.pipeline.library import Library
from pictrace.pipeline.scheduler import Scheduler, Task, Until
from pictrace.store import Index

log = logging.getLogger(__name__)

MOST_CANDIDATES = 20


class Judge:
    """Knows the candidate index, and turns candidates into findings.

    A photo is compared only with photos known earlier, so each pair is looked at once. It waits until those are judged
    themselves, so that it can be held against the head of their star instead of against each member.
    """

    def __init__(self, *, library: Library, index: Index, scheduler: Scheduler) -> None:
        self._library = library
        self._index = index
        self._scheduler = scheduler
        self._candidates = CandidateIndex()
        self._unjudged: set[int] = set()

    def load(self) -> None:
        """Fill the candidate index from the store."""
        for photo_id, _, phashes in self._index.photos.photos_with_fingerprint():
            self._candidates.add(photo_id, phashes)

    def __len__(self) -> int:
        """Return how many photos can be found."""
        return len(self._candidates)

    @property
    def size_bytes(self) -> int:
        """How much memory the candidate index takes."""
        return self._candidates.size_bytes

    def forget(self, photo_ids: Iterable[int]) -> None:
        """Compare with these photos no more: no file holds them for long."""
        for photo_id in photo_ids:
            self._candidates.remove(photo_id)

    def judge(self, content_hash: bytes) -> Generator[Task | Until, Any, None]:
        """Compare a photo with its candidates and store what comes of it; nothing to do where that was done."""
        photo = self._index.photos.photo(content_hash, with_parts=False)
        photo_id = self._index.photos.photo_id(content_hash)
        if photo is None or photo_id is None or photo.fingerprint is None:
            return
        if self._index.photos.judged_version(content_hash) == MATCHER_VERSION:
            self._unjudged.discard(photo_id)
            return
        self._candidates.add(photo_id, photo.fingerprint.phashes)
        self._unjudged.add(photo_id)
        try:
            self._index.findings.drop_older(content_hash, MATCHER_VERSION)
            is_whole = yield from self._compare_all(photo, photo_id)
            if is_whole:
                self._index.photos.set_judged(content_hash, MATCHER_VERSION)
        finally:
            self._unjudged.discard(photo_id)
            self._scheduler.release(("judged", photo_id))

    def _compare_all(self, photo: Photo, photo_id: int) -> Generator[Task | Until, Any, bool]:
        """Compare with each candidate until a copy is found; returns False where a file was away in between.

        Such a photo is judged again when it is seen the next time.
        """
        assert photo.fingerprint is not None  # noqa: S101 – for the type checker: the caller looked
        found = self._candidates.query(photo.fingerprint.phashes, limit=MOST_CANDIDATES)
        earlier = [candidate for candidate in found if candidate.photo_id < photo_id]
        for candidate in earlier:
            while candidate.photo_id in self._unjudged:
                yield Until(("judged", candidate.photo_id))
        for other in self._heads(earlier):
            match: Match | None = yield from self._compare(photo, other)
            if match is None or match.relation is Relation.UNRELATED:
                continue
            self._index.findings.put_finding(photo.content_hash, other.content_hash, match)
            if match.relation.is_copy:
                return True
        return bool(self._library.living(photo.content_hash))

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

    def _compare(self, photo: Photo, other: Photo) -> Generator[Task | Until, Any, Match | None]:
        files = self._library.living(photo.content_hash)
        others = self._library.living(other.content_hash)
        if not files or not others:
            return None
        try:
            match: Match | None = yield Task(compare, (files[0].path, others[0].path))
        except PhotoError as problem:
            log.warning("not compared: %s", problem)
            return None
        return match
