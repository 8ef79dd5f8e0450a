"""Block matching, as video coders do it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.imaging import gray
from pictrace.match.methods.base import Metric, Pixels, Reading, Sight

_SIDE_PIXELS: Final = 128
_BLOCK_PIXELS: Final = 16
_REACH_PIXELS: Final = 8
_LEVELS_PER_PIXEL: Final = 0.1
_BLOCKS: Final = _SIDE_PIXELS // _BLOCK_PIXELS


@dataclass(frozen=True, slots=True)
class Motion:
    """Block matching: what is left of each block after the best shift, and how far that shift goes.

    Source: block motion compensation of video coders (Jain and Jain, «Displacement measurement and its application in
    interframe image coding», 1981), proposed for likeness of pictures in a discussion; parameters of our own study.
    cost(block) = min over shifts v of mean|block - other(v)| + 0.1·|v|; the mean over all blocks, in both directions.
    Shifts that leave the picture are not tried.
    """

    name = "motion"
    metrics = (Metric(name="cost", unit="gray levels", is_similarity=False, perfect=0.0),)
    is_record_only = False

    def describe(self, sight: Sight) -> Pixels:
        """Return the luma of the squashed picture, uint8, shape (128, 128)."""
        return gray(sight.squashed(_SIDE_PIXELS))

    def compare(self, a: Pixels, b: Pixels) -> Reading:
        """Return the mean cost of both directions; details: what is left (gray levels) and the shifts (pixels)."""
        there, back = _explained(a, b), _explained(b, a)
        cost, residual, shift = ((one + other) / 2 for one, other in zip(there, back, strict=True))
        return Reading(values={"cost": cost}, details={"residual": residual, "shift-pixels": shift})


def _explained(wanted: Pixels, other: Pixels) -> tuple[float, float, float]:
    """Return cost, residual and shift with which the other picture explains the wanted one, means over the blocks."""
    shifts, lengths, is_inside = _shifts()
    levels = wanted.astype(np.float32)
    padded = cv2.copyMakeBorder(other.astype(np.float32), *(_REACH_PIXELS,) * 4, cv2.BORDER_REPLICATE)
    residuals = np.empty((len(shifts), _BLOCKS, _BLOCKS), np.float32)
    for k, (x, y) in enumerate(shifts):
        away = cv2.absdiff(levels, padded[y : y + _SIDE_PIXELS, x : x + _SIDE_PIXELS])
        # Averaging by area over whole blocks gives the mean of each.
        cv2.resize(away, (_BLOCKS, _BLOCKS), dst=residuals[k], interpolation=cv2.INTER_AREA)
    costs = np.where(is_inside, residuals + np.float32(_LEVELS_PER_PIXEL) * lengths[:, None, None], np.inf)
    best = costs.argmin(axis=0)
    rows, columns = np.indices(best.shape)
    chosen = residuals[best, rows, columns]
    return float(costs.min(axis=0).mean()), float(chosen.mean()), float(lengths[best].mean())


@functools.cache
def _shifts() -> tuple[list[tuple[int, int]], NDArray[np.float32], NDArray[np.bool_]]:
    """Return all shifts (x and y into the padded picture), their lengths, and for which blocks each stays inside."""
    reach = range(-_REACH_PIXELS, _REACH_PIXELS + 1)
    moves = np.array([(x, y) for y in reach for x in reach])
    starts = np.arange(_BLOCKS) * _BLOCK_PIXELS
    places = starts + moves[:, :, None]
    is_inside = (places >= 0) & (places + _BLOCK_PIXELS <= _SIDE_PIXELS)
    shifts = [(int(x), int(y)) for x, y in moves + _REACH_PIXELS]
    return shifts, np.hypot(*moves.T).astype(np.float32), is_inside[:, 1, :, None] & is_inside[:, 0, None, :]
