"""Lays one whole picture over another: orientation, then a common size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pictrace.imaging import ORIENTATIONS, Picture, gray, oriented, resized

LONGEST_SIDE_PIXELS: Final = 384
_TINY_PIXELS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned:
    """Two pictures on one grid: uint8, shape (height, width, 3), both upright as the second.

    ``orientation`` is what was done to the first, see `ORIENTATIONS`. ``scale`` is first / second along a side, at
    full size. ``aspect_error`` is how far the shapes differ, as a part of the shorter side.
    """

    first: NDArray[np.uint8]
    second: NDArray[np.uint8]
    orientation: int
    scale: float
    aspect_error: float


def align(first: Picture, second: Picture) -> Aligned:
    """Turn the first picture as the second one stands, and bring both to the coarser of their sizes."""
    orientation = _best_orientation(first, second)
    quarters, _ = ORIENTATIONS[orientation]
    size = (first.width_pixels, first.height_pixels)
    width, height = size if quarters % 2 == 0 else size[::-1]
    turned = oriented(first.rgb, orientation)
    scale_x, scale_y = width / second.width_pixels, height / second.height_pixels
    smaller = turned if turned.shape[0] * turned.shape[1] <= second.rgb.shape[0] * second.rgb.shape[1] else second.rgb
    grid_width, grid_height = smaller.shape[1], smaller.shape[0]
    return Aligned(
        first=resized(turned, grid_width, grid_height),
        second=resized(second.rgb, grid_width, grid_height),
        orientation=orientation,
        scale=float(np.sqrt(scale_x * scale_y)),
        aspect_error=abs(float(np.log(scale_x / scale_y))),
    )


def inverse_orientation(orientation: int) -> int:
    """Return what takes an orientation back: turns the other way, a mirrored one is its own inverse."""
    quarters, is_mirrored = ORIENTATIONS[orientation]
    return orientation if is_mirrored else (4 - quarters) % 4


def _best_orientation(first: Picture, second: Picture) -> int:
    """Return the orientation of the first picture that correlates best with the second, at 32 × 32 pixels."""
    small = resized(gray(first.rgb), _TINY_PIXELS, _TINY_PIXELS)
    wanted = _centered(resized(gray(second.rgb), _TINY_PIXELS, _TINY_PIXELS))
    likeness = [float((_centered(oriented(small, n)) * wanted).sum()) for n in range(len(ORIENTATIONS))]
    return int(np.argmax(likeness))


def _centered(luma: NDArray[np.uint8]) -> NDArray[np.float64]:
    values = luma.astype(np.float64)
    return np.asarray(values - values.mean())
