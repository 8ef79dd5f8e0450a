"""The thumbnail of 4 × 4 pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pictrace.match.methods import Sight
from pictrace.match.methods.thumb4 import Thumb4


def test_all_differences_are_summed() -> None:
    method = Thumb4()
    black, other = np.zeros((40, 80, 3), np.uint8), np.zeros((40, 80, 3), np.uint8)
    other[:10, :20] = (1, 2, 3)
    other[-10:, -20:] = (255, 0, 0)

    a, b = (method.describe(Sight(path=Path("drawn.png"), rgb=rgb)) for rgb in (black, other))

    assert method.compare(a, b).values["manhattan"] == 261
