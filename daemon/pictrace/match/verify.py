"""Measures how two aligned pictures agree: numbers only, the verdict is `relate`'s."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from skimage.metrics import structural_similarity

from pictrace.imaging import gray
from pictrace.match.align import Aligned

_BLOCK_PIXELS: Final = 16
_TILE_PIXELS: Final = 64
_SMOOTHING_PIXELS: Final = 4.0
# A block with less variance (gray levels squared) holds nothing that could agree or disagree.
_TEXTURE_VARIANCE: Final = 25.0
_CLEAR_TEXTURE_VARIANCE: Final = 100.0
_DISAGREEING_CORRELATION: Final = 0.6
_TILE_DEVIATION: Final = 8.0
_SMALLEST_SIDE_PIXELS: Final = 2 * _BLOCK_PIXELS

Gray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """How two aligned pictures agree.

    ``ssim``: structural similarity of luma after a monotone tone curve was fitted, -1..1. ``bad_blocks``: share of
    textured blocks that correlate below 0.6. ``shift_pixels``: median shift of tiles that remains after alignment.
    ``luma_difference``, ``chroma_difference``: mean absolute difference of the smoothed pictures, gray levels.
    ``chroma_first``, ``chroma_second``: mean chroma, gray levels; near 0 in a greyscale picture. ``texture``: share
    of blocks that hold any. ``deviation``: the smaller standard deviation of luma, gray levels.
    """

    ssim: float
    bad_blocks: float
    shift_pixels: float
    luma_difference: float
    chroma_difference: float
    chroma_first: float
    chroma_second: float
    texture: float
    deviation: float


def measure(aligned: Aligned) -> Measures | None:
    """Return the measures, None where the pictures are too small to hold any.

    The tone curve maps the picture with more contrast to the one with less, so that what one of them clipped is not
    asked of the other.
    """
    if min(aligned.first.shape[:2]) < _SMALLEST_SIDE_PIXELS:
        return None
    first, second = gray(aligned.first), gray(aligned.second)
    source, target = (first, second) if first.std() >= second.std() else (second, first)
    fitted = _tone_curve(source, target)[source]
    wanted = target.astype(np.float64)
    bad_blocks, texture = _blocks(source.astype(np.float64), wanted)
    color_first, color_second = _color_planes(aligned.first), _color_planes(aligned.second)
    return Measures(
        ssim=float(structural_similarity(fitted, wanted, data_range=255.0)),
        bad_blocks=bad_blocks,
        shift_pixels=_median_shift(fitted, wanted),
        luma_difference=float(np.abs(color_first[0] - color_second[0]).mean()),
        chroma_difference=float(np.hypot(color_first[1] - color_second[1], color_first[2] - color_second[2]).mean()),
        chroma_first=float(np.hypot(color_first[1] - 128, color_first[2] - 128).mean()),
        chroma_second=float(np.hypot(color_second[1] - 128, color_second[2] - 128).mean()),
        texture=texture,
        deviation=float(min(first.std(), second.std())),
    )


def _tone_curve(source: NDArray[np.uint8], target: NDArray[np.uint8]) -> Gray:
    """Return the monotone curve, one value for each of 256 levels, that brings the source nearest to the target."""
    count = np.bincount(source.ravel(), minlength=256)
    total = np.bincount(source.ravel(), weights=target.ravel(), minlength=256)
    levels = np.nonzero(count)[0]
    curve = isotonic_regression(total[levels] / count[levels], weights=count[levels]).x
    return np.asarray(np.interp(np.arange(256), levels, curve))


def _blocks(first: Gray, second: Gray) -> tuple[float, float]:
    """Return the share of textured blocks that disagree, and the share of blocks that are textured."""
    a, b = _centered_blocks(first), _centered_blocks(second)
    variance_a, variance_b = (a**2).mean(axis=1), (b**2).mean(axis=1)
    is_textured = np.minimum(variance_a, variance_b) > _TEXTURE_VARIANCE
    # What one picture shows clearly and the other does not at all is a disagreement as well.
    is_textured |= np.maximum(variance_a, variance_b) > _CLEAR_TEXTURE_VARIANCE
    if not is_textured.any():
        return 0.0, 0.0
    correlation = (a * b).mean(axis=1) / np.sqrt(variance_a * variance_b + 1.0)
    return float((correlation[is_textured] < _DISAGREEING_CORRELATION).mean()), float(is_textured.mean())


def _centered_blocks(values: Gray) -> Gray:
    size = _BLOCK_PIXELS
    height, width = values.shape[0] // size * size, values.shape[1] // size * size
    blocks = values[:height, :width].reshape(height // size, size, width // size, size)
    flat = blocks.swapaxes(1, 2).reshape(-1, size * size)
    return np.asarray(flat - flat.mean(axis=1, keepdims=True))


def _median_shift(first: Gray, second: Gray) -> float:
    """Return the median shift of tiles in pixels, by phase correlation; 0 where no tile holds enough to tell."""
    size = _TILE_PIXELS
    window = cv2.createHanningWindow((size, size), cv2.CV_32F)
    shifts = []
    for top in range(0, first.shape[0] - size + 1, size):
        for left in range(0, first.shape[1] - size + 1, size):
            a = first[top : top + size, left : left + size].astype(np.float32)
            b = second[top : top + size, left : left + size].astype(np.float32)
            if b.std() >= _TILE_DEVIATION:
                (x, y), _ = cv2.phaseCorrelate(a - a.mean(), b - b.mean(), window)
                shifts.append(float(np.hypot(x, y)))
    return float(np.median(shifts)) if shifts else 0.0


def _color_planes(rgb: NDArray[np.uint8]) -> tuple[Gray, Gray, Gray]:
    """Return smoothed luma and the two chroma planes, float64, shape (height, width)."""
    smooth = cv2.GaussianBlur(cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb), (0, 0), _SMOOTHING_PIXELS)
    planes = smooth.astype(np.float64)
    return planes[..., 0], planes[..., 1], planes[..., 2]
