"""A picture at several sizes: each is made once, and few are kept."""

from __future__ import annotations

import numpy as np
import pytest

from pictrace.imaging import resized
from pictrace.match.scaled import Scaled


@pytest.fixture
def picture() -> Scaled:
    """Return noise, 120 pixels wide and 80 high."""
    return Scaled(np.random.default_rng(1).integers(0, 256, (80, 120, 3), np.uint8))


def test_a_size_is_made_once_and_is_what_resizing_gives(picture: Scaled) -> None:
    small = picture.at(60, 40)

    assert np.array_equal(small, resized(picture.rgb, 60, 40))
    assert picture.at(60, 40) is small


def test_only_the_last_sizes_are_kept(picture: Scaled) -> None:
    first = picture.at(60, 40)
    for width in (50, 40, 30):
        picture.at(width, 20)

    assert picture.at(60, 40) is not first


def test_a_large_size_is_not_kept(picture: Scaled) -> None:
    assert picture.at(600, 400) is not picture.at(600, 400)


def test_contrast_is_told_in_levels(picture: Scaled) -> None:
    half = np.zeros((64, 64, 3), np.uint8)
    half[:, 32:] = 200

    assert Scaled(half).contrast_levels == pytest.approx(100)
    assert Scaled(np.full((64, 64, 3), 90, np.uint8)).contrast_levels == 0
