"""Looks at every hash: exact, and fast enough for a million photos (docs/matching.md has the measurement)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FIRST_CAPACITY = 1024
_MOST_EMPTY_SHARE = 0.5


class LinearIndex:
    """A growing array of hashes; a removed photo leaves a gap, and gaps are closed when they are half of it."""

    def __init__(self) -> None:
        self._hashes: NDArray[np.uint64] = np.zeros(_FIRST_CAPACITY, np.uint64)
        self._ids: NDArray[np.int64] = np.zeros(_FIRST_CAPACITY, np.int64)
        self._is_live: NDArray[np.bool_] = np.zeros(_FIRST_CAPACITY, np.bool_)
        self._used = 0
        self._rows: dict[int, int] = {}

    def add(self, photo_id: int, phash: int) -> None:
        """Add a photo; one that is there already gets the new hash."""
        row = self._rows.get(photo_id)
        if row is None:
            if self._used == len(self._hashes):
                self._rebuild(2 * len(self._hashes))
            row = self._used
            self._used += 1
            self._rows[photo_id] = row
        self._hashes[row], self._ids[row], self._is_live[row] = phash, photo_id, True

    def add_all(self, photo_ids: NDArray[np.int64], phashes: NDArray[np.uint64]) -> None:
        """Add photos none of which is there."""
        start = self._used
        if start + len(photo_ids) > len(self._hashes):
            self._rebuild(2 * (start + len(photo_ids)))
            start = self._used
        rows = slice(start, start + len(photo_ids))
        self._hashes[rows], self._ids[rows], self._is_live[rows] = phashes, photo_ids, True
        self._rows.update(zip(photo_ids.tolist(), range(rows.start, rows.stop), strict=True))
        self._used = rows.stop

    @property
    def content(self) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """Ids and hashes of all photos it holds."""
        live = np.flatnonzero(self._is_live[: self._used])
        return self._ids[live], self._hashes[live]

    def remove(self, photo_id: int) -> None:
        """Forget a photo; nothing happens if it is not there."""
        row = self._rows.pop(photo_id, None)
        if row is None:
            return
        self._is_live[row] = False
        if self._used > _FIRST_CAPACITY and len(self._rows) < _MOST_EMPTY_SHARE * self._used:
            self._rebuild(max(_FIRST_CAPACITY, 2 * len(self._rows)))

    def query(self, phashes: NDArray[np.uint64], max_distance: int, limit: int) -> list[tuple[int, int, int]]:
        """Return (photo id, Hamming distance, index of the query hash); see `HashIndex.query`."""
        hashes, is_live = self._hashes[: self._used], self._is_live[: self._used]
        found = []
        for number, phash in enumerate(phashes):
            distances = np.bitwise_count(hashes ^ phash)
            rows = np.flatnonzero((distances <= max_distance) & is_live)
            found += [
                (distance, photo_id, number)
                for distance, photo_id in zip(distances[rows].tolist(), self._ids[rows].tolist(), strict=True)
            ]
        found.sort()
        nearest = set(list(dict.fromkeys(photo_id for _, photo_id, _ in found))[:limit])
        return [(photo_id, distance, number) for distance, photo_id, number in found if photo_id in nearest]

    def __len__(self) -> int:
        """Return how many photos it holds."""
        return len(self._rows)

    @property
    def size_bytes(self) -> int:
        """How much memory it takes; a row in the table of ids is counted as 100 bytes, as measured."""
        return self._hashes.nbytes + self._ids.nbytes + self._is_live.nbytes + 100 * len(self._rows)

    def _rebuild(self, capacity: int) -> None:
        """Close the gaps, with room for ``capacity`` photos."""
        live = np.flatnonzero(self._is_live[: self._used])
        hashes, ids = self._hashes[live], self._ids[live]
        self._hashes = np.zeros(capacity, np.uint64)
        self._ids = np.zeros(capacity, np.int64)
        self._is_live = np.zeros(capacity, np.bool_)
        self._used = len(live)
        self._hashes[: self._used], self._ids[: self._used], self._is_live[: self._used] = hashes, ids, True
        self._rows = {photo_id: row for row, photo_id in enumerate(ids.tolist())}
