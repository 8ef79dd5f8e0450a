"""Oriented corners and how many of them one turned, scaled and moved picture explains."""

from __future__ import annotations

import functools
import hashlib
import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.imaging import gray, resized
from pictrace.match import geometry
from pictrace.match.methods.base import IncomparableError, Metric, Pixels, Reading, Sight

_LONGEST_SIDE_PIXELS: Final = 512
_MOST_KEYPOINTS: Final = 1000
_MAX_RATIO: Final = 0.8
_PATCH_PIXELS: Final = 31
_INLIER_PIXELS: Final = 4.0
_ROUNDS: Final = 2000
# Of fewer points a similarity explains many by chance.
_FEWEST_KEYPOINTS: Final = 16
# So many leave no doubt: the mirrored picture is not tried.
_CLEAR_INLIERS: Final = 25
# Unrelated pictures may share a cluster of points that one picture shows as a single spot.
_SCALE_RANGE: Final = (1 / 24.0, 24.0)

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keypoints:
    """``points``: x and y in pixels, float64, (n, 2); ``descriptors``: uint8, (n, 32)."""

    points: Points
    descriptors: Pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class OrbDescription:
    """The key points of a picture and of its mirror image; ``zoom``: side of the photo by that of the drawn one.

    ``identity``: the same for two pictures that are the same to the method, and puts the others in an order.
    """

    identity: bytes
    zoom: float
    plain: Keypoints
    mirrored: Keypoints


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """``matches`` passed the ratio test both ways, ``count`` of them one transform explains, at so many ``places``."""

    matches: int = 0
    count: int = 0
    places: int = 0
    angle_degrees: float = 0.0
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Orb:
    """Corners with binary descriptors, matched both ways, and held against one similarity transform.

    Source: Rublee, Rabaud, Konolige and Bradski, «ORB: an efficient alternative to SIFT or SURF», 2011; ratio test:
    Lowe, 2004; RANSAC: Fischler and Bolles, 1981; all by OpenCV, whose random numbers are the same in each run.
    1000 key points at 512 pixels; a match is the nearest by exact Hamming distance in both directions, and nearer
    than 0.8 of the second; tried as it is and mirrored. similarity = inliers / the smaller number of key points.
    """

    name = "orb"
    metrics = (
        Metric(name="similarity", unit="0 to 1", is_similarity=True, perfect=1.0),
        Metric(name="distinct-inliers", unit="of 1000", is_similarity=True, perfect=float(_MOST_KEYPOINTS)),
    )
    is_record_only = False

    def describe(self, sight: Sight) -> OrbDescription:
        """Return the key points; there may be none, which still tells equal pictures."""
        height, width = sight.rgb.shape[:2]
        zoom = max(height, width) / _LONGEST_SIDE_PIXELS
        drawn = gray(resized(sight.rgb, max(1, round(width / zoom)), max(1, round(height / zoom))))
        # Equal pixels in another shape are another picture.
        identity = hashlib.sha256(drawn.tobytes() + repr((height, width)).encode()).digest()
        mirror = np.ascontiguousarray(drawn[:, ::-1])
        return OrbDescription(identity=identity, zoom=zoom, plain=_keypoints(drawn), mirrored=_keypoints(mirror))

    def compare(self, a: OrbDescription, b: OrbDescription) -> Reading:
        """Return the share of key points that agree, and how many places they are.

        Details: ``inliers`` and ``ratio-matches`` count matches, ``keypoints`` are those of the poorer picture;
        ``angle-degrees`` (0 to 180) and ``scale`` (from 1) are those of the transform, whichever way it is taken.
        """
        fewest = min(len(a.plain.points), len(b.plain.points))
        if a.identity == b.identity:
            details = {"inliers": float(fewest), "keypoints": float(fewest)}
            return Reading(values={"similarity": 1.0, "distinct-inliers": float(_MOST_KEYPOINTS)}, details=details)
        if fewest < _FEWEST_KEYPOINTS:
            raise IncomparableError(f"too little detail: {fewest} key points, at least {_FEWEST_KEYPOINTS} needed")
        # Whichever is handed in first: an estimate is not the same both ways.
        first, second = (a, b) if a.identity < b.identity else (b, a)
        fit, is_mirrored = _best(first, second)
        scale = fit.scale * second.zoom / first.zoom
        details = {
            "inliers": float(fit.count),
            "ratio-matches": float(fit.matches),
            "keypoints": float(fewest),
            "is-mirrored": float(is_mirrored),
            "angle-degrees": abs(fit.angle_degrees),
            "scale": max(scale, 1 / scale),
        }
        places = float(min(fit.places, _MOST_KEYPOINTS))
        return Reading(values={"similarity": fit.count / fewest, "distinct-inliers": places}, details=details)


