"""The change of colours between two aligned pictures: a rising curve for each channel, then a mix of channels.

Brightness, contrast, gamma and white balance are curves; saturation, sepia and grey are mixes. What this cannot
explain is a difference of content. The curve is fitted by pooling adjacent violators (Ayer et al., 1955).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_BINS = 64
# Pulls the mix towards "as the curve says": one gray level squared for each pixel, so flat pictures have a solution.
_RIDGE = 1.0
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True, slots=True)
class Tone:
    """Predicts the colours of one picture from those of another."""

    curves: Floats  # (256, 3)
    mix: Floats  # (7, 3): weights of the three curved channels, the three plain ones, and 1

    def applied(self, rgb: NDArray[np.uint8]) -> Floats:
        """Return the predicted picture, shape (height, width, 3), 0..255."""
        curved = np.stack([self.curves[:, c][rgb[..., c]] for c in range(3)], axis=-1)
        mixed = curved @ self.mix[:3] + rgb.astype(np.float32) @ self.mix[3:6] + self.mix[6]
        return np.asarray(np.clip(mixed, 0, 255), dtype=np.float32)


def fitted(source: NDArray[np.uint8], target: NDArray[np.uint8]) -> Tone:
    """Return the tone change that comes nearest to making one picture the other.

    Args:
        source, target: uint8 RGB, the same shape, aligned.
    """
    curves = np.stack([rising_curve(source[..., c], target[..., c]) for c in range(3)], axis=-1)
    curved = np.stack([curves[:, c][source[..., c]].ravel() for c in range(3)], axis=-1)
    plain = source.reshape(-1, 3).astype(np.float64)
    known = np.concatenate([curved.astype(np.float64), plain, np.ones((len(plain), 1))], axis=1)
    prior = np.concatenate([np.eye(3), np.zeros((4, 3))])
    weight = _RIDGE * len(plain)
    squares = known.T @ known + weight * np.eye(7)
    mix = np.linalg.solve(squares, known.T @ target.reshape(-1, 3) + weight * prior)
    return Tone(curves, mix.astype(np.float32))


def rising_curve(source: NDArray[np.uint8], target: NDArray[np.uint8]) -> Floats:
    """Return 256 values: what each level of the source becomes in the target, never falling."""
    levels = source.ravel()
    bins = levels.astype(np.intp) * _BINS // 256
    counts = np.bincount(bins, minlength=_BINS)
    filled = counts > 0
    x = np.bincount(bins, levels, _BINS)[filled] / counts[filled]
    y = np.bincount(bins, target.ravel(), _BINS)[filled] / counts[filled]
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


def luma(rgb: Floats) -> Floats:
    """Return luma (ITU-R BT.601) of predicted colours, float32, shape (height, width)."""
    return np.asarray(rgb @ _LUMA, dtype=np.float32)


def chroma(rgb: Floats) -> float:
    """Return the mean distance between a pixel's strongest and weakest channel, in levels; 0 is grey."""
    return float((rgb.max(axis=-1) - rgb.min(axis=-1)).mean())
