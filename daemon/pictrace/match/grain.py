"""Whether two pictures share their grain: the noise of one exposure, which no second exposure repeats.

Compression leaves of the noise what it can afford, so what a copy still has of it lies in the original too: projected
on the noisier picture, the quieter one gives nearly all of itself. Two exposures of a still scene give next to nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pictrace.imaging import gray
from pictrace.match.blocks import cut, fine
from pictrace.match.tone import Floats, rising_curve

_BLOCK_PIXELS = 16
_FEWEST_BLOCKS = 12
# Stronger than this is texture and edges, which two exposures share (levels).
_MOST_LEVELS = 12.0
# Blocks so near to black or white are clipped.
_UNCLIPPED = (12.0, 243.0)


def shared_grain(source: NDArray[np.uint8], target: NDArray[np.uint8], least_levels: float) -> float | None:
    """Return how much of the quieter picture's grain is in the other one too, 0 to about 1.

    Args:
        source, target: uint8 RGB, aligned, the same shape, as large as can be had.
        least_levels: standard deviation of the weakest grain looked at.

    Returns:
        None where fewer than a dozen blocks have grain.
    """
    before, after = gray(source), gray(target)
    expected: Floats = rising_curve(before, after)[before]
    found = after.astype(np.float32)
    a, b = cut(fine(expected), _BLOCK_PIXELS), cut(fine(found), _BLOCK_PIXELS)
    aa, bb, ab = (a * a).mean(axis=1), (b * b).mean(axis=1), (a * b).mean(axis=1)
    quieter, louder = np.minimum(aa, bb), np.maximum(aa, bb)
    level = [cut(plane.astype(np.float32), _BLOCK_PIXELS).mean(axis=1) for plane in (before, after)]
    dark, bright = _UNCLIPPED
    is_usable = (quieter > least_levels**2) & (louder < _MOST_LEVELS**2)
    is_usable &= (np.minimum(*level) > dark) & (np.maximum(*level) < bright)
    rows = np.flatnonzero(is_usable)
    if len(rows) < _FEWEST_BLOCKS:
        return None
    # The quietest third: where there is least texture, the noise is most of what there is.
    rows = rows[np.argsort(louder[rows])][: max(_FEWEST_BLOCKS, len(rows) // 3)]
    return float(ab[rows].sum() / quieter[rows].sum())
