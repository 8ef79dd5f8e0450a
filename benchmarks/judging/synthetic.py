"""Photos that never were, stored beside real ones, for what has to be measured among very many."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pictrace.match import MATCHER_VERSION, CandidateIndex
from pictrace.match.index import ENTRIES_VERSION
from pictrace.match.index.features import DESCRIPTOR_BYTES, KEYPOINT
from pictrace.model import Fingerprint, Metadata, Photo, PhotoState
from pictrace.store import Index

_PHOTOS_A_COMMIT = 1000


def add_synthetic(state: Path, content_hashes: Iterable[bytes], *, seed: int = 1) -> None:
    """Store a photo for each content hash.

    Their features are drawn one by one from those of the photos that are known, each with some bits turned over.
    """
    random = np.random.default_rng(seed)
    entries_of = CandidateIndex().entries
    with Index.open(state) as index:
        metadata, drawn = _drawn(index, random)
        hashes = iter(content_hashes)
        while chunk := list(itertools.islice(hashes, _PHOTOS_A_COMMIT)):
            with index.batch():
                for content_hash in chunk:
                    one = next(drawn)
                    _put(index, content_hash, one, metadata, entries_of(one))


def _drawn(index: Index, random: np.random.Generator) -> tuple[Metadata | None, Iterator[Fingerprint]]:
    """Return the metadata that all get, and fingerprints without end."""
    real = [index.photos.photo_by_id(one.photo_id) for one in index.entries.all(ENTRIES_VERSION)]
    prints = [photo.fingerprint for photo in real if photo is not None and photo.fingerprint is not None]
    metadata = next(photo.metadata for photo in real if photo is not None)
    points = np.concatenate([np.frombuffer(one.keypoints, KEYPOINT) for one in prints])
    bits = np.concatenate([np.frombuffer(one.descriptors, np.uint8).reshape(-1, DESCRIPTOR_BYTES) for one in prints])
    each, versions = len(points) // len(prints), prints[0].versions

    def fingerprints() -> Iterator[Fingerprint]:
        while True:
            rows = random.integers(0, len(points), each)
            yield Fingerprint(
                phashes=random.bytes(64),
                keypoints=points[rows].tobytes(),
                descriptors=(bits[rows] ^ _turned_bits(random, each)).tobytes(),
                detail=1.0,
                versions=versions,
            )

    return metadata, fingerprints()


def _turned_bits(random: np.random.Generator, count: int) -> NDArray[np.uint8]:
    """Return which bits of descriptors are turned over: 3 of 32, which is `scale.TURNED_BITS` of a signature's 64."""
    a, b, c, d, e = random.integers(0, 256, (5, count, DESCRIPTOR_BYTES), np.uint8)
    return a & b & c & (d | e)


def _put(index: Index, content_hash: bytes, one: Fingerprint, metadata: Metadata | None, entries: bytes) -> None:
    """Store one photo as the daemon does."""
    photo = Photo(content_hash=content_hash, size_bytes=1, state=PhotoState.DECODED, metadata=metadata, fingerprint=one)
    index.photos.put_photo(photo)
    index.entries.put(content_hash, entries, ENTRIES_VERSION)
    index.photos.set_judged(content_hash, MATCHER_VERSION)
