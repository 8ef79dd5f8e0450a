"""Local features of a picture read for comparing, and which of two pictures correspond.

SIFT (Lowe, «Distinctive image features from scale-invariant keypoints», 2004) with the square root taken of its
histograms (Arandjelović and Zisserman, «Three things everyone should know to improve object retrieval», 2012). The
stored ORB features retrieve; SIFT, which costs ten times as much, is computed only for pairs that are verified.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

MOST_FEATURES: Final = 1500
# Below OpenCV's own 0.04: fog, skies and strong compression leave little contrast.
_CONTRAST: Final = 0.02
# The nearest descriptor has to be this much nearer than the next one somewhere else.
_MAX_RATIO: Final = 0.86
# Features so near to each other (pixels) are one place, found twice.
_SAME_PLACE_PIXELS: Final = 4.0
_CELLS, _BINS = 4, 8

Floats = NDArray[np.float32]
Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Keypoints and descriptors: ``points`` (n, 2) are x, y in pixels, ``descriptors`` (n, 128) of length 1."""

    points: Points
    descriptors: Floats

    def mirrored(self, width_pixels: int) -> Features:
        """Return the features that the picture would have with left and right swapped.

        The cells of a descriptor change sides and its directions their sense; nothing is computed anew.
        """
        points = self.points.copy()
        points[:, 0] = width_pixels - 1 - points[:, 0]
        cells = self.descriptors.reshape(-1, _CELLS, _CELLS, _BINS)
        directions = (-np.arange(_BINS)) % _BINS
        flipped = cells[:, ::-1, :, :][..., directions]
        return Features(points=points, descriptors=np.ascontiguousarray(flipped.reshape(-1, _CELLS * _CELLS * _BINS)))


def features_of(luma: NDArray[np.uint8]) -> Features:
    """Return the strongest features.

    Args:
        luma: uint8, shape (height, width).
    """
    keypoints, found = _detector().detectAndCompute(luma, None)
    if not keypoints:
        return Features(points=np.zeros((0, 2)), descriptors=np.zeros((0, _CELLS * _CELLS * _BINS), np.float32))
    points = np.array([keypoint.pt for keypoint in keypoints], np.float64)
    sums = np.abs(found).sum(axis=1, keepdims=True)
    return Features(points=points, descriptors=np.sqrt(found / np.maximum(sums, 1e-6)).astype(np.float32))


def correspondences(a: Features, b: Features) -> tuple[Points, Points]:
    """Return the points of ``a`` and of ``b`` that show the same by their descriptors, (n, 2) each."""
    if len(a.points) < 2 or len(b.points) < 2:
        return np.zeros((0, 2)), np.zeros((0, 2))
    likeness = a.descriptors @ b.descriptors.T
    best = likeness.argmax(axis=1)
    nearest = likeness[np.arange(len(best)), best]
    # One place found twice, in two directions, does not compete with itself.
    _, place = np.unique(np.round(b.points / _SAME_PLACE_PIXELS), axis=0, return_inverse=True)
    place = place.ravel().astype(np.int32)
    second = np.where(place[best][:, None] == place[None, :], np.float32(0), likeness).max(axis=1)
    is_clear = np.sqrt(np.maximum(0, 2 - 2 * nearest)) <= _MAX_RATIO * np.sqrt(np.maximum(1e-9, 2 - 2 * second))
    rows = np.flatnonzero(is_clear)
    rows = rows[likeness[:, best[rows]].argmax(axis=0) == rows]
    return a.points[rows], b.points[best[rows]]


@functools.cache
def _detector() -> cv2.SIFT:
    return cv2.SIFT.create(nfeatures=MOST_FEATURES, contrastThreshold=_CONTRAST)
