"""Indexes over perceptual hashes, local features and vectors: which photos are near to one asked about."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pictrace.match.index.features import AskedFeatures
from pictrace.match.index.linear import LinearIndex
from pictrace.match.index.local import ENTRIES_VERSION, Asked, LocalIndex
from pictrace.match.index.vectors import Vector, VectorIndex


class HashIndex(Protocol):
    """Holds one 64-bit perceptual hash for each photo and finds near ones by Hamming distance."""

    def add(self, photo_id: int, phash: int) -> None:
        """Add a photo; one that is there already gets the new hash."""

    def add_all(self, photo_ids: NDArray[np.int64], phashes: NDArray[np.uint64]) -> None:
        """Add many photos at once, none of which is there."""

    @property
    def content(self) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """Ids and hashes of all photos it holds, to be added to another one."""

    def remove(self, photo_id: int) -> None:
        """Forget a photo; nothing happens if it is not there."""

    def query(self, phashes: NDArray[np.uint64], max_distance: int, limit: int) -> list[tuple[int, int, int]]:
        """Return (photo id, Hamming distance, index of the query hash) within ``max_distance``, nearest first.

        A photo near to several of the query hashes has a row for each. ``limit`` counts photos; equal distances are
        ordered by photo id.
        """

    def __len__(self) -> int:
        """Return how many photos it holds."""

    @property
    def size_bytes(self) -> int:
        """How much memory it takes."""


ALL: tuple[type[HashIndex], ...] = (LinearIndex,)

__all__ = [
    "ALL",
    "ENTRIES_VERSION",
    "Asked",
    "AskedFeatures",
    "HashIndex",
    "LinearIndex",
    "LocalIndex",
    "Vector",
    "VectorIndex",
]
