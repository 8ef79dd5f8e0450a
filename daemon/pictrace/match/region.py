"""The part of a frame in which two pictures agree, where the rest shows something else: a tile that was cut to fit."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.imaging import gray
from pictrace.match import blocks
from pictrace.match.equalized import Equalized, Size
from pictrace.match.laying import Laid
from pictrace.match.measures import DIFFERENT_RESIDUAL, TEXTURED_LEVELS, block_measures
from pictrace.model import Box

# Blocks that differ count so much more than blocks that agree.
_AGAINST: Final = 1.5
_LEAST_DIFFERENT: Final = 0.10
_LEAST_AREA, _MOST_AREA = 0.12, 0.95
# The region has to hold nearly all blocks that agree, and shut out nearly all that do not.
_LEAST_AGREEING, _MOST_DIFFERENT_INSIDE = 0.75, 0.12
# Blocks this much alike show the same; less alike than that, something else.
_AGREES, _DIFFERS = 0.75, 0.4
_BLOCK_PIXELS: Final = 8
_MOST_CHANGED: Final = 0.35
# So much of a line of blocks has to differ for the picture to end before it, and so many blocks have to tell.
_LEAST_CUT: Final = 0.6
_FEWEST_TELLING, _FEWEST_LINES = 4, 4


def agreeing_region(laid: Laid) -> Box | None:
    """Return the rectangle in which two pictures agree, relative to the frame; None where that says nothing.

    Judged by the blocks' structure, which needs no tone taken out: what is around may have spoilt that.
    """
    half = laid.reduced(Size.HALF)
    a, b = (blocks.cut(gray(rgb), _BLOCK_PIXELS) for rgb in (half.inner, half.outer))
    correlation, *spreads = blocks.correlations(a, b)
    is_telling = blocks.known(half.mask, _BLOCK_PIXELS) & (np.maximum(*spreads) > TEXTURED_LEVELS)
    weights = np.where(correlation >= _AGREES, 1.0, np.where(correlation < _DIFFERS, -_AGAINST, 0.0)) * is_telling
    height, width = (side // _BLOCK_PIXELS for side in half.mask.shape)
    grid = weights.reshape(height, width)
    agreeing, differing = grid > 0, grid < 0
    if differing.sum() < _LEAST_DIFFERENT * max(1, is_telling.sum()):
        return None
    top, bottom, left, right = _best_rectangle(grid)
    inside = slice(top, bottom), slice(left, right)
    share = agreeing[inside].size / grid.size
    has_most = agreeing[inside].sum() >= _LEAST_AGREEING * agreeing.sum()
    is_clean = differing[inside].sum() <= _MOST_DIFFERENT_INSIDE * max(1, agreeing[inside].sum())
    if not (has_most and is_clean and _LEAST_AREA <= share <= _MOST_AREA):
        return None
    return left / width, top / height, right / width, bottom / height


def uncut_region(pair: Equalized) -> Box | None:
    """Return the frame without those of its outermost lines of blocks that differ; None where none does.

    A picture that was cropped from the other one agrees with it up to its edges. One that was cut a little, to fit
    into a collage, ends earlier.
    """
    is_known, is_different = _differing(pair)
    height, width = is_known.shape
    if min(height, width) < _FEWEST_LINES:
        return None
    edges = (0, slice(None)), (slice(None), -1), (-1, slice(None)), (slice(None), 0)
    top, right, bottom, left = (
        bool(is_different[edge].sum() >= _LEAST_CUT * max(_FEWEST_TELLING, is_known[edge].sum())) for edge in edges
    )
    if not (top or right or bottom or left):
        return None
    return left / width, top / height, 1 - right / width, 1 - bottom / height


def _differing(pair: Equalized) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which blocks of the frame are known, and which of them clearly differ, (rows, columns)."""
    measured = block_measures(pair, Size.HALF)
    changed = np.zeros(len(measured.is_known), np.bool_)
    changed[measured.is_known] = measured.residual > DIFFERENT_RESIDUAL
    height, width = (side // _BLOCK_PIXELS for side in pair.masks[Size.HALF].shape)
    return measured.is_known.reshape(height, width), changed.reshape(height, width)


def without_changes(pair: Equalized) -> NDArray[np.bool_] | None:
    """Return a mask of the frame without the blocks that clearly differ; None where there are none, or too many."""
    is_known, is_different = _differing(pair)
    share = is_different.sum() / max(1, is_known.sum())
    if not 0 < share <= _MOST_CHANGED:
        return None
    grid = cv2.dilate(is_different.astype(np.uint8), np.ones((3, 3), np.uint8))
    height, width = pair.laid.mask.shape
    spread = np.zeros((height, width), np.uint8)
    side = Size.HALF * _BLOCK_PIXELS
    large = np.kron(grid, np.ones((side, side), np.uint8))[:height, :width]
    spread[: large.shape[0], : large.shape[1]] = large
    return np.asarray(pair.laid.mask & (spread == 0))


def restricted(laid: Laid, region: Box) -> Laid:
    """Return a frame of which only a region counts."""
    height, width = laid.mask.shape
    left, top, right, bottom = region
    mask = np.zeros_like(laid.mask)
    rows = slice(round(top * height), round(bottom * height))
    columns = slice(round(left * width), round(right * width))
    mask[rows, columns] = laid.mask[rows, columns]
    return replace(laid, mask=mask)


def _best_rectangle(grid: NDArray[np.float64]) -> tuple[int, int, int, int]:
    """Return top, bottom, left, right of the rectangle with the largest sum (Kadane, for each pair of rows)."""
    above = np.zeros((grid.shape[0] + 1, grid.shape[1] + 1))
    above[1:, 1:] = grid.cumsum(axis=0).cumsum(axis=1)
    tops, bottoms = np.triu_indices(len(grid))
    sums = above[bottoms + 1] - above[tops]
    lows = np.minimum.accumulate(sums[:, :-1], axis=1)
    totals = sums[:, 1:] - lows
    pair, right = np.unravel_index(int(totals.argmax()), totals.shape)
    left = int(sums[pair, : right + 1].argmin())
    return int(tops[pair]), int(bottoms[pair]) + 1, left, int(right) + 1
