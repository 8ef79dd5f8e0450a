"""Answers questions about one picture from the store, without changing it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pictrace.errors import UndecodableError
from pictrace.fingerprint import WorkerPool, describe, hash_file
from pictrace.match import Candidate, CandidateIndex, compare
from pictrace.model import Match, Photo, PhotoState
from pictrace.pipeline.events import SAME_BYTES
from pictrace.pipeline.library import lstat_key
from pictrace.store import Index

# More are looked at than asked for: the nearest hash is not always the nearest picture.
_CANDIDATES_PER_ROW = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A known photo near the one asked about, with the files that hold it."""

    files: tuple[Path, ...]
    match: Match


def nearest(index: Index, path: Path, *, top: int) -> list[Near]:
    """Return the known photos nearest to a picture, copies first, then by similarity; one row per content.

    Raises:
        PhotoError: the picture cannot be read.
    """
    pool = WorkerPool(1)
    try:
        photo = describe_in(pool, path)
        if photo.state is PhotoState.UNDECODABLE and not _files(index, photo.content_hash, path):
            raise UndecodableError(path, photo.reason or "no picture")
        rows = [_same_bytes(index, photo, path)] if _files(index, photo.content_hash, path) else []
        for candidate in _candidates(index, photo, limit=top * _CANDIDATES_PER_ROW):
            other = index.photos.photo_by_id(candidate.photo_id, with_parts=False)
            if other is None or other.content_hash == photo.content_hash:
                continue
            files = _files(index, other.content_hash, path)
            if files:
                match: Match = pool.submit(compare, path, files[0]).result()
                rows.append(Near(files=tuple(files), match=match))
    finally:
        pool.close()
    rows.sort(key=lambda row: (not row.match.relation.is_copy, -row.match.similarity))
    return rows[:top]


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


def describe_in(pool: WorkerPool, path: Path) -> Photo:
    """Return what a picture is, described in a worker process."""
    content_hash, key = pool.submit(hash_file, path).result()
    photo: Photo = pool.submit(describe, path, content_hash, key).result()
    return photo


def _candidates(index: Index, photo: Photo, *, limit: int) -> list[Candidate]:
    if photo.fingerprint is None:
        return []
    candidates = CandidateIndex()
    for photo_id, _, phashes in index.photos.photos_with_fingerprint():
        candidates.add(photo_id, phashes)
    return candidates.query(photo.fingerprint.phashes, limit=limit)


def _same_bytes(index: Index, photo: Photo, path: Path) -> Near:
    return Near(files=tuple(_files(index, photo.content_hash, path)), match=SAME_BYTES)


def _files(index: Index, content_hash: bytes, but: Path) -> list[Path]:
    return [
        row.path for row in index.files.files_of(content_hash) if row.path != but and lstat_key(row.path) == row.key
    ]
