"""Where two aligned pictures disagree: measured block by block, so that a small change is not averaged away."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.match.tone import Floats

# Blocks whose luma varies less (standard deviation, levels) say nothing about structure.
TEXTURED_LEVELS = 6.0
_FEWEST_BLOCKS = 6
# Keeps the residual of a flat block from being measured against nothing.
_QUIET_LEVELS = 4.0
_SHARP_LEVELS = 3.0
# A block's shift can be told only where its gradients point in two directions, so strongly (levels squared).
_CORNER_STRENGTH = 4.0
_SHIFT_BLOCK_PIXELS = 16


def cut(values: Floats, side: int) -> Floats:
    """Return a picture in square blocks, shape (blocks, side * side); what is left at the edges is dropped."""
    rows, columns = values.shape[0] // side, values.shape[1] // side
    trimmed = values[: rows * side, : columns * side]
    return trimmed.reshape(rows, side, columns, side).swapaxes(1, 2).reshape(rows * columns, side * side)


def worst_correlation(expected: Floats, found: Floats, side: int) -> float:
    """Return the lowest correlation among textured blocks, -1..1; 1 where too few have texture."""
    a, b = cut(expected, side), cut(found, side)
    a_spread, b_spread = a.std(axis=1), b.std(axis=1)
    covariance = ((a - a.mean(axis=1, keepdims=True)) * (b - b.mean(axis=1, keepdims=True))).mean(axis=1)
    is_textured = np.maximum(a_spread, b_spread) > TEXTURED_LEVELS
    if is_textured.sum() < _FEWEST_BLOCKS:
        return 1.0
    return float(((covariance + 1.0) / (a_spread * b_spread + 1.0))[is_textured].min())


def worst_residual(expected: Floats, found: Floats, side: int) -> float:
    """Return the largest difference of a block, relative to how much the block varies itself; 0 is equal."""
    a, b = cut(expected, side), cut(found, side)
    activity = np.sqrt((a.var(axis=1) + b.var(axis=1)) / 2)
    residual = np.sqrt(((a - b) ** 2).mean(axis=1))
    return float((residual / (activity + _QUIET_LEVELS)).max(initial=0.0))


def worst_color(expected: Floats, found: Floats, side: int) -> float:
    """Return the largest difference between the mean colours of a block, in levels of the worst channel."""
    difference = expected - found
    means = np.stack([cut(difference[..., c], side).mean(axis=1) for c in range(3)], axis=1)
    return float(np.abs(means).max(initial=0.0))


def textured_share(luma: Floats, side: int) -> float:
    """Return the share of blocks that show any texture, 0..1."""
    spread = cut(luma, side).std(axis=1)
    return float((spread > TEXTURED_LEVELS).mean()) if len(spread) else 0.0


def sharpness_spread(expected: Floats, found: Floats) -> float:
    """Return how unevenly the sharpness differs over the picture, in powers of two; 0 is evenly.

    A copy is softer or sharper all over; another focus distance is not.
    """
    side = _SHIFT_BLOCK_PIXELS
    a, b = (np.sqrt((cut(fine(values), side) ** 2).mean(axis=1)) for values in (expected, found))
    is_sharp = np.maximum(a, b) > _SHARP_LEVELS
    if is_sharp.sum() < _FEWEST_BLOCKS:
        return 0.0
    ratio = np.log2((a[is_sharp] + 0.5) / (b[is_sharp] + 0.5))
    low, high = np.quantile(ratio, (0.05, 0.95))
    return float(high - low)


def fine(values: Floats) -> Floats:
    """Return what is finer than about two pixels."""
    return np.asarray(values - cv2.GaussianBlur(values, (0, 0), 1.0), dtype=np.float32)


def shifts(expected: Floats, found: Floats, side: int) -> NDArray[np.float64]:
    """Return how far each block with corners has moved, in pixels (Lucas and Kanade, 1981, one step).

    Beyond about two pixels the values are no longer distances, only large.
    """
    a, b = (cv2.GaussianBlur(values, (0, 0), 1.0) for values in (expected, found))
    across = cv2.Sobel(a, cv2.CV_32F, 1, 0, ksize=3) / 8
    down = cv2.Sobel(a, cv2.CV_32F, 0, 1, ksize=3) / 8
    change = a - b
    products = (across * across, across * down, down * down, across * change, down * change)
    xx, xy, yy, xt, yt = (
        cut(np.asarray(product, np.float32), side).sum(axis=1).astype(np.float64) for product in products
    )
    determinant = xx * yy - xy * xy
    weakest = (xx + yy) / 2 - np.sqrt(np.maximum(0.0, ((xx + yy) / 2) ** 2 - determinant))
    is_corner = weakest > side * side * _CORNER_STRENGTH
    if is_corner.sum() < _FEWEST_BLOCKS:
        return np.zeros(0)
    move_x = (yy * xt - xy * yt)[is_corner] / determinant[is_corner]
    move_y = (xx * yt - xy * xt)[is_corner] / determinant[is_corner]
    return np.asarray(np.hypot(move_x, move_y))
