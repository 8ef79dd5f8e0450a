"""What every method keeps to with pictures nobody would think of: tiny, narrow, flat, noisy, of two colors."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pictrace.config import load_network
from pictrace.match.methods import ALL, IncomparableError, Method, MethodSettings, Reading, Sight

TINY = load_network(Path(__file__).resolve().parents[2] / "networks" / "tiny.yaml")
METHODS = [make(MethodSettings(wants_ssim_parts=True, network=TINY)) for make in ALL]
REPEATABLE = [method for method in METHODS if not method.is_record_only]
SIZES = [(1, 1), (1, 500), (500, 1), (2, 2), (7, 3), (8, 8), (9, 64), (33, 40), (120, 90)]
KINDS = ("flat", "noise", "two colors", "ramp")


def drawn(kind: str, size: tuple[int, int], seed: int) -> np.ndarray:
    """Draw a picture, uint8, shape (height, width, 3); there are eight of each kind and size."""
    random = np.random.default_rng(seed)
    first, second = random.choice([0, 1, 60, 127, 128, 254, 255], (2, 3)).astype(np.uint8)
    height, width = size
    if kind == "flat":
        return np.tile(first, (height, width, 1))
    if kind == "noise":
        return random.integers(0, 256, (height, width, 3), np.uint8)
    if kind == "two colors":
        return np.where(random.random((height, width, 1)) < 0.5, first, second)
    parts = np.linspace(0, 1, height * width).reshape(height, width, 1)
    return np.round(first * parts + second * (1 - parts)).astype(np.uint8)


PICTURES = st.builds(drawn, st.sampled_from(KINDS), st.sampled_from(SIZES), st.integers(0, 7))


def described(method: Method, rgb: np.ndarray) -> object:
    return method.describe(Sight(path=Path("drawn.png"), rgb=rgb.copy()))


def told(method: Method, a: np.ndarray, b: np.ndarray) -> Reading | str:
    """Return what a method gives for two pictures, or why it cannot tell."""
    try:
        return method.compare(described(method, a), described(method, b))
    except IncomparableError as error:
        return str(error)


def named(method: Method) -> str:
    return method.name


@pytest.mark.parametrize("method", METHODS, ids=named)
@given(rgb=PICTURES)
@settings(max_examples=12)
def test_any_picture_is_perfectly_like_itself(method: Method, rgb: np.ndarray) -> None:
    values = method.compare(described(method, rgb), described(method, rgb)).values

    assert values == {metric.name: metric.perfect for metric in method.metrics}


@pytest.mark.parametrize("method", REPEATABLE, ids=named)
@given(a=PICTURES, b=PICTURES)
@settings(max_examples=12)
def test_any_two_pictures_are_as_alike_the_other_way_round(method: Method, a: np.ndarray, b: np.ndarray) -> None:
    assert told(method, a, b) == told(method, b, a)


@pytest.mark.parametrize("method", METHODS, ids=named)
@given(a=PICTURES, b=PICTURES)
@settings(max_examples=12)
def test_any_two_pictures_give_finite_numbers_that_are_no_closer_than_perfect(
    method: Method, a: np.ndarray, b: np.ndarray
) -> None:
    found = told(method, a, b)

    if isinstance(found, Reading):
        assert set(found.values) == {metric.name for metric in method.metrics}
        assert all(math.isfinite(value) for value in (*found.values.values(), *found.details.values()))
        assert not any(metric.is_closer(found.values[metric.name], metric.perfect) for metric in method.metrics)
