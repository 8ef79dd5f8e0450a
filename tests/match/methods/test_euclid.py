"""The Euclidean distance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pictrace.match.methods import Reading, Sight
from pictrace.match.methods.euclid import Euclid


def distance(a: np.ndarray, b: np.ndarray) -> Reading:
    method = Euclid()
    return method.compare(*(method.describe(Sight(path=Path("drawn.png"), rgb=rgb)) for rgb in (a, b)))


@pytest.mark.parametrize("side", [1, 64, 300])
def test_ten_and_twelve_are_two_apart_both_ways_at_any_size(side: int) -> None:
    ten, twelve = (np.full((side, side, 3), level, np.uint8) for level in (10, 12))

    assert distance(ten, twelve).values["rms"] == distance(twelve, ten).values["rms"] == 2


def test_the_plain_distance_is_a_detail() -> None:
    random = np.random.default_rng(0)
    a, b = (random.integers(0, 256, (256, 256, 3), np.uint8) for _ in range(2))

    found = distance(a, b)

    plain = np.linalg.norm(a.astype(np.float64) - b.astype(np.float64))
    assert found.details["euclidean-distance"] == pytest.approx(plain, rel=1e-12)
    assert found.values["rms"] == pytest.approx(plain / 196_608**0.5, rel=1e-12)
