"""Structural similarity and what it is made of."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage.metrics import structural_similarity

from pictrace.match.methods import MethodSettings, Reading, Sight, chosen

from ...conftest import draw_photo  # type: ignore[import-not-found]  # noqa: TID252 – of the tests


def read(a: np.ndarray, b: np.ndarray, *, wants_parts: bool = True) -> Reading:
    (method,) = chosen(["ssim"], MethodSettings(wants_ssim_parts=wants_parts))
    return method.compare(*(method.describe(Sight(path=Path("drawn.png"), rgb=rgb)) for rgb in (a, b)))


def photograph(seed: int = 1) -> np.ndarray:
    return np.asarray(draw_photo(seed, 256, 256))


def test_it_is_that_of_scikit_image_with_its_defaults() -> None:
    a, b = photograph(), photograph(2)
    grays = [cv2.cvtColor(one, cv2.COLOR_RGB2GRAY) for one in (a, b)]

    assert read(a, b, wants_parts=False).values["ssim"] == structural_similarity(*grays)


def inverted() -> np.ndarray:
    return 255 - photograph()


def black() -> np.ndarray:
    return np.zeros((256, 256, 3), np.uint8)


@pytest.mark.parametrize("other", [photograph(), photograph(2), inverted(), black(), 255 - black()])
@pytest.mark.parametrize("one", [photograph(), black()])
def test_the_parts_multiply_to_the_whole(one: np.ndarray, other: np.ndarray) -> None:
    found = read(one, other)

    assert set(found.details) == {"luminance", "contrast", "structure"}
    assert math.prod(found.details.values()) == pytest.approx(found.values["ssim"], abs=1e-6)


def grain(seed: int = 0) -> np.ndarray:
    gray = np.random.default_rng(seed).integers(0, 256, (256, 256), np.uint8)
    return cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB)


def test_another_light_is_told_by_luminance() -> None:
    parts = read(grain() // 2, grain() // 2 + 100).details

    assert parts["luminance"] < 0.9
    assert min(parts["contrast"], parts["structure"]) > 0.99


def test_another_spread_is_told_by_contrast() -> None:
    parts = read(grain(), grain() // 4 + 96).details

    assert parts["contrast"] < 0.6
    assert min(parts["luminance"], parts["structure"]) > 0.9


@pytest.mark.parametrize(("other", "least", "most"), [(grain(1), -0.1, 0.1), (255 - grain(), -1, -0.9)])
def test_another_course_is_told_by_structure(other: np.ndarray, least: float, most: float) -> None:
    parts = read(grain(), other).details

    assert least <= parts["structure"] <= most
    assert min(parts["luminance"], parts["contrast"]) > 0.9


def test_parts_are_told_only_where_they_are_asked_for() -> None:
    found = read(photograph(), photograph(2), wants_parts=False)

    assert found.details == {}
    assert found.values == read(photograph(), photograph(2)).values
