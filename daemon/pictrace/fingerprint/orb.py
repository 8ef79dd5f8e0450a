"""ORB keypoints and descriptors (Rublee et al., «ORB: an efficient alternative to SIFT or SURF», 2011), packed."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.imaging import resized, spread

VERSION = 2
KEYPOINTS: Final = 500
DESCRIPTOR_BYTES: Final = 32
# x, y relative to the picture (0..65535 is 0..1), size in pixels, angle in 1/65536 turns.
KEYPOINT: Final = np.dtype([("x", "<u2"), ("y", "<u2"), ("size", "<u2"), ("angle", "<u2")])
LONGEST_SIDE_PIXELS: Final = 640
# Smaller pictures are enlarged: the smallest patch would be too large a part of them.
_SMALLEST_SIDE_PIXELS: Final = 480
# So many times more corners are looked for than kept, and those kept are spread over a grid: else all of them lie on
# one tree, and a crop that leaves the tree away has none. Costs 1.5 ms.
_SURPLUS: Final = 3
# No keypoint is taken so near to the border.
_EDGE_PIXELS: Final = 16
# A keypoint of the first octave is seen in a patch of so many pixels, each octave in one this much larger.
_PATCH_PIXELS: Final = 31
_OCTAVE_SCALE: Final = 1.2
# Long side and features of what a deep question adds: a small part of a photo is seen at its scale, and so is a photo
# that is itself a small part of the picture asked about.
_SMALL: Final = (300, 250)
_LARGE: Final = (1280, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryFeatures:
    """The features to ask an index for, packed as those of `described`: of the picture, and of it seen in a mirror.

    Descriptors cannot be mirrored once they are computed, and the index keeps every photo in one form only.
    """

    keypoints: bytes
    descriptors: bytes
    mirrored_keypoints: bytes
    mirrored_descriptors: bytes


def described(luma: NDArray[np.uint8]) -> tuple[bytes, bytes]:
    """Return up to 500 keypoints and their descriptors, 8 and 32 bytes each.

    The first ones are the strongest of each part of the picture, so that fewer of them still cover all of it.

    Args:
        luma: uint8, shape (height, width), upright; enlarged to 480 pixels, reduced to 640.
    """
    return _described(_sized(luma, _SMALLEST_SIDE_PIXELS, LONGEST_SIDE_PIXELS), KEYPOINTS)


def query_features(
    luma: NDArray[np.uint8], keypoints: bytes, descriptors: bytes, *, is_deep: bool = False
) -> QueryFeatures:
    """Return the features to ask an index for.

    Args:
        luma: as for `described`; up to 1280 pixels are of use to a deep question.
        keypoints, descriptors: what `described` gave for it; the corners are not looked for again.
        is_deep: look at two more scales, for strong crops and collages: ten times the work.
    """
    views = [_with_mirrored(_sized(luma, _SMALLEST_SIDE_PIXELS, LONGEST_SIDE_PIXELS), keypoints, descriptors)]
    if is_deep:
        small = _sized(luma, _SMALL[0], _SMALL[0])
        views.append(_with_mirrored(small, *_described(small, _SMALL[1])))
        if max(luma.shape) > LONGEST_SIDE_PIXELS:
            large = _sized(luma, 0, _LARGE[0])
            views.append(_with_mirrored(large, *_described(large, _LARGE[1])))
    return QueryFeatures(
        keypoints=b"".join(view.keypoints for view in views),
        descriptors=b"".join(view.descriptors for view in views),
        mirrored_keypoints=b"".join(view.mirrored_keypoints for view in views),
        mirrored_descriptors=b"".join(view.mirrored_descriptors for view in views),
    )


def _described(luma: NDArray[np.uint8], count: int) -> tuple[bytes, bytes]:
    """Return up to ``count`` keypoints and their descriptors, spread over the picture."""
    if min(luma.shape) <= 2 * _EDGE_PIXELS:
        return b"", b""  # all of it is edge; OpenCV's pyramid fails on the thinnest
    found, descriptors = _detector(count).detectAndCompute(luma, None)
    if len(found) == 0:
        return b"", b""
    order = spread(found, luma.shape)[:count].tolist()
    return _packed([found[n] for n in order], luma.shape), np.ascontiguousarray(descriptors[order]).tobytes()


def _with_mirrored(luma: NDArray[np.uint8], keypoints: bytes, descriptors: bytes) -> QueryFeatures:
    """Return features with those of the flipped picture at the same places."""
    mirrored = _mirrored(np.frombuffer(keypoints, KEYPOINT), luma.shape)
    kept: Sequence[cv2.KeyPoint] = ()
    if mirrored:
        kept, bits = _detector(KEYPOINTS).compute(np.ascontiguousarray(luma[:, ::-1]), mirrored)
    return QueryFeatures(
        keypoints=keypoints,
        descriptors=descriptors,
        mirrored_keypoints=_packed(kept, luma.shape),
        mirrored_descriptors=bits.tobytes() if kept else b"",
    )


def _sized(luma: NDArray[np.uint8], smallest: int, largest: int) -> NDArray[np.uint8]:
    """Return a picture whose long side lies within limits."""
    height, width = luma.shape
    wanted = min(max(height, width, smallest), largest)
    scale = wanted / max(height, width)
    return luma if scale == 1 else resized(luma, max(1, round(width * scale)), max(1, round(height * scale)))


def _packed(points: Sequence[cv2.KeyPoint], shape: tuple[int, ...]) -> bytes:
    height, width = shape
    packed = np.zeros(len(points), dtype=KEYPOINT)
    for row, point in enumerate(points):
        packed[row] = (
            int(point.pt[0] / width * 65535),
            int(point.pt[1] / height * 65535),
            min(65535, int(point.size)),
            int(point.angle / 360.0 * 65536) % 65536,
        )
    return packed.tobytes()


def _mirrored(packed: NDArray[np.void], shape: tuple[int, ...]) -> list[cv2.KeyPoint]:
    """Return keypoints as they lie in the flipped picture; a pixel's centre has a whole number."""
    height, width = shape
    x = width - 1 - (packed["x"] + 0.5) / 65535 * width
    y = (packed["y"] + 0.5) / 65535 * height
    angle = (180.0 - packed["angle"] / 65536 * 360.0) % 360.0
    octave = np.round(np.log(packed["size"] / _PATCH_PIXELS) / np.log(_OCTAVE_SCALE)).astype(int)
    rows = zip(x.tolist(), y.tolist(), packed["size"].tolist(), angle.tolist(), octave.tolist(), strict=True)
    return [cv2.KeyPoint(px, py, size, turn, 0.0, level) for px, py, size, turn, level in rows]


@functools.cache
def _detector(count: int) -> cv2.ORB:
    return cv2.ORB.create(nfeatures=_SURPLUS * count, fastThreshold=5, edgeThreshold=_EDGE_PIXELS)
