"""How one picture lies in another: the simplest transform that explains the points they share.

A transform is a homography, float64 (3, 3), that takes pixels of the first picture to pixels of the second; pixel
centres are whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Points = NDArray[np.float64]

# Farther from where the transform takes it, a point does not fit (pixels of the second picture).
INLIER_PIXELS: Final = 4.0
_ROUNDS: Final = 3000
_CONFIDENCE: Final = 0.999
# A richer transform has to explain clearly more points, or it explains noise.
_LEAST_GAIN, _LEAST_MORE = 1.12, 3
# No copy is shrunk, stretched or seen from so far aside (ratios of sides and of areas).
_SCALE_RANGE: Final = (1 / 24.0, 24.0)
_MOST_STRETCH: Final = 3.0
_MOST_AREA_CHANGE: Final = 6.0
# Of the farthest corner: what lies nearer to the horizon is shown by less than a pixel.
_LEAST_DEPTH: Final = 1e-3


class Model(IntEnum):
    """How rich a transform is."""

    SIMILARITY = 4  # how many numbers it takes
    AFFINE = 6
    HOMOGRAPHY = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """A transform with the points that fit it."""

    matrix: Matrix
    model: Model
    inliers: NDArray[np.bool_]

    @property
    def count(self) -> int:
        """How many points fit."""
        return int(self.inliers.sum())


def estimated(first: Points, second: Points) -> Geometry | None:
    """Return the simplest transform that takes points of one picture to those of the other; None where none does.

    Robust estimation as in RANSAC (Fischler and Bolles, 1981) and MAGSAC++ (Barath et al., 2020), by OpenCV, whose
    random numbers are the same in each run.

    Args:
        first, second: float64 (n, 2), x and y in pixels.
    """
    if len(first) < 4:
        return None
    best: Geometry | None = None
    for model, solve in ((Model.SIMILARITY, _similarity), (Model.AFFINE, _affine), (Model.HOMOGRAPHY, _homography)):
        if best is not None and len(first) < 2 * model:
            break
        matrix = solve(first, second)
        if matrix is None or not is_plausible(matrix, first):
            continue
        found = Geometry(matrix=matrix, model=model, inliers=distances(matrix, first, second) <= INLIER_PIXELS)
        if best is None or found.count >= max(_LEAST_GAIN * best.count, best.count + _LEAST_MORE):
            best = found
    return best


def moved(matrix: Matrix, points: Points) -> Points:
    """Return points where a transform takes them, (n, 2)."""
    lifted = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(lifted[:, :2] / lifted[:, 2:], dtype=np.float64)


def distances(matrix: Matrix, first: Points, second: Points) -> NDArray[np.float64]:
    """Return how far from the second points a transform takes the first ones, in pixels."""
    with np.errstate(divide="ignore", invalid="ignore"):
        away = np.hypot(*(moved(matrix, first) - second).T)
    return np.where(np.isnan(away), np.inf, away)


def corners(width: float, height: float) -> Points:
    """Return the corners of a picture, clockwise from the top left, (4, 2); half a pixel outside the outer centres."""
    right, bottom = width - 0.5, height - 0.5
    return np.array([(-0.5, -0.5), (right, -0.5), (right, bottom), (-0.5, bottom)])


def resizing(width_scale: float, height_scale: float) -> Matrix:
    """Return the transform that takes pixels of a picture to those of a resized one."""
    return np.array(
        [
            [width_scale, 0, (width_scale - 1) / 2],
            [0, height_scale, (height_scale - 1) / 2],
            [0, 0, 1.0],
        ]
    )


def is_plausible(matrix: Matrix, points: Points) -> bool:
    """Return whether a copy can have been made by a transform: not folded over, not seen from the edge."""
    low, high = points.min(axis=0), points.max(axis=0)
    middle = (low + high) / 2
    spots = np.array([low, high, (low[0], high[1]), (high[0], low[1]), middle])
    jacobians = [_jacobian(matrix, spot) for spot in spots]
    if any(jacobian is None for jacobian in jacobians):
        return False
    (a, b), (c, d) = np.array(jacobians).transpose(1, 2, 0)
    areas = a * d - b * c
    # The singular values, longest and shortest side of what a square becomes: their squares add up to that of all
    # numbers, and their product is the area.
    squares = a * a + b * b + c * c + d * d
    large = np.sqrt((squares + np.sqrt(np.maximum(0, squares**2 - 4 * areas**2))) / 2)
    if not large.min() > 0:
        return False  # everything at one point: several features of one place found one another
    small = np.abs(areas) / large
    if small.min() < _SCALE_RANGE[0] or large.max() > _SCALE_RANGE[1] or (large > _MOST_STRETCH * small).any():
        return False
    if areas.min() <= 0 < areas.max():
        return False
    return bool(np.abs(areas).max() <= _MOST_AREA_CHANGE * np.abs(areas).min())


def is_before(matrix: Matrix, points: Points) -> bool:
    """Return whether a transform takes all points to a place before the viewer: none beyond the horizon, none near."""
    depths = np.column_stack([points, np.ones(len(points))]) @ matrix[2]
    return bool(depths.min() > _LEAST_DEPTH * abs(depths).max())


def inverse(matrix: Matrix) -> Matrix:
    """Return the transform that takes another one back."""
    return np.asarray(np.linalg.inv(matrix), np.float64)


def scale_at(matrix: Matrix, point: Points) -> float:
    """Return how much larger the second picture shows what lies around a point of the first, along a side."""
    jacobian = _jacobian(matrix, point)
    return 0.0 if jacobian is None else float(np.sqrt(abs(np.linalg.det(jacobian))))


def _jacobian(matrix: Matrix, point: Points) -> Matrix | None:
    x, y, w = matrix @ np.array([*point, 1.0])
    if w <= 1e-9:
        return None
    return np.array(
        [
            [(matrix[0, c] - x / w * matrix[2, c]) / w for c in (0, 1)],
            [(matrix[1, c] - y / w * matrix[2, c]) / w for c in (0, 1)],
        ]
    )


def _similarity(first: Points, second: Points) -> Matrix | None:
    found, _ = cv2.estimateAffinePartial2D(
        first, second, ransacReprojThreshold=INLIER_PIXELS, maxIters=_ROUNDS, confidence=_CONFIDENCE
    )
    return _lifted(found)


def _affine(first: Points, second: Points) -> Matrix | None:
    found, _ = cv2.estimateAffine2D(
        first, second, ransacReprojThreshold=INLIER_PIXELS, maxIters=_ROUNDS, confidence=_CONFIDENCE
    )
    return _lifted(found)


def _homography(first: Points, second: Points) -> Matrix | None:
    found, _ = cv2.findHomography(first, second, cv2.USAC_MAGSAC, INLIER_PIXELS, None, _ROUNDS, _CONFIDENCE)
    return _finite(found)


def _lifted(found: object) -> Matrix | None:
    matrix = _finite(found)
    return None if matrix is None else np.vstack([matrix, (0.0, 0.0, 1.0)])


def _finite(found: object) -> Matrix | None:
    """Return what OpenCV found; it says None, or numbers that are none, where it found nothing."""
    if found is None:
        return None
    matrix = np.asarray(found, np.float64)
    return matrix if np.isfinite(matrix).all() else None
