"""The cosine of the pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pictrace.match.methods import Sight
from pictrace.match.methods.cosine import Cosine


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    method = Cosine()
    return method.compare(*(method.describe(Sight(path=Path("drawn.png"), rgb=rgb)) for rgb in (a, b))).values["cosine"]


def flat(level: int) -> np.ndarray:
    return np.full((40, 30, 3), level, np.uint8)


def test_it_is_the_angle_from_black() -> None:
    random = np.random.default_rng(0)
    a, b = (random.integers(0, 256, (256, 256, 3), np.uint8) for _ in range(2))
    x, y = a.ravel() / 255, b.ravel() / 255

    assert cosine(a, b) == pytest.approx(x @ y / (np.linalg.norm(x) * np.linalg.norm(y)), rel=1e-12)


def test_black_is_like_black_alone() -> None:
    assert cosine(flat(0), flat(0)) == 1
    assert cosine(flat(0), flat(1)) == cosine(flat(1), flat(0)) == 0


def test_half_the_light_points_the_same_way() -> None:
    assert cosine(flat(60), flat(120)) == pytest.approx(1)
