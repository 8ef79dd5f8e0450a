from __future__ import annotations

import numpy as np
import pytest

from pictrace.fingerprint import orb
from pictrace.match.sketch import Described, Sketch, matched


def drawn(seed: int) -> np.ndarray:
    """Return a picture of boxes at random places: corners of many sizes, and nothing symmetric."""
    random = np.random.default_rng(seed)
    luma = np.full((480, 640), 120, np.uint8)
    for _ in range(120):
        y, x = random.integers(0, 440), random.integers(0, 600)
        height, width = random.integers(8, 60, 2)
        luma[y : y + height, x : x + width] = random.integers(0, 256)
    return luma


def described(luma: np.ndarray) -> Described:
    keypoints, descriptors = orb.described(luma)
    return Described(
        keypoints=keypoints, descriptors=descriptors, width_pixels=luma.shape[1], height_pixels=luma.shape[0]
    )


def test_crop_lies_where_it_was_cut_out() -> None:
    whole = drawn(1)

    sketch = matched(described(np.ascontiguousarray(whole[100:400, 200:600])), described(whole))

    assert sketch.inliers >= 30
    assert sketch.transform is not None
    assert sketch.transform == pytest.approx(np.array([[1, 0, 200], [0, 1, 100]]), abs=1.5)


def test_quarter_turn_is_seen_in_the_transform() -> None:
    whole = drawn(2)

    sketch = matched(described(np.ascontiguousarray(np.rot90(whole))), described(whole))

    assert sketch.transform is not None
    assert sketch.transform[:, :2] == pytest.approx(np.array([[0, -1], [1, 0]]), abs=0.01)


def test_mirrored_features_lie_on_the_mirrored_photo() -> None:
    whole = drawn(3)
    flipped = np.ascontiguousarray(whole[:, ::-1])
    asked = orb.query_features(flipped, *orb.described(flipped))
    mirrored = Described(
        keypoints=asked.mirrored_keypoints,
        descriptors=asked.mirrored_descriptors,
        width_pixels=640,
        height_pixels=480,
    )

    assert matched(mirrored, described(whole)).inliers >= 100
    assert matched(described(flipped), described(whole)).inliers < 8


def test_different_photos_share_next_to_nothing() -> None:
    assert max(matched(described(drawn(4)), described(drawn(seed))).inliers for seed in range(5, 9)) < 8


def test_the_same_photos_give_the_same_sketch() -> None:
    first, second = described(drawn(9)), described(drawn(9)[:400])

    assert str(matched(first, second)) == str(matched(first, second))


def test_photo_without_features_lies_nowhere() -> None:
    empty = Described(keypoints=b"", descriptors=b"", width_pixels=10, height_pixels=10)

    assert matched(empty, described(drawn(1))) == Sketch(matches=0, inliers=0, transform=None)
    assert matched(described(drawn(1)), empty) == Sketch(matches=0, inliers=0, transform=None)
