"""Color histograms."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from pictrace.match.methods import Sight
from pictrace.match.methods.hist import Histogram

from ...conftest import draw_photo  # type: ignore[import-not-found]  # noqa: TID252 – of the tests


def values(a: np.ndarray, b: np.ndarray) -> dict[str, float]:
    method = Histogram()
    return method.compare(*(method.describe(Sight(path=Path("drawn.png"), rgb=rgb)) for rgb in (a, b))).values


def photograph(seed: int) -> np.ndarray:
    return np.asarray(draw_photo(seed, 256, 256))


def test_the_intersection_is_the_share_of_pixels_with_a_partner() -> None:
    red, half = np.zeros((256, 256, 3), np.uint8), np.zeros((256, 256, 3), np.uint8)
    red[..., 0] = 255
    half[:, 64:, 0] = 255

    assert values(red, half)["intersection"] == 0.75


def test_the_correlation_is_that_of_opencv() -> None:
    a, b = photograph(1), photograph(2)
    # Flat: of counts in three dimensions OpenCV 4.10 and 5.0 give -2.56.
    counts = [cv2.calcHist([one], [0, 1, 2], None, [8] * 3, [0, 256] * 3).ravel() for one in (a, b)]

    assert values(a, b)["correlation"] == pytest.approx(cv2.compareHist(*counts, cv2.HISTCMP_CORREL), abs=1e-9)


def test_a_picture_that_has_every_color_alike_is_no_error() -> None:
    levels = np.arange(8, dtype=np.uint8) * 32
    every = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(1, 512, 3)
    even = np.repeat(every, 128, axis=0).reshape(256, 256, 3)

    assert values(even, even)["correlation"] == 1
    assert values(even, photograph(1))["correlation"] == 0
