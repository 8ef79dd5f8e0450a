"""What shared corners tell."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from pictrace.match.methods import IncomparableError, Reading, Sight, sight_of
from pictrace.match.methods.orb import Orb, matched

from ...conftest import draw_photo  # type: ignore[import-not-found]  # noqa: TID252 – of the tests

PHOTO = np.asarray(draw_photo(1, 400, 300).convert("RGB"))
OTHER = np.asarray(draw_photo(5, 400, 300).convert("RGB"))


def compared(a: np.ndarray, b: np.ndarray) -> Reading:
    method = Orb()
    return method.compare(
        *(method.describe(Sight(path=Path("drawn.png"), rgb=np.ascontiguousarray(one))) for one in (a, b))
    )


def turned(angle_degrees: float, scale: float) -> np.ndarray:
    matrix = cv2.getRotationMatrix2D((200, 150), angle_degrees, scale)
    return cv2.warpAffine(PHOTO, matrix, (400, 300), flags=cv2.INTER_CUBIC)


def test_a_turned_and_smaller_copy_is_found_with_its_angle_and_scale() -> None:
    reading = compared(PHOTO, turned(20, 0.75))

    assert reading.values["distinct-inliers"] > 30
    assert reading.details["angle-degrees"] == pytest.approx(20, abs=0.5)
    assert reading.details["scale"] == pytest.approx(4 / 3, rel=0.02)


def test_the_scale_is_that_of_the_photos_and_not_of_what_is_drawn_of_them() -> None:
    half = cv2.resize(PHOTO, (200, 150), interpolation=cv2.INTER_AREA)

    assert compared(PHOTO, half).details["scale"] == pytest.approx(2, rel=0.02)


def test_a_mirrored_copy_is_found_and_named() -> None:
    reading = compared(PHOTO, PHOTO[:, ::-1])

    assert reading.details["is-mirrored"] == 1
    assert reading.values["similarity"] > 0.9


def test_another_photo_shares_hardly_a_place() -> None:
    assert compared(PHOTO, OTHER).values["distinct-inliers"] < 8


def test_one_corner_found_at_several_scales_counts_once() -> None:
    reading = compared(PHOTO, turned(20, 0.75))

    assert reading.values["distinct-inliers"] < reading.details["inliers"]


def bits(*numbers: int) -> np.ndarray:
    """Draw descriptors, uint8, (n, 32), whose first so many bits are set."""
    return np.packbits([np.arange(256) < number for number in numbers], axis=1)


@pytest.mark.parametrize(("second", "matches"), [(11, 1), (10, 0)])
def test_a_match_is_nearer_than_four_fifths_of_the_next(second: int, matches: int) -> None:
    rows, _ = matched(bits(0), bits(8, second))

    assert len(rows) == matches


def test_a_match_is_the_nearest_in_both_directions() -> None:
    # Both are nearest to the one of 5 bits, which is nearer to the second.
    rows, columns = matched(bits(0, 4), bits(200, 5))

    assert (rows.tolist(), columns.tolist()) == ([1], [1])


def test_a_picture_has_a_thousand_key_points_at_most() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8)

    assert 900 < compared(noise, noise[:, ::-1]).details["keypoints"] <= 1000


def test_a_picture_without_corners_is_no_score() -> None:
    with pytest.raises(IncomparableError, match="too little detail: 0 key points, at least 16 needed"):
        compared(PHOTO, np.full((300, 400, 3), 90, np.uint8))


def test_flat_pictures_of_two_shapes_are_no_score() -> None:
    with pytest.raises(IncomparableError, match="too little detail"):
        compared(np.full((300, 400, 3), 90, np.uint8), np.full((300, 410, 3), 90, np.uint8))


def test_neighbors_of_one_scene_share_corners_as_copies_do(corpus: Path) -> None:
    pair = sorted((corpus / "series").glob("*fox*"))[:2]
    method = Orb()

    reading = method.compare(*(method.describe(sight_of(path)) for path in pair))

    assert reading.values["distinct-inliers"] > 20
