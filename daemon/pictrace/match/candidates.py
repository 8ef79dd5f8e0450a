"""Which known photos are worth a closer look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pictrace.match.index import HashIndex, LinearIndex

# Measured on 1,200 copies of 60 photographs (benchmarks/README.md): re-encoded, resized, turned and mirrored ones lie
# within 4 bits, brighter and higher-contrast ones within 10; of 47,000 pairs of different ones, a single one does.
MAX_PHASH_DISTANCE: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A known photo near the one asked about; ``distance`` in bits, 0..64."""

    photo_id: int
    distance: int


class CandidateIndex:
    """Finds candidates among the photos it was given, by perceptual hash in any of the eight orientations."""

    def __init__(self, index: HashIndex | None = None) -> None:
        self._index: HashIndex = index if index is not None else LinearIndex()

    def __len__(self) -> int:
        """Return how many photos can be found."""
        return len(self._index)

    @property
    def size_bytes(self) -> int:
        """How much memory the index takes."""
        return self._index.size_bytes

    def add(self, photo_id: int, phashes: bytes) -> None:
        """Make a photo one that can be found, by its upright hash.

        Args:
            photo_id: its number in the store.
            phashes: `Fingerprint.phashes`.
        """
        self._index.add(photo_id, _unpacked(phashes)[0])

    def remove(self, photo_id: int) -> None:
        """Forget a photo."""
        self._index.remove(photo_id)

    def query(self, phashes: bytes, *, limit: int, max_distance: int = MAX_PHASH_DISTANCE) -> list[Candidate]:
        """Return the nearest photos, nearest first, then the earlier known; the photo asked about among them."""
        hits = self._index.query(_unpacked(phashes), max_distance=max_distance, limit=limit)
        return [Candidate(photo_id=hit.photo_id, distance=hit.distance) for hit in hits]


def _unpacked(phashes: bytes) -> list[int]:
    return [int(value) for value in np.frombuffer(phashes, dtype=">u8")]
