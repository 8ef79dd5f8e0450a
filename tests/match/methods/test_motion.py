"""What block matching makes of moved pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pictrace.match.methods import Sight
from pictrace.match.methods.motion import Motion

from ...conftest import draw_photo  # type: ignore[import-not-found]  # noqa: TID252 – of the tests

SCENE = np.asarray(draw_photo(1, 160, 160).convert("RGB"))


def cut_out(x: int, y: int) -> Sight:
    return Sight(path=Path("drawn.png"), rgb=np.ascontiguousarray(SCENE[y : y + 128, x : x + 128]))


def measured(a: Sight, b: Sight) -> tuple[float, dict[str, float]]:
    method = Motion()
    reading = method.compare(method.describe(a), method.describe(b))
    return reading.values["cost"], reading.details


def test_a_small_shift_costs_little_and_is_measured() -> None:
    cost, details = measured(cut_out(0, 0), cut_out(3, 0))

    # The blocks at one side cannot follow without leaving the picture.
    assert details["shift-pixels"] == pytest.approx(3, abs=0.6)
    assert cost < 3


def test_a_shift_beyond_the_reach_is_not_followed() -> None:
    within, _ = measured(cut_out(0, 0), cut_out(8, 0))
    beyond, _ = measured(cut_out(0, 0), cut_out(11, 0))

    assert beyond > 2 * within


def test_the_way_of_a_block_costs_a_tenth_of_a_level_a_pixel() -> None:
    _, details = measured(cut_out(0, 0), cut_out(0, 4))
    cost, _ = measured(cut_out(0, 0), cut_out(0, 4))

    assert cost == pytest.approx(details["residual"] + 0.1 * details["shift-pixels"], abs=1e-4)
