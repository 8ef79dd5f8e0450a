from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pictrace.match.index import LinearIndex

HASH = st.integers(0, 2**64 - 1)


def wanted(*values: int) -> NDArray[np.uint64]:
    return np.array(values, np.uint64)


@given(st.lists(st.tuples(st.integers(0, 9), HASH, st.booleans()), max_size=40), HASH, st.integers(0, 64))
def test_index_gives_what_looking_at_every_hash_gives(
    steps: list[tuple[int, int, bool]], query: int, max_distance: int
) -> None:
    index, known = LinearIndex(), {}
    for photo_id, phash, is_added in steps:
        if is_added:
            index.add(photo_id, phash)
            known[photo_id] = phash
        else:
            index.remove(photo_id)
            known.pop(photo_id, None)

    near = sorted(((phash ^ query).bit_count(), photo_id) for photo_id, phash in known.items())
    assert len(index) == len(known)
    assert index.query(wanted(query), max_distance, 100) == [(p, d, 0) for d, p in near if d <= max_distance]


def test_removing_most_photos_closes_the_gaps_and_loses_none() -> None:
    index = LinearIndex()
    for photo_id in range(5000):
        index.add(photo_id, photo_id * 7919)
    before = index.size_bytes
    for photo_id in range(4500):
        index.remove(photo_id)

    assert index.size_bytes < before
    assert index.query(wanted(4700 * 7919), 0, 5) == [(4700, 0, 0)]
    assert index.query(wanted(100 * 7919), 0, 5) == []


def test_limit_counts_photos_and_keeps_each_orientation_that_is_near() -> None:
    index = LinearIndex()
    for photo_id in range(5):
        index.add(photo_id, photo_id)

    assert index.query(wanted(0, 1), 1, 2) == [(0, 0, 0), (1, 0, 1), (0, 1, 1), (1, 1, 0)]
