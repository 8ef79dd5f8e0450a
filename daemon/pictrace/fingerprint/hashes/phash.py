"""The 64-bit perceptual hash (pHash: the signs of low DCT frequencies), in eight orientations.

Source: imagehash, ``phash``, after Zauner, «Implementation and benchmarking of perceptual image hash functions», 2010.
"""

from __future__ import annotations

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pictrace.imaging import ORIENTATIONS, oriented, resized

NAME = "phash"
VERSION = 1
_SMALL_PIXELS = 32
# A flat picture has only rounding noise in its frequencies, a photograph a standard deviation of 20 to 80 gray levels.
_FULL_DETAIL_GRAY_LEVELS = 16.0


def eight(luma: NDArray[np.uint8]) -> bytes:
    """Return the hashes of a picture in all `ORIENTATIONS`, 8 bytes each, big-endian, the upright one first.

    Args:
        luma: uint8, shape (height, width), upright.
    """
    small = resized(luma, _SMALL_PIXELS, _SMALL_PIXELS)
    return b"".join(_hash(oriented(small, index)) for index in range(len(ORIENTATIONS)))


def detail(luma: NDArray[np.uint8]) -> float:
    """Return how much a hash can rely on, 0 (flat) to 1: the spread of the small picture the hash is made from."""
    small = resized(luma, _SMALL_PIXELS, _SMALL_PIXELS).astype(np.float64)
    return float(min(1.0, small.std() / _FULL_DETAIL_GRAY_LEVELS))


def _hash(small: NDArray[np.uint8]) -> bytes:
    bits = imagehash.phash(Image.fromarray(small)).hash
    return np.packbits(bits.ravel()).tobytes()
