"""A picture on its way from the original to the copy, which remembers where each of its pixels came from.

Pixel coordinates count from the middle of the first pixel: the corners of a picture lie half a pixel outside.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Points = NDArray[np.float64]
Matrix = NDArray[np.float64]

Random = np.random.Generator

# What is cut off by rounding to whole pixels is no crop.
_LEAST_CROPPED = 0.01
_SAME_SIZE = 0.006
_SAME_ANGLE_DEGREES = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture made from an original.

    ``rgb``: uint8 (height, width, 3). ``to_original``: takes its pixels to those of the original, 3 × 3.
    ``region``: the convex part that shows the original, (n, 2), in its pixels. ``kinds``: the words for what was done
    to its look, with their measures. ``sides``: of a border. ``is_part``: lies in a bigger picture. ``others``: which
    other photographs it shows. ``has_perspective``: was seen from aside. ``is_cropped``: something was cut off.
    """

    rgb: Pixels
    to_original: Matrix
    region: Points
    original_size: tuple[int, int]
    kinds: dict[str, dict[str, Any]] = field(default_factory=dict)
    sides: tuple[str, ...] = ()
    is_part: bool = False
    has_perspective: bool = False
    is_cropped: bool = False
    others: tuple[str, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.rgb.shape[1], self.rgb.shape[0]

    def looking(self, rgb: Pixels, kind: str | None = None, **measures: Any) -> Drawn:
        """Return it with other pixels at the same places, and the word for what was done."""
        kinds = self.kinds if kind is None else {**self.kinds, kind: measures}
        return replace(self, rgb=rgb, kinds=kinds)

    def moved(self, rgb: Pixels, there: Matrix) -> Drawn:
        """Return it as a new picture, into which ``there`` takes its pixels; what falls outside is gone."""
        region = clipped(through(there, self.region), (rgb.shape[1], rgb.shape[0]))
        return replace(self, rgb=rgb, to_original=self.to_original @ np.linalg.inv(there), region=region)


Step = Callable[[Drawn, Random], Drawn]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is true of a copy and its original.

    ``scale``: side of the copy / side of the original, of what both show. ``degrees``: how far the copy is turned
    clockwise, after ``axis`` was mirrored. ``box``: what it shows, relative to the original; ``kept``: that share of
    the original's area. ``place``: where the original lies in the copy, relative to the copy. Sizes and angles are
    None where the copy was seen from aside and there is no one size.
    """

    relations: tuple[str, ...]
    edits: dict[str, dict[str, Any]]
    to_original: list[list[float]]
    original_size: tuple[int, int]
    copy_size: tuple[int, int]
    scale: float | None
    degrees: float | None
    axis: str | None
    box: tuple[float, ...]
    kept: float
    place: tuple[float, ...]
    others: tuple[str, ...] = ()


def drawn(rgb: Pixels) -> Drawn:
    """Return an original as a copy of itself."""
    height, width = rgb.shape[:2]
    return Drawn(rgb=rgb, to_original=np.eye(3), region=corners(width, height), original_size=(width, height))


def corners(width: float, height: float) -> Points:
    """Return the corners of a picture, clockwise from the top left, (4, 2)."""
    right, bottom = width - 0.5, height - 0.5
    return np.array([(-0.5, -0.5), (right, -0.5), (right, bottom), (-0.5, bottom)])


def through(matrix: Matrix, points: Points) -> Points:
    """Return points taken through a homography, (n, 2)."""
    there = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(there[:, :2] / there[:, 2:])


def clipped(polygon: Points, size: tuple[int, int]) -> Points:
    """Return the part of a convex polygon that lies inside a picture."""
    frame = corners(*size).astype(np.float32)
    area, inside = cv2.intersectConvexConvex(polygon.astype(np.float32), frame)
    return np.asarray(inside.reshape(-1, 2), np.float64) if area > 0 else polygon[:0]


def area_of(polygon: Points) -> float:
    """Return the area of a convex polygon in square pixels."""
    return float(cv2.contourArea(polygon.astype(np.float32))) if len(polygon) else 0.0


def box_of(polygon: Points, size: tuple[int, int]) -> tuple[float, ...]:
    """Return the box around a polygon relative to a picture: left, top, right, bottom."""
    low, high = (edge + 0.5 for edge in (polygon.min(axis=0), polygon.max(axis=0)))
    left, top, right, bottom = np.clip([*(low / size), *(high / size)], 0.0, 1.0).round(5).tolist()
    return left, top, right, bottom


def truth_of(copy: Drawn, relations: tuple[str, ...] = ()) -> Truth:
    """Return what is true of a copy; the relations that are right follow from what was done unless they are given."""
    shown = clipped(through(copy.to_original, copy.region), copy.original_size)
    kept = area_of(shown) / (copy.original_size[0] * copy.original_size[1])
    scale, degrees, axis = posture(copy)
    edits = dict(copy.kinds)
    box, place = box_of(shown, copy.original_size), box_of(copy.region, copy.size)
    if copy.is_cropped and kept < 1 - _LEAST_CROPPED:
        edits["cropped"] = {"box": box, "kept": kept}
    if abs(scale - 1) > _SAME_SIZE:
        edits["resized"] = {"scale": scale}
    if min(degrees, 360 - degrees) > _SAME_ANGLE_DEGREES:
        edits["rotated"] = {"degrees": degrees}
    if axis is not None:
        edits["mirrored"] = {"axis": axis}
    if copy.sides:
        edits["bordered"] = {"sides": copy.sides}
    if copy.has_perspective:
        edits["perspective"] = {}
    if copy.is_part:
        edits["collage-tile"] = {"box": place, "source_box": box}
    return Truth(
        relations=relations or (relation_of(edits),),
        edits=edits,
        to_original=(copy.to_original / copy.to_original[2, 2]).round(9).tolist(),
        original_size=copy.original_size,
        copy_size=copy.size,
        scale=None if copy.has_perspective else scale,
        degrees=None if copy.has_perspective else degrees,
        axis=axis,
        box=box,
        kept=kept,
        place=place,
        others=copy.others,
    )


def relation_of(edits: dict[str, dict[str, Any]]) -> str:
    """Return the relation that follows from edits."""
    if "collage-tile" in edits:
        return "part"
    degrees = edits.get("rotated", {}).get("degrees", 0.0)
    is_quarter = abs(degrees - round(degrees / 90) * 90) <= _SAME_ANGLE_DEGREES
    return "rendition" if is_quarter and set(edits) <= {"resized", "rotated"} else "edited"


def posture(copy: Drawn) -> tuple[float, float, str | None]:
    """Return scale, degrees clockwise and the axis of mirroring in the middle of a copy."""
    middle = copy.region.mean(axis=0)
    step = 0.5
    spots = np.array([(step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step)]) + middle
    east, west, south, north = through(copy.to_original, spots)
    jacobian = np.linalg.inv(np.column_stack([east - west, south - north]))
    scale = math.sqrt(abs(float(np.linalg.det(jacobian))))
    if np.linalg.det(jacobian) > 0:
        return scale, _clockwise(jacobian), None
    # Left and right swapped, or top and bottom: whichever leaves the smaller turn.
    across = _clockwise(jacobian @ np.diag([-1.0, 1.0]))
    if 90 < across < 270:
        return scale, _clockwise(jacobian @ np.diag([1.0, -1.0])), "vertical"
    return scale, across, "horizontal"


def _clockwise(turn: Matrix) -> float:
    """Return how far a turn goes, 0..360; y points down, so the usual angle runs clockwise."""
    degrees = math.degrees(math.atan2(turn[1, 0] - turn[0, 1], turn[0, 0] + turn[1, 1])) % 360
    return 0.0 if degrees > 360 - 1e-9 else degrees
