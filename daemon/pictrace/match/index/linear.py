"""The linear scan: every stored hash is looked at. Exact, and fast enough to a million photos."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pictrace.match.index.base import Hit

_FIRST_CAPACITY = 1024
_NEVER = np.uint8(255)


class LinearIndex:
    """Hashes in one growing array of uint64, scanned with a population count."""

    def __init__(self) -> None:
        self._hashes: NDArray[np.uint64] = np.zeros(_FIRST_CAPACITY, dtype=np.uint64)
        self._ids: NDArray[np.int64] = np.zeros(_FIRST_CAPACITY, dtype=np.int64)
        self._rows: dict[int, int] = {}
        self._count = 0

    def __len__(self) -> int:
        """Return how many photos are stored."""
        return len(self._rows)

    @property
    def size_bytes(self) -> int:
        """How much memory the arrays take."""
        return self._hashes.nbytes + self._ids.nbytes

    def add(self, photo_id: int, value: int) -> None:
        """Store a hash, or replace the one stored for this photo."""
        row = self._rows.get(photo_id)
        if row is None:
            row = self._count
            if row == len(self._hashes):
                self._hashes = np.concatenate([self._hashes, np.zeros_like(self._hashes)])
                self._ids = np.concatenate([self._ids, np.zeros_like(self._ids)])
            self._rows[photo_id] = row
            self._count += 1
        self._hashes[row] = value
        self._ids[row] = photo_id

    def remove(self, photo_id: int) -> None:
        """Forget a photo: the last row takes its place."""
        row = self._rows.pop(photo_id, None)
        if row is None:
            return
        last = self._count - 1
        if row != last:
            self._hashes[row], self._ids[row] = self._hashes[last], self._ids[last]
            self._rows[int(self._ids[row])] = row
        self._count = last

    def query(self, values: Sequence[int], *, max_distance: int, limit: int) -> list[Hit]:
        """Return the photos nearest to any of the hashes, one hit a photo, by distance, then by number."""
        if self._count == 0:
            return []
        stored = self._hashes[: self._count]
        best = np.full(self._count, _NEVER, dtype=np.uint8)
        which = np.zeros(self._count, dtype=np.uint8)
        for number, value in enumerate(values):
            distance = np.bitwise_count(stored ^ np.uint64(value))
            is_nearer = distance < best
            best[is_nearer] = distance[is_nearer]
            which[is_nearer] = number
        rows = np.nonzero(best <= max_distance)[0]
        hits = sorted(Hit(int(best[row]), int(self._ids[row]), int(which[row])) for row in rows)
        return hits[:limit]
