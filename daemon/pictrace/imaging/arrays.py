"""Arrays of pixels: orientations, grey values, sizes. All are uint8, shape (height, width[, 3]), upright."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

# What is done to a picture, in the order of the eight perceptual hashes: turned clockwise by so many quarters,
# the last four after left and right were swapped.
ORIENTATIONS: Final[tuple[tuple[int, bool], ...]] = tuple(
    (quarters, is_mirrored) for is_mirrored in (False, True) for quarters in range(4)
)


def oriented(array: Pixels, index: int) -> Pixels:
    """Return a picture in one of the eight `ORIENTATIONS`: mirrored first, then turned clockwise."""
    quarters, is_mirrored = ORIENTATIONS[index]
    if is_mirrored:
        array = array[:, ::-1]
    return np.ascontiguousarray(np.rot90(array, k=-quarters))


def gray(rgb: Pixels) -> Pixels:
    """Return luma (ITU-R BT.601), uint8, shape (height, width)."""
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def resized(array: Pixels, width_pixels: int, height_pixels: int) -> Pixels:
    """Return a picture in another size: averaged when it shrinks, cubic when it grows."""
    if array.shape[1] == width_pixels and array.shape[0] == height_pixels:
        return array
    shrinks = width_pixels <= array.shape[1] and height_pixels <= array.shape[0]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(array, (width_pixels, height_pixels), interpolation=method), dtype=np.uint8)
