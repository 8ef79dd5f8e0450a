"""The change of colours between two aligned pictures: a rising curve for each channel, then a mix of channels.

Brightness, contrast, gamma and white balance are curves; saturation, sepia and grey are mixes. What this cannot
explain is a difference of content. The curve is fitted by pooling adjacent violators (Ayer et al., 1955).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.match import blocks
from pictrace.match.order import median

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]

_BINS: Final = 64
# Pulls the mix towards "as the curve says": one gray level squared for each pixel, so flat pictures have a solution.
_RIDGE: Final = 1.0
_LUMA: Final = np.array([0.299, 0.587, 0.114], np.float32)
# Blocks that fit so much worse than the middle one were covered; the change of tone is that of the others.
_BLOCK_PIXELS: Final = 8
_COVERED_TIMES, _COVERED_LEVELS = 2.5, 2.0
_LEAST_UNCOVERED: Final = 0.3
_FEWEST_BLOCKS: Final = 12


@dataclass(frozen=True, slots=True)
class Tone:
    """Predicts the colours of one picture from those of another."""

    curves: Floats  # (256, 3)
    mix: Floats  # (7, 3): weights of the three curved channels, the three plain ones, and 1

    def applied(self, rgb: Pixels) -> Floats:
        """Return the predicted picture, shape (height, width, 3), 0..255."""
        mixed = _curved(self.curves, rgb) @ self.mix[:3]
        mixed += rgb.astype(np.float32) @ self.mix[3:6]
        mixed += self.mix[6]
        return np.asarray(np.clip(mixed, 0, 255, out=mixed))


@dataclass(frozen=True, slots=True)
class Fit:
    """A change of tone, and what it predicts of the picture that it was fitted to, float32 (height, width, 3)."""

    tone: Tone
    predicted: Floats


def fitted(source: Pixels, target: Pixels, mask: Mask) -> Fit:
    """Return the tone change that comes nearest to making one picture the other, where neither was covered.

    Args:
        source, target: uint8 RGB, the same shape, aligned.
        mask: where both are known.
    """
    tone = _fitted(blocks.where(mask, source), blocks.where(mask, target))
    fit = Fit(tone, tone.applied(source))
    residual = (luma(fit.predicted) - luma(target.astype(np.float32))) ** 2
    misfit = np.sqrt(blocks.cut(residual, _BLOCK_PIXELS).mean(axis=1))
    known = blocks.known(mask, _BLOCK_PIXELS)
    if known.sum() < _FEWEST_BLOCKS:
        return fit
    fits = known & (misfit <= max(_COVERED_LEVELS, _COVERED_TIMES * median(misfit[known])))
    if fits.sum() == known.sum() or fits.sum() < _LEAST_UNCOVERED * known.sum():
        return fit
    inside = np.zeros_like(mask)
    spread = np.kron(blocks.pasted(fits, mask.shape, _BLOCK_PIXELS), np.ones((_BLOCK_PIXELS,) * 2, np.bool_))
    inside[: spread.shape[0], : spread.shape[1]] = spread
    inside &= mask
    tone = _fitted(blocks.where(inside, source), blocks.where(inside, target))
    return Fit(tone, tone.applied(source))


def _fitted(source: Pixels, target: Pixels) -> Tone:
    """Return the tone change between pixels, uint8 (n, 3) each."""
    curves = np.stack([rising_curve(source[:, c], target[:, c]) for c in range(3)], axis=-1)
    known = np.ones((len(source), 7))
    known[:, :3] = _curved(curves, source[:, None])[:, 0]
    known[:, 3:6] = source
    prior = np.concatenate([np.eye(3), np.zeros((4, 3))])
    weight = _RIDGE * len(source)
    squares = known.T @ known + weight * np.eye(7)
    mix = np.linalg.solve(squares, known.T @ target + weight * prior)
    return Tone(curves, mix.astype(np.float32))


def rising_curve(source: Pixels, target: Pixels) -> Floats:
    """Return 256 values: what each level of the source becomes in the target, never falling."""
    levels = source.ravel()
    pixels = np.bincount(levels, minlength=256)
    counts, sums_x, sums_y = (
        each.reshape(_BINS, -1).sum(axis=1)
        for each in (pixels, pixels * np.arange(256), np.bincount(levels, target.ravel(), 256))
    )
    filled = counts > 0
    x, y = sums_x[filled] / counts[filled], sums_y[filled] / counts[filled]
    pooled: list[tuple[float, float, int]] = []  # mean, weight, how many bins
    for mean, weight in zip(y.tolist(), counts[filled].tolist(), strict=True):
        step = (mean, float(weight), 1)
        while pooled and pooled[-1][0] > step[0]:
            last = pooled.pop()
            total = last[1] + step[1]
            step = ((last[0] * last[1] + step[0] * step[1]) / total, total, last[2] + step[2])
        pooled.append(step)
    rising = np.repeat([mean for mean, _, _ in pooled], [count for _, _, count in pooled])
    return np.asarray(np.interp(np.arange(256), x, rising), dtype=np.float32)


def _curved(curves: Floats, rgb: Pixels) -> Floats:
    """Return what curves, (256, 3), make of each channel, float32, the same shape."""
    return np.asarray(cv2.LUT(rgb, curves[:, None]), np.float32)


def luma(rgb: Floats) -> Floats:
    """Return luma (ITU-R BT.601) of predicted colours, float32, shape (height, width)."""
    return np.asarray(rgb @ _LUMA, dtype=np.float32)


def chroma(rgb: Floats) -> float:
    """Return the mean distance between a pixel's strongest and weakest channel, in levels; 0 is grey."""
    return float((rgb.max(axis=-1) - rgb.min(axis=-1)).mean())
