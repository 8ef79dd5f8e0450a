"""What every index over 64-bit hashes can do: the seam behind which another engine may stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """A stored hash near a wanted one: Hamming distance in bits, 0..64, and which wanted hash was the nearest."""

    distance: int
    photo_id: int
    query: int


class HashIndex(Protocol):
    """Stores one 64-bit hash a photo and finds the near ones."""

    def add(self, photo_id: int, value: int) -> None:
        """Store a hash, or replace the one stored for this photo."""

    def remove(self, photo_id: int) -> None:
        """Forget a photo; nothing happens where it is not known."""

    def query(self, values: Sequence[int], *, max_distance: int, limit: int) -> list[Hit]:
        """Return the photos nearest to any of the hashes, one hit a photo, by distance, then by number."""

    def __len__(self) -> int:
        """Return how many photos are stored."""

    @property
    def size_bytes(self) -> int:
        """How much memory the index takes."""
