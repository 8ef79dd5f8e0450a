"""Answers questions about one picture from the store, without changing it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pictrace.errors import UndecodableError
from pictrace.fingerprint import WorkerPool, describe, hash_file
from pictrace.imaging import pixel_hash
from pictrace.match import compare, examine
from pictrace.match.examination import Examination
from pictrace.model import Match, Photo, PhotoState, Relation
from pictrace.pipeline.events import SAME_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How two pictures are related, with the hashes of both in their order.

    ``pixel_hashes``: of the upright pixels; None where nothing proves anything by them.
    """

    match: Match
    content_hashes: tuple[bytes, bytes]
    pixel_hashes: tuple[bytes, bytes] | None = None


def compared(file: Path, other: Path) -> Match:
    """Return how two pictures are related, whether they are known or not.

    Raises:
        PhotoError: one of them cannot be read.
    """
    return compared_with_hashes(file, other).match


def compared_with_hashes(file: Path, other: Path) -> Compared:
    """Return how two pictures are related and what their hashes are; see `compared`."""
    pool = WorkerPool(1)
    try:
        first, second = describe_in(pool, file), describe_in(pool, other)
        hashes = first.content_hash, second.content_hash
        if hashes[0] == hashes[1]:
            return Compared(match=SAME_BYTES, content_hashes=hashes)
        for photo in (first, second):
            if photo.state is PhotoState.UNDECODABLE:
                raise UndecodableError(file if photo is first else other, photo.reason or "no picture")
        match: Match = pool.submit(compare, file, other).result()
        of_pixels = _pixel_hashes(pool, file, other) if match.relation is Relation.SAME_PIXELS else None
        return Compared(match=match, content_hashes=hashes, pixel_hashes=of_pixels)
    finally:
        pool.close()


def _pixel_hashes(pool: WorkerPool, file: Path, other: Path) -> tuple[bytes, bytes] | None:
    first, second = (pool.submit(pixel_hash, path).result() for path in (file, other))
    return None if first is None or second is None else (first, second)


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
