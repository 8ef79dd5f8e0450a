"""Lays two pictures over each other: which way up, and at which size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pictrace.imaging import ORIENTATIONS, Picture, gray, resized

_THUMBNAIL_PIXELS = 32
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


def poses(first: Picture, second: Picture) -> list[Pose]:
    """Return the most likely pose, and a second one where it is about as likely.

    Args:
        first, second: the pictures.
    """
    a, b = _thumbnail(first), _thumbnail(second)
    found = [_pose(first, second, a, b, index) for index in range(len(ORIENTATIONS))]
    found.sort(key=lambda pose: (pose.stretch > pose.allowed_stretch, -round(pose.correlation, 4), pose.orientation))
    best = found[0]
    return [pose for pose in found[:2] if pose.correlation >= best.correlation - _NEAR_TIE]


def _pose(first: Picture, second: Picture, a: NDArray[np.float32], b: NDArray[np.float32], index: int) -> Pose:
    sides = first.width_pixels, first.height_pixels, second.width_pixels, second.height_pixels
    width, height = (sides[2], sides[3]) if ORIENTATIONS[index][0] % 2 == 0 else (sides[3], sides[2])
    # b is square, so its eight orientations are those of its array; turning is no arithmetic on its values.
    turned = np.rot90(b[:, ::-1] if ORIENTATIONS[index][1] else b, k=-ORIENTATIONS[index][0])
    least, most = _STRETCH_RANGE
    return Pose(
        orientation=index,
        correlation=float((a * turned).sum()),
        stretch=abs(float(np.log(sides[0] * height / (sides[1] * width)))),
        allowed_stretch=min(most, max(least, sum(1.0 / side for side in sides))),
    )


def _thumbnail(picture: Picture) -> NDArray[np.float32]:
    small = resized(gray(picture.rgb), _THUMBNAIL_PIXELS, _THUMBNAIL_PIXELS).astype(np.float32)
    small -= small.mean()
    return small / max(1e-6, float(np.linalg.norm(small)))
