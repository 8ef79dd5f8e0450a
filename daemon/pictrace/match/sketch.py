"""How two photos lie on each other, from their stored features alone: no file is read.

Cheap enough to try every candidate with, and exact enough to drop the false ones before a pixel is touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.match.index.features import DESCRIPTOR_BYTES, KEYPOINT

# Fewer inliers prove nothing. Measured on what the index returned for 250 copies (docs/retrieval.md): 6 or more have
# all true pairs and 3 % of the 1,792 others, 8 or more 99.2 % and 1 %.
LEAST_INLIERS: Final = 6
# How much nearer the best descriptor must be than the best one of another place (Lowe's ratio test).
_MAX_RATIO: Final = 0.88
# Neighbours looked at for one of another place; ORB finds the same corner in several octaves.
_NEIGHBOURS: Final = 4
_SAME_PLACE: Final = 0.02  # of the long side
# How far a match may lie from where the transform puts it, of the long side: a photo of a photo is no similarity.
_MAX_RESIDUAL: Final = 0.02
_RANSAC_ROUNDS: Final = 2000
_RANSAC_CONFIDENCE: Final = 0.995


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A photo's stored features, and its size, which the relative positions of the keypoints need.

    ``keypoints`` and ``descriptors`` as in ``Fingerprint``; the size is that of the upright picture, in any unit.
    """

    keypoints: bytes
    descriptors: bytes
    width_pixels: int
    height_pixels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """How one photo lies on another.

    ``matches``: features with a clear partner. ``inliers``: those of them that agree on one similarity transform.
    ``transform``: float64, shape (2, 3), from pixels of the first photo to pixels of the second; None: too few agree.
    """

    matches: int
    inliers: int
    transform: NDArray[np.float64] | None


def matched(first: Described, second: Described) -> Sketch:
    """Return how two photos lie on each other; for a mirrored one, hand in its mirrored features.

    Args:
        first, second: the photos.
    """
    here, there = _points(first), _points(second)
    if len(here) < 2 or len(there) <= _NEIGHBOURS:
        return Sketch(matches=0, inliers=0, transform=None)
    pairs = _mutual(_descriptors(first), _descriptors(second), there / _long_side(second))
    if len(pairs) < 2:
        return Sketch(matches=len(pairs), inliers=0, transform=None)
    source, target = here[pairs[:, 0]], there[pairs[:, 1]]
    cv2.setRNGSeed(0)  # the same photos give the same sketch
    transform, kept = cv2.estimateAffinePartial2D(
        source,
        target,
        method=cv2.RANSAC,
        ransacReprojThreshold=_MAX_RESIDUAL * _long_side(second),
        maxIters=_RANSAC_ROUNDS,
        confidence=_RANSAC_CONFIDENCE,
    )
    if transform is None:
        return Sketch(matches=len(pairs), inliers=0, transform=None)
    inliers = _places(target[kept.ravel() > 0], _long_side(second))
    return Sketch(matches=len(pairs), inliers=inliers, transform=transform.astype(np.float64))


def _mutual(first: NDArray[np.uint8], second: NDArray[np.uint8], places: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the rows (of the first, of the second) that are each other's nearest, and clearly so."""
    distances, nearest = cv2.batchDistance(first, second, cv2.CV_32S, normType=cv2.NORM_HAMMING, K=_NEIGHBOURS)
    _, back = cv2.batchDistance(second, first, cv2.CV_32S, normType=cv2.NORM_HAMMING, K=1)
    rows = np.arange(len(first))
    best = nearest[:, 0]
    apart = np.abs(places[nearest] - places[best][:, None]).max(axis=2) > _SAME_PLACE
    rival = np.where(apart.any(axis=1), distances[rows, apart.argmax(axis=1)], distances[:, -1])
    is_clear = (distances[:, 0] <= _MAX_RATIO * rival) & (back[best, 0] == rows)
    return np.stack([rows[is_clear], best[is_clear]], axis=1)


def _places(points: NDArray[np.float32], long_side: float) -> int:
    """Return at how many places points lie: one corner found in five octaves is one proof, not five."""
    cells = np.floor(points / (long_side * _SAME_PLACE)).astype(np.int64)
    return len(np.unique(cells, axis=0))


def _points(photo: Described) -> NDArray[np.float32]:
    packed = np.frombuffer(photo.keypoints, KEYPOINT)
    size = np.array([photo.width_pixels, photo.height_pixels])
    points: NDArray[np.float32] = (np.stack([packed["x"], packed["y"]], axis=1) / 65535 * size).astype(np.float32)
    return points


def _descriptors(photo: Described) -> NDArray[np.uint8]:
    return np.frombuffer(photo.descriptors, np.uint8).reshape(-1, DESCRIPTOR_BYTES)


def _long_side(photo: Described) -> float:
    return float(max(photo.width_pixels, photo.height_pixels))
