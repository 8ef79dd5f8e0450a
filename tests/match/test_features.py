"""Which features correspond: as the definition says, however it is computed."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pictrace.match.features import Features, correspondences, features_of


def features(seed: int, count: int) -> Features:
    """Return features at random places, some of them two at one, that show one of thirty things each."""
    random = np.random.default_rng(seed)
    things = np.random.default_rng(0).random((30, 128))
    descriptors = things[random.integers(0, 30, count)] + random.random((count, 128)) * 0.6
    points = random.integers(0, 90, (count, 2)).astype(np.float64)
    points[1::5] = points[::5][: len(points[1::5])]
    unit = descriptors / np.linalg.norm(descriptors, axis=1, keepdims=True)
    poses = random.integers(0, 256, count) << 8 | random.integers(0, 200, count)
    return Features(points=points, poses=poses, descriptors=unit.astype(np.float32), width_pixels=90)


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
    assert list(zip(here.tolist(), there.tolist(), strict=True)) == rows


def test_of_equal_features_the_first_one_corresponds() -> None:
    b = features(1, 40)
    twice = Features(
        points=np.vstack([b.points, b.points + 7]),
        poses=np.hstack([b.poses] * 2),
        descriptors=np.vstack([b.descriptors] * 2),
        width_pixels=97,
    )

    here, there = correspondences(twice, b)

    assert len(here) > 20
    assert np.array_equal(here, there)


def test_features_mirrored_twice_are_the_same() -> None:
    once = features(2, 30)

    assert np.array_equal(once.mirrored.mirrored.points, once.points)
    assert np.array_equal(once.mirrored.mirrored.descriptors, once.descriptors)
    assert np.array_equal(once.mirrored.mirrored.poses, once.poses)
    assert not np.array_equal(once.mirrored.descriptors, once.descriptors)


def blobs(shape: tuple[int, int]) -> np.ndarray:
    """Return a picture with much to be seen everywhere, uint8."""
    random = np.random.default_rng(3)
    return cv2.GaussianBlur(random.integers(0, 256, shape).astype(np.uint8), (0, 0), 2.0)


def test_the_features_of_a_mirrored_picture_are_the_mirrored_ones() -> None:
    luma = blobs((200, 300))
    once, flipped = features_of(luma), features_of(np.ascontiguousarray(luma[:, ::-1]))

    here, there = correspondences(once.mirrored, flipped)

    assert len(here) > 0.5 * len(once.points)
    assert np.median(np.abs(once.mirrored.points[here] - flipped.points[there])) < 0.5
    turned = (once.mirrored.poses[here] >> 8) - (flipped.poses[there] >> 8)
    assert np.median(np.minimum(turned % 256, -turned % 256)) <= 1


def test_what_is_faint_beside_something_strong_has_features_too() -> None:
    luma = blobs((400, 800)).astype(np.float32)
    luma[:, 400:] = 128 + (luma[:, 400:] - 128) * 0.75

    found = features_of(luma.astype(np.uint8))

    # Of the strongest a quarter lies there.
    assert 0.4 < np.mean(found.points[:, 0] >= 400) < 0.6


def test_a_blank_picture_has_no_features() -> None:
    found = features_of(np.full((60, 80), 128, np.uint8))

    assert found.points.shape == (0, 2)
    assert [len(rows) for rows in correspondences(found, found)] == [0, 0]
