"""The rectangle of blocks in which two pictures agree."""

from __future__ import annotations

import numpy as np
import pytest

from pictrace.imaging import resized
from pictrace.match.laying import Laid
from pictrace.match.region import agreeing_region


def laid(inner: np.ndarray, outer: np.ndarray) -> Laid:
    """Return two pictures in one frame, all of it known."""
    height, width = inner.shape[:2]
    everywhere = np.ones((height, width), np.bool_)
    eye = np.eye(3)
    return Laid(inner=inner, outer=outer, mask=everywhere, is_first_inner=True, to_inner=eye, to_outer=eye)


def noise(seed: int) -> np.ndarray:
    """Return coarse noise, 256 pixels wide and 192 high: each block has texture."""
    random = np.random.default_rng(seed)
    return resized(random.integers(0, 256, (96, 128, 3), np.uint8), 256, 192)


@pytest.mark.parametrize("box", [(0, 0, 160, 192), (96, 0, 256, 192), (64, 48, 256, 192), (32, 64, 192, 160)])
def test_the_agreeing_region_is_the_part_that_both_show(box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    inner, outer = noise(1), noise(2)
    outer[top:bottom, left:right] = inner[top:bottom, left:right]

    region = agreeing_region(laid(inner, outer))

    assert region == pytest.approx((left / 256, top / 192, right / 256, bottom / 192))


def test_pictures_that_agree_nowhere_have_no_region() -> None:
    assert agreeing_region(laid(noise(1), noise(2))) is None
