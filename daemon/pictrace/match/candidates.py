"""Which known photos a new one may be a copy of, cheaply and with false ones among them: verification judges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pictrace.match.index import HashIndex, LinearIndex

# Measured on 2,640 copies of photographs (docs/matching.md): every original is found within 12 bits; of the
# 47,000 pairs of different photographs one does, and 451 lie within 18.
MAX_PHASH_DISTANCE: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A known photo that may be related to the one asked about.

    ``distance``: Hamming distance of the 64-bit perceptual hashes in the nearest orientation. ``orientations``: in
    which of ``imaging.ORIENTATIONS`` the photo asked about looks like the known one, nearest first; empty: not known.
    """

    photo_id: int
    distance: int
    orientations: tuple[int, ...]


class CandidateIndex:
    """Finds candidates by the eight perceptual hashes of a fingerprint."""

    def __init__(self, index: HashIndex | None = None) -> None:
        self._index: HashIndex = LinearIndex() if index is None else index

    def add(self, photo_id: int, phashes: bytes) -> None:
        """Add a photo, or give it another hash.

        Args:
            photo_id: its row in the store.
            phashes: `Fingerprint.phashes`; the first, upright one is kept.
        """
        self._index.add(photo_id, int.from_bytes(phashes[:8], "big"))

    def remove(self, photo_id: int) -> None:
        """Forget a photo; nothing happens if it is not there."""
        self._index.remove(photo_id)

    def query(self, phashes: bytes, *, limit: int, max_distance: int = MAX_PHASH_DISTANCE) -> list[Candidate]:
        """Return the ``limit`` nearest photos, nearest first; the photo asked about may be among them.

        Args:
            phashes: `Fingerprint.phashes` of the photo asked about.
            limit: photos.
            max_distance: bits of 64.
        """
        hashes = np.frombuffer(phashes, dtype=">u8").astype(np.uint64)
        nearest: dict[int, tuple[int, list[int]]] = {}
        for photo_id, distance, orientation in self._index.query(hashes, max_distance, limit):
            nearest.setdefault(photo_id, (distance, []))[1].append(orientation)
        return [
            Candidate(photo_id=photo_id, distance=distance, orientations=tuple(orientations))
            for photo_id, (distance, orientations) in nearest.items()
        ]

    def __len__(self) -> int:
        """Return how many photos can be found."""
        return len(self._index)

    @property
    def size_bytes(self) -> int:
        """How much memory the index takes."""
        return self._index.size_bytes
