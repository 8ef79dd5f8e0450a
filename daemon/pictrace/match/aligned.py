"""Lays two pictures over each other: which way up, and at which size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pictrace.imaging import ORIENTATIONS
from pictrace.match.pictures import Loaded

# Two orientations whose thumbnails agree so equally are told apart on the pictures themselves.
_NEAR_TIE = 0.03
# The most and the least that rounding a side to whole pixels may change the aspect ratio.
_STRETCH_RANGE = (0.004, 0.03)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """One way of laying the second picture over the first: first ≈ oriented(second, orientation).

    ``correlation``: of their thumbnails, -1..1. ``stretch``: by how much the aspect ratios differ, as a logarithm;
    ``allowed_stretch`` is what rounding to whole pixels explains.
    """

    orientation: int
    correlation: float
    stretch: float
    allowed_stretch: float


def poses(first: Loaded, second: Loaded) -> list[Pose]:
    """Return the most likely pose, and a second one where it is about as likely.

    Args:
        first, second: the pictures.
    """
    found = [_pose(first, second, index) for index in range(len(ORIENTATIONS))]
    found.sort(key=lambda pose: (pose.stretch > pose.allowed_stretch, -round(pose.correlation, 4), pose.orientation))
    best = found[0]
    return [pose for pose in found[:2] if pose.correlation >= best.correlation - _NEAR_TIE]


def _pose(first: Loaded, second: Loaded, index: int) -> Pose:
    one, other = first.picture, second.picture
    sides = one.width_pixels, one.height_pixels, other.width_pixels, other.height_pixels
    width, height = (sides[2], sides[3]) if ORIENTATIONS[index][0] % 2 == 0 else (sides[3], sides[2])
    a, b = first.scaled.thumbnail, second.scaled.thumbnail
    # b is square, so its eight orientations are those of its array; turning is no arithmetic on its values.
    turned = np.rot90(b[:, ::-1] if ORIENTATIONS[index][1] else b, k=-ORIENTATIONS[index][0])
    least, most = _STRETCH_RANGE
    return Pose(
        orientation=index,
        correlation=float((a * turned).sum()),
        stretch=abs(float(np.log(sides[0] * height / (sides[1] * width)))),
        allowed_stretch=min(most, max(least, sum(1.0 / side for side in sides))),
    )
