"""The sums of color in blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pictrace.match.methods.base import Metric, Reading, Sight

_SIDE_PIXELS: Final = 256
_BLOCKS: Final = 8  # in a row and in a column
_BLOCK_SIDE_PIXELS: Final = _SIDE_PIXELS // _BLOCKS
_BLOCK_PIXELS: Final = _BLOCK_SIDE_PIXELS**2
# What is told of an early exit holds for this limit.
_CLEAR_LEVELS: Final = 32

Sums = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Blocks:
    """How far apart the sums of color are in that of 8 × 8 blocks where they differ most, told as a mean level.

    Source: an answer in the thread on finding similar images: sum the colors of n × n blocks, and stop at the first
    block that differs. `first_difference` is that; the value here needs all blocks, and says the same of every limit.
    """

    name = "blocks"
    metrics = (Metric(name="largest", unit="levels, 0 to 255", is_similarity=False, perfect=0.0),)
    is_record_only = False

    def describe(self, sight: Sight) -> Sums:
        """Return the sums of red, green and blue of each block, row by row, int64, shape (64, 3)."""
        blocks = sight.squashed(_SIDE_PIXELS).reshape(_BLOCKS, _BLOCK_SIDE_PIXELS, _BLOCKS, _BLOCK_SIDE_PIXELS, 3)
        return np.asarray(blocks.sum(axis=(1, 3), dtype=np.int64)).reshape(-1, 3)

    def compare(self, a: Sums, b: Sums) -> Reading:
        """Return the largest difference of any block in any color, and how many blocks an early exit looks at."""
        first = first_difference(a, b, _CLEAR_LEVELS)
        return Reading(
            values={"largest": int(np.abs(a - b).max()) / _BLOCK_PIXELS},
            details={f"blocks-to-{_CLEAR_LEVELS}-levels": float(len(a) if first is None else first + 1)},
        )


def first_difference(a: Sums, b: Sums, max_levels: float) -> int | None:
    """Return the place of the first block that differs by more levels than allowed, None where there is none.

    Blocks behind that one are not looked at. There is one exactly where the value of `Blocks` is above the limit.
    """
    most = max_levels * _BLOCK_PIXELS
    for place, (one, other) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        if any(abs(x - y) > most for x, y in zip(one, other, strict=True)):
            return place
    return None
