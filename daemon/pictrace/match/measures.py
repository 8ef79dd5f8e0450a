"""Measures how two pictures agree once one is laid over the other: numbers only, no judgement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.match import blocks
from pictrace.match.equalized import Equalized, Size
from pictrace.match.order import median, quantiles

Floats = NDArray[np.float32]

BLOCK_PIXELS: Final = {Size.FULL: 16, Size.HALF: 8, Size.QUARTER: 8}
_SHIFT_BLOCK_PIXELS: Final = 32
_SSIM_WINDOW_PIXELS: Final = 7
# Blocks whose luma varies less (standard deviation, levels) say nothing about structure.
TEXTURED_LEVELS: Final = 6.0
_FEWEST_BLOCKS: Final = 6
# Keeps the residual of a flat block from being measured against nothing.
_QUIET_LEVELS: Final = 4.0
_SHARP_LEVELS: Final = 3.0
# A block is covered, or shows something else, where it differs by more than it varies itself.
DIFFERENT_RESIDUAL: Final = 0.6


@dataclass(frozen=True, slots=True)
class BlockMeasures:
    """How the blocks of one size agree, an entry for each block that is known in both pictures.

    ``residual``: difference relative to how much the block varies itself; 0 is equal. ``correlation``: -1..1.
    ``color_levels``: difference of the mean colours. ``is_known`` is for all blocks of the frame.
    """

    residual: Floats
    correlation: Floats
    color_levels: Floats
    spread: Floats
    is_textured: NDArray[np.bool_]
    is_known: NDArray[np.bool_]


def block_measures(pair: Equalized, size: Size) -> BlockMeasures:
    """Return how the blocks of one size agree."""
    side = BLOCK_PIXELS[size]
    is_known = blocks.known(pair.masks[size], side)
    a, b = (blocks.cut(values[size], side)[is_known] for values in (pair.expected_luma, pair.found_luma))
    correlation, spread_a, spread_b = blocks.correlations(a, b)
    difference = cv2.split(pair.expected[size] - pair.found[size])
    colors = np.stack([blocks.cut(channel, side).mean(axis=1)[is_known] for channel in difference], axis=1)
    activity = np.sqrt((spread_a**2 + spread_b**2) / 2)
    return BlockMeasures(
        residual=np.sqrt(((a - b) ** 2).mean(axis=1)) / (activity + _QUIET_LEVELS),
        correlation=correlation,
        color_levels=np.abs(colors).max(axis=1, initial=0.0),
        spread=np.minimum(spread_a, spread_b),
        is_textured=np.maximum(spread_a, spread_b) > TEXTURED_LEVELS,
        is_known=is_known,
    )


def agreement(pair: Equalized) -> Mapping[str, float]:
    """Return every measure of agreement by name; what could not be measured is left out."""
    found: dict[str, float] = {}
    for size, name in ((Size.QUARTER, "coarse"), (Size.HALF, "middle"), (Size.FULL, "fine")):
        found |= _of_size(pair, size, name)
    found |= _shifts(pair) | _sharpness(pair)
    found["unevenness"] = pair.unevenness
    found["blur-pixels"] = abs(pair.blur_pixels)
    found["luma-levels"] = pair.luma_levels
    found["difference-levels"] = pair.difference_levels
    found["residual-ratio"] = (pair.source_residual + 0.01) / (pair.target_residual + 0.01)
    return found


def _of_size(pair: Equalized, size: Size, name: str) -> dict[str, float]:
    measured = block_measures(pair, size)
    if len(measured.residual) < _FEWEST_BLOCKS:
        return {}
    residuals = quantiles(measured.residual, (0.5, 0.75, 0.9, 0.97))
    found = {f"{name}-residual-{part}": value for part, value in zip((50, 75, 90, 97), residuals, strict=True)}
    found[f"{name}-different"] = float((measured.residual > DIFFERENT_RESIDUAL).mean())
    found[f"{name}-color-levels"] = quantiles(measured.color_levels, (0.9,))[0]
    textured = measured.correlation[measured.is_textured]
    if len(textured) >= _FEWEST_BLOCKS:
        found[f"{name}-correlation-10"], found[f"{name}-correlation-25"] = quantiles(textured, (0.1, 0.25))
    if size is not Size.FULL:
        found[f"{name}-structure"] = structure(pair, size)
    found[f"{name}-residual-levels"] = _middle_difference(pair, size)
    return found


def structure(pair: Equalized, size: Size) -> float:
    """Return the structural similarity of luma where both pictures are known, 0..1 (Wang et al., 2004)."""
    expected, found = pair.expected_luma[size], pair.found_luma[size]
    if min(expected.shape) < _SSIM_WINDOW_PIXELS:
        return 0.0  # too small for anything to be said
    # Imported here: it takes longer than all else, and most commands compare nothing.
    from skimage.metrics import structural_similarity  # noqa: PLC0415

    _, each = structural_similarity(  # type: ignore[no-untyped-call]  # scikit-image carries no types
        expected, found, win_size=_SSIM_WINDOW_PIXELS, data_range=255, full=True
    )
    mask = pair.masks[size]
    return min(1.0, max(0.0, float(each[mask].mean()))) if mask.any() else 0.0


def texture(pair: Equalized) -> tuple[float, int]:
    """Return the share of blocks that show texture in both pictures, and how many there are."""
    spread = block_measures(pair, Size.HALF).spread
    is_textured = spread > TEXTURED_LEVELS
    return (float(is_textured.mean()) if len(spread) else 0.0), int(is_textured.sum())


def _middle_difference(pair: Equalized, size: Size) -> float:
    difference = cv2.absdiff(pair.expected_luma[size], pair.found_luma[size])
    return median(blocks.where(pair.masks[size], difference))


def _shifts(pair: Equalized) -> dict[str, float]:
    found: dict[str, float] = {}
    for size, side in ((Size.FULL, _SHIFT_BLOCK_PIXELS), (Size.HALF, _SHIFT_BLOCK_PIXELS // 2)):
        _, moves, _ = blocks.moves(pair.expected_luma[size], pair.found_luma[size], pair.masks[size], side)
        if len(moves) >= _FEWEST_BLOCKS:
            lengths = quantiles(np.hypot(*moves.T), (0.5, 0.75, 0.9))
            name = "shift" if size is Size.FULL else "half-shift"
            found |= {f"{name}-{part}": value for part, value in zip((50, 75, 90), lengths, strict=True)}
    return found


def _sharpness(pair: Equalized) -> dict[str, float]:
    """Return how unevenly the sharpness differs over the picture, in powers of two; 0 is evenly.

    A copy is softer or sharper all over; another focus distance is not.
    """
    size, side = Size.HALF, 2 * BLOCK_PIXELS[Size.HALF]
    is_known = blocks.known(pair.masks[size], side)
    a, b = (
        np.sqrt((blocks.cut(blocks.fine(values[size]), side)[is_known] ** 2).mean(axis=1))
        for values in (pair.expected_luma, pair.found_luma)
    )
    is_sharp = np.maximum(a, b) > _SHARP_LEVELS
    if is_sharp.sum() < _FEWEST_BLOCKS:
        return {}
    ratio = np.log2((a[is_sharp] + 0.5) / (b[is_sharp] + 0.5))
    low, high = quantiles(ratio, (0.05, 0.95))
    return {"sharpness-spread": high - low}
