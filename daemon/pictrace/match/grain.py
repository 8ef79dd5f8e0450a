"""Whether two pictures share their grain: the noise of one exposure, which no second exposure repeats.

Compression leaves of the noise what it can afford, so what a copy still has of it lies in the original too: projected
on the noisier picture, the quieter one gives nearly all of itself. Two exposures of a still scene give next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.imaging import gray
from pictrace.match import blocks
from pictrace.match.laying import Laid
from pictrace.match.tone import rising_curve

_BLOCK_PIXELS: Final = 16
_FEWEST_BLOCKS: Final = 12
# Weaker than this is rounding, stronger is texture and edges, which two exposures share (levels).
_WEAK_LEVELS, _STRONG_LEVELS, _MOST_LEVELS = 0.4, 0.8, 12.0
# Blocks so near to black or white are clipped.
_UNCLIPPED: Final = (12.0, 243.0)
_LIGHT_PIXELS: Final = 65
_MOST_GAIN: Final = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grain:
    """For each usable block: power of both pictures' finest detail, what they share of it, and brightness."""

    source: NDArray[np.float32]
    target: NDArray[np.float32]
    shared: NDArray[np.float32]
    level: NDArray[np.float32]


def shared_grain(laid: Laid, *, is_first_source: bool) -> dict[str, float]:
    """Return how much of the quieter picture's grain the other one has too, 0 to about 1, by name.

    ``weak-grain`` and ``strong-grain`` differ in how weak the grain may be, ``dark-grain`` and ``light-grain`` look at
    the darkest and the brightest third. What has too few blocks with grain is left out.

    Args:
        laid: the pictures at the full size they were read at.
        is_first_source: whether the first picture is the one that explains the other.
    """
    pair = (laid.inner, laid.outer) if is_first_source == laid.is_first_inner else (laid.outer, laid.inner)
    grain = _measured(*pair, laid.mask)
    quieter, louder = np.minimum(grain.source, grain.target), np.maximum(grain.source, grain.target)
    shares = {}
    for name, least in (("weak-grain", _WEAK_LEVELS), ("strong-grain", _STRONG_LEVELS)):
        rows = np.flatnonzero(quieter > least**2)
        shares[name] = _share(grain, _quietest(rows, louder))
    rows = np.flatnonzero(quieter > (_WEAK_LEVELS / 2) ** 2)
    rows = rows[np.argsort(grain.level[rows], kind="stable")]
    third = len(rows) // 3
    if third >= _FEWEST_BLOCKS:
        shares["dark-grain"] = _share(grain, _quietest(rows[:third], louder))
        shares["light-grain"] = _share(grain, _quietest(rows[-third:], louder))
        shares["grain-balance"] = _balance(grain, _quietest(rows[:third], louder), _quietest(rows[-third:], louder))
    return {name: share for name, share in shares.items() if share is not None}


def _measured(source: NDArray[np.uint8], target: NDArray[np.uint8], mask: NDArray[np.bool_]) -> _Grain:
    before, after = gray(source), gray(target)
    curve = rising_curve(blocks.where(mask, before), blocks.where(mask, after))
    expected = _as_lit(np.asarray(cv2.LUT(before, curve), np.float32), after.astype(np.float32))
    a, b = (blocks.cut(blocks.fine(plane.astype(np.float32)), _BLOCK_PIXELS) for plane in (expected, after))
    levels = [blocks.cut(plane, _BLOCK_PIXELS).mean(axis=1) for plane in (before, after)]
    powers = (a * a).mean(axis=1), (b * b).mean(axis=1)
    dark, bright = _UNCLIPPED
    is_usable = blocks.known(mask, _BLOCK_PIXELS) & (np.maximum(*powers) < _MOST_LEVELS**2)
    is_usable &= (np.minimum(*levels) > dark) & (np.maximum(*levels) < bright)
    shared = (a * b).mean(axis=1)
    return _Grain(
        source=powers[0][is_usable], target=powers[1][is_usable], shared=shared[is_usable], level=levels[0][is_usable]
    )


def _as_lit(expected: NDArray[np.float32], found: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what is expected in the light that is found: a vignette dims the grain with the picture."""
    levels = [cv2.blur(plane, (_LIGHT_PIXELS, _LIGHT_PIXELS)) for plane in (expected, found)]
    gain = np.clip((levels[1] + 1) / (levels[0] + 1), 1 / _MOST_GAIN, _MOST_GAIN)
    return np.asarray(expected * gain, np.float32)


def _quietest(rows: NDArray[np.intp], louder: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the quietest third: where there is least texture, the noise is most of what there is."""
    return rows[np.argsort(louder[rows], kind="stable")][: max(_FEWEST_BLOCKS, len(rows) // 3)]


def _balance(grain: _Grain, dark: NDArray[np.intp], light: NDArray[np.intp]) -> float:
    """Return how differently the grain's strength changed in the dark and in the light, as a logarithm; 0 is equally.

    Of two exposures the shorter one has the more noise, most of all in the dark.
    """
    changes = [
        np.log((float(grain.source[rows].mean()) + 0.05) / (float(grain.target[rows].mean()) + 0.05))
        for rows in (dark, light)
    ]
    return float(abs(changes[0] - changes[1]))


def _share(grain: _Grain, rows: NDArray[np.intp]) -> float | None:
    if len(rows) < _FEWEST_BLOCKS:
        return None
    quieter = np.minimum(grain.source[rows], grain.target[rows])
    return float(grain.shared[rows].sum() / max(1e-6, float(quieter.sum())))
