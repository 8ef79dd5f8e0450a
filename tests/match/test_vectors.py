from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pictrace.match.index import VectorIndex

NUMBERS = st.lists(st.integers(-9, 9), min_size=3, max_size=3).map(lambda row: np.array(row, np.float32))


def cosine(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    first, second = a.astype(np.float64), b.astype(np.float64)
    return float(first @ second / np.linalg.norm(first) / np.linalg.norm(second))


@given(st.lists(st.tuples(st.integers(0, 9), NUMBERS, st.booleans()), max_size=40), NUMBERS, st.integers(1, 12))
def test_index_gives_what_measuring_every_vector_gives(
    steps: list[tuple[int, NDArray[np.float32], bool]], asked: NDArray[np.float32], limit: int
) -> None:
    index, known = VectorIndex(), {}
    for photo_id, vector, is_added in steps:
        if is_added and vector.any():
            index.add(photo_id, vector)
            known[photo_id] = vector
        else:
            index.remove(photo_id)
            known.pop(photo_id, None)

    found = index.query(asked, limit)

    assert len(index) == len(known)
    if not asked.any():
        assert found == []
        return
    near = sorted((cosine(vector, asked) for vector in known.values()), reverse=True)[:limit]
    assert [value for _, value in found] == pytest.approx(near, abs=1e-6)
    assert [value for _, value in found] == pytest.approx([cosine(known[one], asked) for one, _ in found], abs=1e-6)
    assert len({one for one, _ in found}) == len(found) == min(limit, len(known))


def test_many_photos_are_kept_through_growth_and_removal() -> None:
    random = np.random.default_rng(1)
    vectors = random.normal(size=(2600, 8)).astype(np.float32)
    index = VectorIndex()
    for photo_id, vector in enumerate(vectors):
        index.add(photo_id, vector)
    before = index.size_bytes
    for photo_id in range(0, 2600, 2):
        index.remove(photo_id)

    nearest = [index.query(vectors[one], 1)[0][0] for one in range(1, 2600, 2)]

    assert nearest == list(range(1, 2600, 2))
    assert before > index.size_bytes >= 1300 * 8 * 4


def test_equal_vectors_come_in_the_order_of_their_ids() -> None:
    index = VectorIndex()
    for photo_id in (7, 3, 5):
        index.add(photo_id, np.array([1, 2, 3], np.float32))

    assert [one for one, _ in index.query(np.array([2, 4, 6], np.float32), 2)] == [3, 5]


def test_the_length_of_a_vector_does_not_matter() -> None:
    index = VectorIndex()
    index.add(1, np.array([0, 1000], np.float32))
    index.add(2, np.array([1, 1], np.float32))

    assert index.query(np.array([0.001, 0.001], np.float32), 1) == [(2, pytest.approx(1.0))]


def test_a_photo_whose_vector_points_nowhere_is_not_found() -> None:
    index = VectorIndex()
    index.add(1, np.array([1, 1], np.float32))
    index.add(1, np.zeros(2, np.float32))

    assert index.query(np.ones(2, np.float32), 5) == []


def test_a_vector_of_another_length_is_refused_and_asked_for_in_vain() -> None:
    index = VectorIndex()
    index.add(1, np.ones(3, np.float32))

    with pytest.raises(ValueError, match="expected 3 numbers, found 4"):
        index.add(2, np.ones(4, np.float32))
    assert index.query(np.ones(4, np.float32), 5) == []
