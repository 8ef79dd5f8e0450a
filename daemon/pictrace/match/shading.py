"""A slow change of light over the picture: a vignette, a lamp over a print, a gradient filter."""

from __future__ import annotations

import functools
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pictrace.match import blocks
from pictrace.match.order import quantiles

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

# So near to black or white the light cannot be told.
_DARK_LEVELS, _BRIGHT_LEVELS = 10.0, 248.0
_FEWEST_PIXELS: Final = 400
_SAMPLE_PIXELS: Final = 6000
_ROUNDS: Final = 5
# Beside the curve by more than this (as a logarithm) is another content.
_ROBUST: Final = 0.08
_TRUSTED_LEVELS: Final = 80.0
_MOST: Final = 1.2
_RIDGE: Final = 1e-6


def gain_field(expected: Floats, found: Floats, mask: Mask) -> Floats:
    """Return by how much each pixel is brighter than expected: a quadratic surface in the logarithm, float32.

    Args:
        expected, found: luma, (height, width), the tone change taken out.
        mask: where both are known.
    """
    is_lit = mask & (np.minimum(expected, found) > _DARK_LEVELS) & (np.maximum(expected, found) < _BRIGHT_LEVELS)
    if is_lit.sum() < _FEWEST_PIXELS:
        return np.ones_like(expected)
    picks = np.flatnonzero(is_lit)[:: max(1, int(is_lit.sum()) // _SAMPLE_PIXELS)]
    terms = _terms(*expected.shape)
    rows, before, after = terms.reshape(-1, 6)[picks], expected.ravel()[picks], found.ravel()[picks]
    wanted = np.log(after / before)
    trust = np.minimum(before, _TRUSTED_LEVELS) / _TRUSTED_LEVELS
    weights, surface = trust, np.zeros(6)
    for _ in range(_ROUNDS):
        weighted = rows * weights[:, None] ** 2
        surface = np.linalg.solve(weighted.T @ rows + _RIDGE * np.eye(6), weighted.T @ wanted)
        weights = trust / (1 + ((wanted - rows @ surface) / _ROBUST) ** 2)
    return np.exp(np.clip(terms @ surface, -_MOST, _MOST)).astype(np.float32)


@functools.lru_cache(maxsize=2)
def _terms(height: int, width: int) -> NDArray[np.float64]:
    """Return the terms of a quadratic surface at each pixel, (height, width, 6)."""
    down, across = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return np.stack([np.ones_like(across), across, down, across**2, across * down, down**2], axis=-1)


def unevenness(field: Floats, mask: Mask) -> float:
    """Return how much the light changes over the picture, as a logarithm; 0 is not at all."""
    low, high = quantiles(np.log(blocks.where(mask, field)), (0.05, 0.95))
    return high - low
