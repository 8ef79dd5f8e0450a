"""Finds photos whose vectors point the same way: all of them are looked at, by products of matrices."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]

# Rows of one block: the memory of a large library is never held twice, as it would be in one array that grows.
_BLOCK: Final = 1024
# The product rounds differently from row to row; so many more than asked for are measured again, and then put in order.
_SPARE: Final = 16


class VectorIndex:
    """The unit vectors of photos, float32, one a row, in blocks; a removed photo's row is taken by the last one."""

    def __init__(self) -> None:
        self._blocks: list[NDArray[np.float32]] = []
        self._ids: list[int] = []  # by row
        self._places: dict[int, int] = {}

    def add(self, photo_id: int, vector: Vector) -> None:
        """Add a photo; one that is there already gets the new vector. One without a direction is not added.

        Args:
            photo_id: which.
            vector: float32, shape (numbers,), of any length above 0.

        Raises:
            ValueError: the others have more or fewer numbers.
        """
        if self._ids and len(vector) != self._numbers:
            raise ValueError(f"expected {self._numbers} numbers, found {len(vector)}")
        unit = _unit(vector)
        if unit is None:
            self.remove(photo_id)
            return
        place = self._places.setdefault(photo_id, len(self._ids))
        if place == len(self._ids):
            self._ids.append(photo_id)
            self._make_room(place, len(vector))
        self._blocks[place // _BLOCK][place % _BLOCK] = unit

    def remove(self, photo_id: int) -> None:
        """Forget a photo; nothing happens if it is not there."""
        place = self._places.pop(photo_id, None)
        if place is None:
            return
        last, last_id = len(self._ids) - 1, self._ids.pop()
        if place != last:
            self._blocks[place // _BLOCK][place % _BLOCK] = self._blocks[last // _BLOCK][last % _BLOCK]
            self._ids[place], self._places[last_id] = last_id, place
        del self._blocks[-(-last // _BLOCK) :]

    def query(self, vector: Vector, limit: int) -> list[tuple[int, float]]:
        """Return the ids of the nearest photos with the cosine, -1 to 1, the highest first; equal ones by id."""
        unit = _unit(vector)
        if unit is None or not self._ids or len(vector) != self._numbers:
            return []
        cosines = np.concatenate([block @ unit for block in self._blocks])[: len(self._ids)]
        wanted = min(limit + _SPARE, len(cosines))
        best = np.argpartition(-cosines, wanted - 1)[:wanted].tolist()
        rows = np.stack([self._blocks[place // _BLOCK][place % _BLOCK] for place in best]).astype(np.float64)
        exact = np.clip(rows @ unit.astype(np.float64), -1.0, 1.0).tolist()
        found = sorted((-cosine, self._ids[place]) for cosine, place in zip(exact, best, strict=True))
        return [(photo_id, -negative) for negative, photo_id in found[:limit]]

    def __len__(self) -> int:
        """Return how many photos it holds."""
        return len(self._ids)

    @property
    def size_bytes(self) -> int:
        """How much memory it takes; a row in the tables of ids is counted as 140 bytes."""
        return sum(block.nbytes for block in self._blocks) + 140 * len(self._ids)

    @property
    def _numbers(self) -> int:
        return int(self._blocks[0].shape[1])

    def _make_room(self, place: int, numbers: int) -> None:
        if place == len(self._blocks) * _BLOCK:
            self._blocks.append(np.zeros((_BLOCK, numbers), np.float32))


def _unit(vector: Vector) -> Vector | None:
    """Return a vector with the length 1; None for one that points nowhere."""
    wide = vector.astype(np.float64)
    length = float(np.sqrt(wide @ wide))
    return (wide / length).astype(np.float32) if length > 0 else None
