"""How a feature lies in its picture, in two bytes: its angle and its size.

If one picture is a copy of another, all its features are turned by the same angle and scaled by the same factor (weak
geometric consistency: Jégou, Douze, Schmid, «Hamming embedding and weak geometric consistency», 2008). So votes are
counted by the difference of the poses, and only those that agree add up.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

# An octave of size in steps; 256 steps in all are 16 octaves, more than sizes of 1 to 65,535 pixels.
_STEPS_PER_OCTAVE: Final = 16
_ANGLE_BIN: Final = 16  # of 256: 22.5°
_SIZE_BIN: Final = 8  # of 16 to an octave: half an octave
ANGLE_BINS: Final = 256 // _ANGLE_BIN
SIZE_BINS: Final = 32  # 8 octaves smaller to 8 larger


def poses(keypoints: NDArray[np.void]) -> NDArray[np.uint16]:
    """Return angle and logarithm of the size, one byte each.

    Args:
        keypoints: structured as `pictrace.match.index.features.KEYPOINT`.
    """
    return np.asarray(keypoints["angle"] & 0xFF00 | _steps(keypoints["size"]), np.uint16)


def packed(found: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return angle and logarithm of the size, one byte each, of keypoints as OpenCV finds them; int64, shape (n,).

    Args:
        found: angles in degrees and sizes in pixels, shape (n, 2).
    """
    angles = np.floor(found[:, 0] * (256 / 360)).astype(np.int64) % 256
    return angles << 8 | _steps(found[:, 1])


def mirrored_poses(known: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the poses that features have with left and right swapped; int64, shape (n,), as `packed` gives them."""
    return (128 - (known >> 8)) % 256 << 8 | known & 255


def _steps(sizes_pixels: NDArray[Any]) -> NDArray[np.int64]:
    octaves = np.log2(np.maximum(sizes_pixels, 1).astype(np.float64))
    return np.asarray(np.minimum(np.round(octaves * _STEPS_PER_OCTAVE), 255), np.int64)


def bins(asked: NDArray[np.int64], known: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how each pose differs from another, as a bin: ``angle bin * SIZE_BINS + size bin``."""
    angle = ((known >> 8) - (asked >> 8)) % 256 // _ANGLE_BIN
    size = np.clip(((known & 255) - (asked & 255)) // _SIZE_BIN + SIZE_BINS // 2, 0, SIZE_BINS - 1)
    together: NDArray[np.int64] = angle * SIZE_BINS + size
    return together


def agreed(votes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the votes of the best four neighbouring bins: a difference at the edge of a bin falls to both sides.

    Args:
        votes: shape (photo, angle bin, size bin); the angle goes round.
    """
    turned = votes + np.roll(votes, -1, axis=1)
    scaled = turned[:, :, :-1] + turned[:, :, 1:]
    best: NDArray[np.float64] = scaled.max(axis=(1, 2))
    return best
