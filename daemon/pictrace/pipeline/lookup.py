"""Answers questions about one picture from the store, without changing it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pictrace.errors import UndecodableError
from pictrace.fingerprint import WorkerPool, describe, hash_file
from pictrace.match import compare, examine
from pictrace.match.examination import Examination
from pictrace.model import Match, Photo, PhotoState
from pictrace.pipeline.events import SAME_BYTES


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