def _best(first: OrbDescription, second: OrbDescription) -> tuple[_Fit, bool]:
    """Return how the first picture lies in the second or in its mirror image, and whether in the latter."""
    plain = _fitted(first.plain, second.plain)
    if plain.places >= _CLEAR_INLIERS:
        return plain, False
    mirrored = _fitted(first.plain, second.mirrored)
    return (mirrored, True) if mirrored.places > plain.places else (plain, False)


def _fitted(first: Keypoints, second: Keypoints) -> _Fit:
    rows, columns = matched(first.descriptors, second.descriptors)
    here, there = first.points[rows], second.points[columns]
    if len(rows) < 2:
        return _Fit(matches=len(rows))
    found, _ = cv2.estimateAffinePartial2D(
        here, there, ransacReprojThreshold=_INLIER_PIXELS, maxIters=_ROUNDS, confidence=0.999
    )
    if not np.isfinite(np.asarray(found, np.float64)).all():  # nothing found: None, which is not finite either
        return _Fit(matches=len(rows))
    scale = math.hypot(found[0, 0], found[1, 0])
    if not _SCALE_RANGE[0] <= scale <= _SCALE_RANGE[1]:
        return _Fit(matches=len(rows))
    is_inlier = geometry.distances(np.vstack([found, (0.0, 0.0, 1.0)]), here, there) <= _INLIER_PIXELS
    return _Fit(
        matches=len(rows),
        count=int(is_inlier.sum()),
        places=min(_places(here[is_inlier]), _places(there[is_inlier])),
        angle_degrees=math.degrees(math.atan2(found[1, 0], found[0, 0])),
        scale=scale,
    )


def matched(first: Pixels, second: Pixels) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which rows of two arrays of descriptors belong together, by exact Hamming distance.

    Args:
        first, second: uint8, shape (n, 32); the second has two at least.

    Returns:
        Rows of the first and of the second, each once: nearest to each other, and nearer than 0.8 of the next.
    """
    away, near = cv2.batchDistance(first, second, cv2.CV_32S, normType=cv2.NORM_HAMMING, K=2)
    rows = np.flatnonzero(away[:, 0] < _MAX_RATIO * away[:, 1])
    if not len(rows):
        return rows, rows
    columns = near[rows, 0].astype(np.int64)
    _, back = cv2.batchDistance(second[columns], first, cv2.CV_32S, normType=cv2.NORM_HAMMING, K=1)
    is_mutual = back[:, 0] == rows
    return rows[is_mutual], columns[is_mutual]


def _places(points: Points) -> int:
    """Return how many different places points are at: one corner is found again at several scales."""
    return len(np.unique(np.round(points / _INLIER_PIXELS), axis=0))


def _keypoints(luma: Pixels) -> Keypoints:
    # Of what is smaller than its patch OpenCV finds none, or fails.
    is_large_enough = min(luma.shape) >= _PATCH_PIXELS
    found, descriptors = _detector().detectAndCompute(luma, None) if is_large_enough else ((), luma)
    if not found:
        return Keypoints(points=np.zeros((0, 2)), descriptors=np.zeros((0, 32), np.uint8))
    return Keypoints(
        points=np.array([one.pt for one in found], np.float64), descriptors=np.asarray(descriptors, np.uint8)
    )


@functools.cache
def _detector() -> cv2.ORB:
    return cv2.ORB.create(nfeatures=_MOST_KEYPOINTS)
