"""ORB keypoints and descriptors (Rublee et al., «ORB: an efficient alternative to SIFT or SURF», 2011), packed."""

from __future__ import annotations

import functools
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

VERSION = 1
KEYPOINTS: Final = 500
DESCRIPTOR_BYTES: Final = 32
# No keypoint is taken so near to the border.
_EDGE_PIXELS: Final = 16
# x, y relative to the picture (0..65535 is 0..1), size in pixels, angle in 1/65536 turns.
KEYPOINT: Final = np.dtype([("x", "<u2"), ("y", "<u2"), ("size", "<u2"), ("angle", "<u2")])


def described(luma: NDArray[np.uint8]) -> tuple[bytes, bytes]:
    """Return up to 500 keypoints and their descriptors, 8 and 32 bytes each, the strongest first.

    Args:
        luma: uint8, shape (height, width), upright, long side 640 pixels at most.
    """
    if min(luma.shape) <= 2 * _EDGE_PIXELS:
        return b"", b""  # all of it is edge; OpenCV's pyramid fails on the thinnest
    found, descriptors = _detector().detectAndCompute(luma, None)
    if len(found) == 0:
        return b"", b""
    order = sorted(range(len(found)), key=lambda n: -found[n].response)
    height, width = luma.shape
    packed = np.zeros(len(order), dtype=KEYPOINT)
    for row, n in enumerate(order):
        point = found[n]
        packed[row] = (
            int(point.pt[0] / width * 65535),
            int(point.pt[1] / height * 65535),
            min(65535, int(point.size)),
            int(point.angle / 360.0 * 65536) % 65536,
        )
    return packed.tobytes(), np.ascontiguousarray(descriptors[order]).tobytes()


@functools.cache
def _detector() -> cv2.ORB:
    return cv2.ORB.create(nfeatures=KEYPOINTS, fastThreshold=5, edgeThreshold=_EDGE_PIXELS)
