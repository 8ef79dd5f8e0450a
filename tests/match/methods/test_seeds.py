"""The scores of the first PicTrace, for the record."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from pictrace.match.methods import IncomparableError, Reading, Sight
from pictrace.match.methods.seed_v0 import SeedV0
from pictrace.match.methods.seed_v1 import SeedV1, ratio_matches

from ...conftest import draw_photo  # type: ignore[import-not-found]  # noqa: TID252 – of the tests

PHOTO = np.asarray(draw_photo(1).convert("RGB"))
OTHER = np.asarray(draw_photo(5, 200, 260).convert("RGB"))
FLAT = np.full((240, 320, 3), 90, np.uint8)
METHODS = SeedV0(), SeedV1(), SeedV1(256)


@dataclass(frozen=True)
class Neighbor:
    distance: float


def compared(method: SeedV0 | SeedV1, a: np.ndarray, b: np.ndarray) -> Reading:
    described = (method.describe(Sight(path=Path("drawn.png"), rgb=np.ascontiguousarray(one))) for one in (a, b))
    return method.compare(*described)


def test_the_second_score_is_the_mean_of_its_three_parts() -> None:
    reading = compared(SeedV1(256), PHOTO, OTHER)

    parts = sum(reading.details[name] for name in ("feature", "ssim", "hist"))
    assert reading.values["mean"] == pytest.approx(parts / 3, abs=1e-9)
    assert reading.details["mean"] == reading.values["mean"]


def test_the_first_score_is_the_mean_of_its_two_parts() -> None:
    reading = compared(SeedV0(), PHOTO, OTHER)

    assert reading.values["mean"] == pytest.approx((reading.details["feature"] + reading.details["ssim"]) / 2, abs=1e-9)


def test_the_first_score_is_that_of_the_query_and_not_symmetric() -> None:
    assert compared(SeedV0(), PHOTO, OTHER) != compared(SeedV0(), OTHER, PHOTO)


def test_a_row_with_fewer_than_two_neighbors_is_passed_over_and_told() -> None:
    near, far = Neighbor(10), Neighbor(90)

    assert ratio_matches([(near, far), (near,), ()]) == ([near], True)
    assert ratio_matches([(near, far), (far, far)]) == ([near], False)


def test_a_match_is_nearer_than_three_quarters_of_the_next() -> None:
    near, next_one = Neighbor(74), Neighbor(100)

    assert ratio_matches([(near, next_one), (Neighbor(75), next_one)]) == ([near], False)


def test_a_pair_on_which_the_service_failed_has_a_score_and_says_what_was_shipped() -> None:
    # A few key points leave nearly every bucket of the hashing empty: some row falls short.
    blob = FLAT.copy()
    blob[90:130, 130:170] = PHOTO[90:130, 130:170]

    reading = compared(SeedV1(), PHOTO, blob)

    assert reading.details["as-shipped"] == 0
    assert reading.values["mean"] != 0


def test_a_pair_on_which_the_service_did_not_fail_was_shipped_as_it_is() -> None:
    tries = (compared(SeedV1(), draw(seed), draw(seed, 90)) for seed in range(40))

    whole = next(reading for reading in tries if reading.details["as-shipped"])
    assert whole.details["as-shipped"] == whole.values["mean"]


@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_a_flat_picture_with_another_is_no_score(method: SeedV0 | SeedV1) -> None:
    with pytest.raises(IncomparableError, match="too little detail: 0 key points"):
        compared(method, FLAT, PHOTO)


@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_equal_flat_pictures_have_a_whole_feature_part(method: SeedV0 | SeedV1) -> None:
    assert compared(method, FLAT, FLAT.copy()).details["feature"] == 1


def test_equal_pictures_with_a_single_key_point_are_equal() -> None:
    # FLANN refuses to look for two neighbors of one, where the service said 0.
    dotted = np.full((64, 64, 3), 120, np.uint8)
    dotted[32, 32] = 20

    reading = compared(SeedV1(), dotted, dotted.copy())

    assert reading.values["mean"] == 1
    assert reading.details["as-shipped"] == 0


def test_the_color_part_is_a_correlation_with_too_large_a_mean_as_it_was() -> None:
    a, b = (cv2.resize(one, (256, 256)) // 8 for one in (PHOTO, OTHER))
    x, y = (np.bincount((one.astype(int) @ (1024, 32, 1)).ravel(), minlength=32**3) for one in (a, b))
    x, y = x / np.linalg.norm(x), y / np.linalg.norm(y)
    mean = 1 / 1024
    products = [one @ other - one.sum() * other.sum() * mean for one, other in ((x, y), (x, x), (y, y))]

    hist = compared(SeedV1(256), PHOTO, OTHER).details["hist"]

    assert hist == pytest.approx(products[0] / np.sqrt(products[1] * products[2]), abs=1e-5)


def test_noise_is_equal_to_itself_and_no_score_with_what_has_few_colors() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (256, 256, 3), np.uint8)

    assert compared(SeedV1(), noise, noise.copy()).values["mean"] == 1
    with pytest.raises(IncomparableError, match="color part is no number"):
        compared(SeedV1(), noise, np.where(PHOTO > 128, np.uint8(200), np.uint8(20)))


def test_the_square_is_as_large_as_the_longest_of_all_sides() -> None:
    method = SeedV1()
    # The smaller one is enlarged: with itself alone it would keep its size.
    small, large = (cv2.resize(PHOTO, (side, side)) for side in (100, 500))

    auto = compared(method, small, large).details["ssim"]

    assert auto == compared(SeedV1(500), small, large).details["ssim"]
    assert auto != compared(SeedV1(100), small, large).details["ssim"]


def test_a_large_picture_is_squashed_to_1024() -> None:
    large = cv2.resize(PHOTO, (1600, 1200))

    assert compared(SeedV1(), large, OTHER).details["ssim"] == compared(SeedV1(1024), large, OTHER).details["ssim"]


def draw(seed: int, quality: int | None = None) -> np.ndarray:
    photo = np.asarray(draw_photo(seed).convert("RGB"))
    if quality is None:
        return photo
    return cv2.imdecode(cv2.imencode(".jpg", photo, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)
