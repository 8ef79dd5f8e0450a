"""Where two aligned pictures disagree: measured block by block, so that a small change is not averaged away."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

# A block counts where this share of it is known in both pictures.
_KNOWN_SHARE: Final = 0.9
# A block's shift can be told only where its gradients point in two directions, so strongly (levels squared).
_CORNER_STRENGTH: Final = 2.0
_SMOOTH_PIXELS: Final = 1.0
# Slower changes than this are light, not shape.
_SLOW_PIXELS: Final = 6.0


def where(mask: Mask, values: NDArray[Any]) -> NDArray[Any]:
    """Return the pixels of a picture where a mask is true, (n,) or (n, channels); not a copy where it is everywhere."""
    pixels = values.reshape(-1, *values.shape[2:])
    return pixels if mask.all() else pixels[np.flatnonzero(mask)]


def cut(values: NDArray[np.generic], side: int) -> Floats:
    """Return a picture in square blocks, shape (blocks, side * side); what is left at the edges is dropped."""
    rows, columns = values.shape[0] // side, values.shape[1] // side
    trimmed = values[: rows * side, : columns * side].astype(np.float32, copy=False)
    return trimmed.reshape(rows, side, columns, side).swapaxes(1, 2).reshape(rows * columns, side * side)


def known(mask: Mask, side: int) -> Mask:
    """Return which blocks lie where both pictures are known."""
    if mask.all():
        return np.ones((mask.shape[0] // side) * (mask.shape[1] // side), np.bool_)
    return np.asarray(cut(mask, side).mean(axis=1) > _KNOWN_SHARE)


def pasted(values: NDArray[np.generic], shape: tuple[int, ...], side: int) -> NDArray[np.generic]:
    """Return a value for each block as a picture, (rows, columns); the inverse of `cut` for one value a block."""
    return values.reshape(shape[0] // side, shape[1] // side)


def fine(values: Floats) -> Floats:
    """Return what is finer than about two pixels."""
    return np.asarray(values - cv2.GaussianBlur(values, (0, 0), _SMOOTH_PIXELS), dtype=np.float32)


def correlations(a: Floats, b: Floats) -> tuple[Floats, Floats, Floats]:
    """Return how alike blocks are, -1..1 each, and how much they vary in either picture (standard deviation).

    Args:
        a, b: as `cut` gives them, (blocks, pixels).
    """
    away_a, away_b = (values - values.mean(axis=1, keepdims=True) for values in (a, b))
    covariance = (away_a * away_b).mean(axis=1)
    spread_a, spread_b = (np.sqrt(np.multiply(away, away, out=away).mean(axis=1)) for away in (away_a, away_b))
    return (covariance + 1.0) / (spread_a * spread_b + 1.0), spread_a, spread_b


def moves(
    expected: Floats, found: Floats, mask: Mask, side: int, least_correlation: float = -1.0
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return how far each block with corners has moved (Lucas and Kanade, 1981, one step).

    Beyond about two pixels a move is no longer a distance, only large.

    Args:
        expected, found: luma, float32, the same shape.
        mask: where both are known.
        side: of the blocks, in pixels.
        least_correlation: blocks less alike than this show something else, and are left out.

    Returns:
        The blocks' middles and their moves, (n, 2) each, x and y in pixels, and how strongly each speaks, (n,).
    """
    a, b = (cv2.GaussianBlur(values, (0, 0), _SMOOTH_PIXELS) for values in (expected, found))
    shape_a, shape_b = (values - cv2.GaussianBlur(values, (0, 0), _SLOW_PIXELS) for values in (a, b))
    across, down = ((cv2.Sobel(a, cv2.CV_32F, *way, ksize=3) + cv2.Sobel(b, cv2.CV_32F, *way, ksize=3)) / 16
                    for way in ((1, 0), (0, 1)))  # fmt: skip
    change = shape_a - shape_b
    products: tuple[NDArray[Any], ...] = (across * across, across * down, down * down, across * change, down * change)
    if not mask.all():
        products = tuple(np.where(mask, product, 0) for product in products)
    xx, xy, yy, xt, yt = (cut(product, side).sum(axis=1, dtype=np.float64) for product in products)
    determinant = xx * yy - xy * xy
    weakest = (xx + yy) / 2 - np.sqrt(np.maximum(0.0, ((xx + yy) / 2) ** 2 - determinant))
    is_corner = known(mask, side) & (weakest > side * side * _CORNER_STRENGTH)
    if least_correlation > -1:
        is_corner &= correlations(cut(expected, side), cut(found, side))[0] >= least_correlation
    columns = max(1, expected.shape[1] // side)
    row, column = np.divmod(np.flatnonzero(is_corner), columns)
    middles = np.stack([column * side, row * side], axis=1) + (side - 1) / 2
    move_x = (yy * xt - xy * yt)[is_corner] / determinant[is_corner]
    move_y = (xx * yt - xy * xt)[is_corner] / determinant[is_corner]
    return middles, np.stack([move_x, move_y], axis=1), np.sqrt(weakest[is_corner]) / side
