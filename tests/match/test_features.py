"""Which features correspond: as the definition says, however it is computed."""

from __future__ import annotations

import numpy as np
import pytest

from pictrace.match.features import Features, correspondences


def features(seed: int, count: int) -> Features:
    """Return features at random places, some of them two at one, that show one of thirty things each."""
    random = np.random.default_rng(seed)
    things = np.random.default_rng(0).random((30, 128))
    descriptors = things[random.integers(0, 30, count)] + random.random((count, 128)) * 0.6
    points = random.integers(0, 90, (count, 2)).astype(np.float64)
    points[1::5] = points[::5][: len(points[1::5])]
    unit = descriptors / np.linalg.norm(descriptors, axis=1, keepdims=True)
    return Features(points=points, descriptors=unit.astype(np.float32), width_pixels=90)


def expected(a: Features, b: Features) -> list[tuple[int, int]]:
    """Return the rows that correspond, one after the other."""
    likeness = a.descriptors @ b.descriptors.T
    place = [tuple(row) for row in np.round(b.points / 4.0).tolist()]
    found = []
    for row, each in enumerate(likeness):
        best = int(each.argmax())
        rivals = [float(each[n]) for n in range(len(each)) if place[n] != place[best]]
        second = np.float32(max([0.0, *rivals]))
        is_clear = np.sqrt(max(0, 2 - 2 * each[best])) <= 0.86 * np.sqrt(max(1e-9, 2 - 2 * second))
        if is_clear and int(likeness[:, best].argmax()) == row:
            found.append((row, best))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_correspondences_are_clear_and_mutual(seed: int) -> None:
    a, b = features(seed, 60), features(seed + 10, 50)

    here, there = correspondences(a, b)

    rows = expected(a, b)
    assert len(rows) > 3
    assert np.array_equal(here, a.points[[row for row, _ in rows]])
    assert np.array_equal(there, b.points[[row for _, row in rows]])


def test_of_equal_features_the_first_one_corresponds() -> None:
    b = features(1, 40)
    twice = Features(
        points=np.vstack([b.points, b.points + 7]), descriptors=np.vstack([b.descriptors] * 2), width_pixels=97
    )

    here, there = correspondences(twice, b)

    assert len(here) > 20
    assert np.array_equal(here, there)


def test_features_mirrored_twice_are_the_same() -> None:
    once = features(2, 30)

    assert np.array_equal(once.mirrored.mirrored.points, once.points)
    assert np.array_equal(once.mirrored.mirrored.descriptors, once.descriptors)
    assert not np.array_equal(once.mirrored.descriptors, once.descriptors)
