"""Ways in which one picture may lie in another: as a whole in one of eight orientations, or as shared points say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pictrace.imaging import ORIENTATIONS
from pictrace.match import geometry
from pictrace.match.aligned import Pose, poses
from pictrace.match.features import Features, correspondences
from pictrace.match.geometry import Matrix, Model
from pictrace.match.index.poses import ANGLE_BINS, SIZE_BINS, agreed, bins
from pictrace.match.pictures import Loaded
from pictrace.match.scaled import Scaled

# Whole pictures whose aspect ratios differ by more (a logarithm) are not stretched copies of each other.
_MOST_STRETCH: Final = 0.06
# Whole pictures with so much to be seen in their thumbnails (standard deviation, levels), and yet so unlike each other,
# are not laid over each other: of 1,050 pairs no copy that was found as a whole had less than 0.8. Pictures without
# contrast have thumbnails of noise; those of a negative are alike, with the sign turned.
_CLEAR_LEVELS: Final = 8.0
_LEAST_CORRELATION: Final = 0.25
_FEWEST_INLIERS: Final = 5
# So many shared points carry the richest transform.
_INLIERS_FOR_HOMOGRAPHY: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """A transform from the first picture to the second, and what speaks for it.

    ``richest``: the richest transform that refining it may use. ``points``: the inliers, (n, 4), x and y in the first
    and in the second picture; none for a whole-picture hypothesis, whose ``correlation`` is that of the thumbnails.
    """

    matrix: Matrix
    richest: Model
    points: NDArray[np.float64]
    correlation: float = 0.0


def from_points(first: Features, second: Features) -> list[Hypothesis]:
    """Return a hypothesis for the picture as it is and one for it mirrored, the better supported first."""
    found = []
    mirror = np.array([[-1, 0, second.width_pixels - 1], [0, 1, 0], [0, 0, 1.0]])
    for is_mirrored in (False, True):
        other = second.mirrored if is_mirrored else second
        rows, rows_there = correspondences(first, other)
        if _agreeing(first.poses[rows], other.poses[rows_there]) < _FEWEST_INLIERS:
            continue
        here, there = first.points[rows], other.points[rows_there]
        estimated = geometry.estimated(here, there)
        if estimated is None or estimated.count < _FEWEST_INLIERS:
            continue
        matrix = mirror @ estimated.matrix if is_mirrored else estimated.matrix
        points = np.column_stack([here, geometry.moved(mirror, there) if is_mirrored else there])[estimated.inliers]
        richest = Model.HOMOGRAPHY if estimated.count >= _INLIERS_FOR_HOMOGRAPHY else estimated.model
        found.append(Hypothesis(matrix=matrix, richest=richest, points=points))
    return sorted(found, key=lambda one: -len(one.points))


def _agreeing(first: NDArray[np.int64], second: NDArray[np.int64]) -> int:
    """Return how many pairs of features are turned and scaled about alike, as those of a copy are; cheap to ask."""
    votes = np.bincount(bins(first, second), minlength=ANGLE_BINS * SIZE_BINS).astype(np.float64)
    return int(agreed(votes.reshape(1, ANGLE_BINS, SIZE_BINS))[0])


def as_wholes(first: Loaded, second: Loaded) -> list[Hypothesis]:
    """Return the likeliest orientations in which the whole of one picture is the whole of the other.

    Args:
        first, second: the pictures.
    """
    return [
        Hypothesis(
            matrix=_whole(first.scaled, second.scaled, pose.orientation),
            richest=Model.AFFINE,
            points=np.zeros((0, 4)),
            correlation=pose.correlation,
        )
        for pose in poses(first, second)
        if pose.stretch <= _MOST_STRETCH and not _is_unlike(first.scaled, second.scaled, pose)
    ]


def _is_unlike(first: Scaled, second: Scaled, pose: Pose) -> bool:
    """Return whether two whole pictures clearly show something else."""
    is_clear = min(first.contrast_levels, second.contrast_levels) >= _CLEAR_LEVELS
    return is_clear and abs(pose.correlation) < _LEAST_CORRELATION


def _whole(first: Scaled, second: Scaled, orientation: int) -> Matrix:
    """Return what takes pixels of the first to the second, where first = oriented(second, orientation)."""
    quarters, is_mirrored = ORIENTATIONS[orientation]
    width, height = second.size
    matrix = np.array([[-1, 0, width - 1], [0, 1, 0], [0, 0, 1.0]]) if is_mirrored else np.eye(3)
    for _ in range(quarters):
        matrix = np.array([[0, -1, height - 1], [1, 0, 0], [0, 0, 1.0]]) @ matrix
        width, height = height, width
    resized = geometry.resizing(first.size[0] / width, first.size[1] / height)
    return geometry.inverse(resized @ matrix)
