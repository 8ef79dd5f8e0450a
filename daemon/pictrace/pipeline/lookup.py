"""Answers questions about one picture from the store, without changing it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pictrace.errors import UndecodableError
from pictrace.fingerprint import WorkerPool, describe, hash_file
from pictrace.match import CandidateIndex, compare, compare_kept, examine
from pictrace.match.examination import Examination
from pictrace.model import Match, Photo, PhotoState, Relation
from pictrace.pipeline.asking import Asking, asking, likely
from pictrace.pipeline.events import SAME_BYTES, Away
from pictrace.pipeline.library import Library
from pictrace.pipeline.saved_candidates import fill
from pictrace.pipeline.suspects import suspected, suspects
from pictrace.store import Index

_MOST_CANDIDATES: Final = 40
# However few votes they have.
_LOOKED_AT: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A known photo near the one asked about, with the files that hold it.

    ``away``: these lie in an archive that is away. ``asked`` and ``found``: the content hashes of both.
    """

    files: tuple[Path, ...]
    match: Match
    asked: bytes
    found: bytes
    away: Away | None = None


def nearest(index: Index, path: Path, *, top: int) -> list[Near]:
    """Return the known photos related to a picture, copies first, then by similarity; one row per content.

    What lies in an archive that is away is compared with by the small picture that was kept of it.

    Raises:
        PhotoError: the picture cannot be read.
    """
    pool = WorkerPool(1)
    try:
        pool.start()
        candidates = fill(index, is_checked=False).candidates  # while the worker starts
        photo = describe_in(pool, path)
        places = _places(index, photo.content_hash, path)
        if photo.state is PhotoState.UNDECODABLE and places is None:
            raise UndecodableError(path, photo.reason or "no picture")
        rows = [] if places is None else [_near(places, SAME_BYTES, photo, photo)]
        rows += _related(index, candidates, pool, path, photo)
    finally:
        pool.close()
    rows.sort(key=lambda row: (not row.match.relation.is_copy, -row.match.certainty.rank, -row.match.similarity))
    return rows[:top]


def _related(index: Index, candidates: CandidateIndex, pool: WorkerPool, path: Path, photo: Photo) -> Iterator[Near]:
    """Yield the other contents that are related to a picture."""
    for other in _likely(index, candidates, pool, path, photo):
        places = _places(index, other.content_hash, path)
        if places is None or other.content_hash == photo.content_hash:
            continue
        if places.away is None:
            match: Match = pool.submit(compare, path, places.files[0]).result()
        else:
            preview = index.photos.preview(other.content_hash)
            if preview is None or other.metadata is None:
                continue
            match = pool.submit(compare_kept, path, places.files[0], preview, other.metadata).result()
        if match.relation is not Relation.UNRELATED:
            yield _near(places, match, photo, other)


def _near(places: _Places, match: Match, photo: Photo, other: Photo) -> Near:
    return Near(files=places.files, match=match, asked=photo.content_hash, found=other.content_hash, away=places.away)


def compared(file: Path, other: Path) -> Match:
    """Return how two pictures are related, whether they are known or not.

    Raises:
        PhotoError: one of them cannot be read.
    """
    pool = WorkerPool(1)
    try:
        first, second = describe_in(pool, file), describe_in(pool, other)
        if first.content_hash == second.content_hash:
            return SAME_BYTES
        for photo in (first, second):
            if photo.state is PhotoState.UNDECODABLE:
                raise UndecodableError(file if photo is first else other, photo.reason or "no picture")
        match: Match = pool.submit(compare, file, other).result()
        return match
    finally:
        pool.close()


def examined(file: Path, other: Path) -> Examination:
    """Return how two pictures are related, with all that a drawing of it needs.

    Raises:
        PhotoError: one of them cannot be read.
    """
    pool = WorkerPool(1)
    try:
        hashes = [pool.submit(hash_file, path).result()[0] for path in (file, other)]
        examination: Examination = pool.submit(examine, file, other).result()
    finally:
        pool.close()
    return replace(examination, match=SAME_BYTES) if hashes[0] == hashes[1] else examination


def describe_in(pool: WorkerPool, path: Path) -> Photo:
    """Return what a picture is, described in a worker process."""
    content_hash, key = pool.submit(hash_file, path).result()
    photo: Photo = pool.submit(describe, path, content_hash, key).result()
    return photo


def _likely(index: Index, candidates: CandidateIndex, pool: WorkerPool, path: Path, photo: Photo) -> Iterator[Photo]:
    """Yield the known photos worth comparing with a picture: near by their hash, or lying on it by their features."""
    if photo.fingerprint is None or photo.metadata is None:
        return
    asked: Asking = pool.submit(asking, path, photo.fingerprint, photo.metadata, True).result()
    found = candidates.query(photo.fingerprint.phashes, asked.questions, limit=_MOST_CANDIDATES)
    voted = suspected(found, first=_LOOKED_AT)
    ids = [candidate.photo_id for candidate in found if candidate.distance is not None]
    ids += pool.submit(likely, asked, suspects(index, voted)).result()
    for photo_id in ids:
        other = index.photos.photo_by_id(photo_id, with_parts=False)
        if other is not None:
            yield other


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    files: tuple[Path, ...]
    away: Away | None = None


def _places(index: Index, content_hash: bytes, but: Path) -> _Places | None:
    """Return where a content is: files that are there, else those in archives that are away; None for nowhere."""
    library = Library.known(index)
    files = tuple(row.path for row in library.living(content_hash) if row.path != but)
    if files:
        return _Places(files=files)
    archived = library.archived(content_hash)
    root = library.archive_away(archived[0]) if archived else None
    if root is None:
        return None
    away = Away(root=root.path, since=index.roots.away_since(root.identity))
    return _Places(files=tuple(row.path for row in archived), away=away)
