"""The hashes of bright and dark regions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pictrace.match.methods import Reading, Sight
from pictrace.match.methods.crop_resistant import CropResistant

METHOD = CropResistant()


def reading(a: np.ndarray, b: np.ndarray) -> Reading:
    return METHOD.compare(
        *(METHOD.describe(Sight(path=Path("drawn.png"), rgb=np.ascontiguousarray(c))) for c in (a, b))
    )


def islands() -> np.ndarray:
    """Draw three bright shapes of different courses on black, each in its own third."""
    rgb = np.zeros((120, 360, 3), np.uint8)
    ramp = np.linspace(150, 250, 80)
    rgb[20:100, 20:100] = ramp[None, :, None]
    rgb[20:100, 140:220] = ramp[None, ::-1, None]
    rgb[20:100, 260:340] = np.where(np.arange(80) % 20 < 10, 160, 250)[None, :, None]
    return rgb


def test_the_regions_of_a_cropped_copy_are_found_again() -> None:
    whole = islands()

    found = reading(whole, whole[:, 120:])

    assert found.values["unmatched"] < 0.5
    assert found == reading(whole[:, 120:], whole)


def test_a_picture_without_a_common_region_is_at_the_end_of_the_scale() -> None:
    whole = islands()

    assert reading(whole[:, :120][20:100, 20:100], whole[:, 120:240][20:100, 20:100]).values == {"unmatched": 1.0}


def test_a_large_picture_is_reduced_first() -> None:
    small = islands()
    large = np.repeat(np.repeat(small, 12, axis=0), 12, axis=1)

    assert reading(small, large).values["unmatched"] == pytest.approx(0, abs=0.05)
