"""What lies around one picture inside the other: nothing, a border, another picture, or simply more of the scene.

More of the scene means that the inner picture was cropped from the outer one. A border, or the rest of a collage or a
screenshot, means that the outer one was made from the inner one: then it ends in a seam.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Points = NDArray[np.float64]

# With less than this around it (share of the outer picture) the inner one is the whole of it.
LEAST_OUTSIDE: Final = 0.015
# A side of the inner picture nearer to the edge of the outer one (share of its shorter side) has nothing beside it.
_AT_EDGE: Final = 0.012
# Beside a seam, this far to both sides (pixels), the pictures have nothing in common.
_BESIDE_PIXELS: Final = 2.5
_STEP_PIXELS: Final = 3.0
_SEAM_PIXELS: Final = 3
# So far from the seam neither compression nor a blur carries anything over.
_CLEAR_PIXELS: Final = 12
_SAMPLES: Final = 160
# So many pixels say what an area is like.
_SAMPLE_PIXELS: Final = 20_000
_SEAM_LEVELS: Final = 6.0
_LEAST_BROKEN: Final = 0.7
# So much of the inner sides has to be seam.
_LEAST_SEAM: Final = 0.5
_UNIFORM_LEVELS: Final = 12
_LEAST_UNIFORM: Final = 0.9
# The words and buttons of a screenshot take more of what is around it than this leaves.
_LEAST_BORDER: Final = 0.995
_BLOCK_PIXELS: Final = 8
_FLAT_LEVELS: Final = 4.0
SIDES: Final = ("top", "right", "bottom", "left")


class Around(StrEnum):
    """What lies around the inner picture."""

    NOTHING = "nothing"
    SCENE = "scene"
    BORDER = "border"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What lies around the inner picture, and on which sides of the outer one; ``seam``: how much of it ends so."""

    around: Around
    sides: tuple[str, ...]
    seam: float


def surroundings(outer: Pixels, quad: Points) -> Surroundings:
    """Return what lies around a quadrangle in a picture.

    Args:
        outer: uint8 RGB.
        quad: the corners of the inner picture in the outer one, (4, 2), in pixels.
    """
    height, width = outer.shape[:2]
    inside = filled(quad, width, height)
    if 1 - float(inside.mean()) < LEAST_OUTSIDE:
        return Surroundings(around=Around.NOTHING, sides=(), seam=0.0)
    sides = _sides(quad, width, height)
    seam = _seam_share(outer, quad)
    if seam < _LEAST_SEAM:
        return Surroundings(around=Around.SCENE, sides=sides, seam=seam)
    around = Around.BORDER if _is_border(outer, outside_of(inside, _CLEAR_PIXELS)) else Around.OTHER
    return Surroundings(around=around, sides=sides, seam=seam)


def filled(quad: Points, width: int, height: int) -> NDArray[np.uint8]:
    """Return a mask of a convex shape, 1 inside and 0 outside, uint8 (height, width)."""
    inside = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(inside, np.round(cv2.convexHull(quad.astype(np.float32))).astype(np.int32), 1)
    return inside


def outside_of(inside: NDArray[np.uint8], away_pixels: int = _SEAM_PIXELS) -> NDArray[np.bool_]:
    """Return what lies outside a mask, so far away from it: the seam itself is left out."""
    side = 2 * away_pixels + 1
    return np.asarray(cv2.dilate(inside, np.ones((side, side), np.uint8)) == 0)


def _sides(quad: Points, width: int, height: int) -> tuple[str, ...]:
    margin = _AT_EDGE * min(width, height)
    (left, top), (right, bottom) = quad.min(axis=0), quad.max(axis=0)
    gaps = top, width - 1 - right, height - 1 - bottom, left
    return tuple(side for side, gap in zip(SIDES, gaps, strict=True) if gap > margin)


def snapped(outer: Pixels, quad: Points, slack_pixels: float) -> Points:
    """Return a quadrangle whose sides lie on the seams nearest to them, where there are any.

    Args:
        outer: uint8 RGB.
        quad: corners in pixels, clockwise or the other way round.
        slack_pixels: how far a side may be moved.
    """
    values, middle = outer.astype(np.float32), quad.mean(axis=0)
    limits = np.array([outer.shape[1] - 1, outer.shape[0] - 1])
    lines = []
    for start, end in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        outward = _outward(start, end, middle)
        along = start + np.linspace(0.1, 0.9, _SAMPLES)[:, None] * (end - start)
        best, moved = _LEAST_BROKEN, 0.0
        for offset in np.arange(-slack_pixels, slack_pixels + 1, 1.0):
            spots = along + offset * outward
            if ((spots < 2) | (spots > limits - 2)).any():
                continue
            step = _broken_share(values, spots, outward)
            if step > best:
                best, moved = step, float(offset)
        lines.append(np.cross([*(start + moved * outward), 1.0], [*(end + moved * outward), 1.0]))
    meets = [np.cross(lines[n - 1], lines[n]) for n in range(4)]
    if any(abs(point[2]) < 1e-9 for point in meets):
        return quad
    return np.array([point[:2] / point[2] for point in meets])


def _outward(start: Points, end: Points, middle: Points) -> Points:
    """Return the direction across a side, away from the middle, of length 1."""
    normal = np.array([end[1] - start[1], start[0] - end[0]]) / max(1e-6, float(np.hypot(*(end - start))))
    return np.asarray(-normal if normal @ (middle - start) > 0 else normal)


def _seam_share(outer: Pixels, quad: Points) -> float:
    """Return which share of the sides that lie inside the outer picture is a seam, 0..1."""
    height, width = outer.shape[:2]
    margin = max(2 * _BESIDE_PIXELS, _AT_EDGE * min(width, height))
    middle = quad.mean(axis=0)
    values = outer.astype(np.float32)
    length, seam = 0.0, 0.0
    for start, end in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        along = start + np.linspace(0.06, 0.94, _SAMPLES)[:, None] * (end - start)
        side = float(np.hypot(*(end - start)))
        room = np.minimum(along, np.array([width - 1, height - 1]) - along).min(axis=1)
        spots = along[room > margin]
        if len(spots) < _SAMPLES // 8:
            continue
        length += side
        seam += side * (_broken_share(values, spots, _outward(start, end, middle)) >= _LEAST_BROKEN)
    return seam / length if length else 0.0


def _broken_share(values: NDArray[np.float32], spots: Points, outward: Points) -> float:
    """Return at which share of points the picture changes more across a line than just inside of it, 0..1.

    Within one picture that is fewer than half of them, as the steps are alike. What lies farther outside is not
    asked: the gap between two tiles may be a few pixels wide.
    """
    offsets = (-_BESIDE_PIXELS - _STEP_PIXELS, -_BESIDE_PIXELS, _BESIDE_PIXELS)
    lines = [_sampled(values, spots + offset * outward) for offset in offsets]
    inside, across = (np.abs(a - b).max(axis=1) for a, b in itertools.pairwise(lines))
    return float((across > inside + _SEAM_LEVELS).mean())


def _sampled(values: NDArray[np.float32], spots: Points) -> NDArray[np.float32]:
    across, down = (spots[:, n].astype(np.float32).reshape(-1, 1) for n in (0, 1))
    found = cv2.remap(values, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, np.float32)[:, 0]


def is_blank(picture: Pixels, area: NDArray[np.bool_]) -> bool:
    """Return whether an area of a picture is of one color.

    Args:
        picture: uint8 RGB.
        area: bool, (height, width).
    """
    return _uniform_share(picture, area) >= _LEAST_UNIFORM


def _uniform_share(picture: Pixels, area: NDArray[np.bool_]) -> float:
    """Return which share of an area is of its most usual color, 0..1."""
    if not area.any():
        return 1.0
    pixels = picture[area]
    pixels = pixels[:: max(1, len(pixels) // _SAMPLE_PIXELS)].astype(np.int16)
    near = np.abs(pixels - np.median(pixels, axis=0)).max(axis=1) <= _UNIFORM_LEVELS
    return float(near.mean())


def _is_border(outer: Pixels, outside: NDArray[np.bool_]) -> bool:
    """Return whether there is nothing to see: one color, or a blur."""
    if _uniform_share(outer, outside) >= _LEAST_BORDER:
        return True
    gray = cv2.cvtColor(outer, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine = np.abs(gray - cv2.GaussianBlur(gray, (0, 0), _BLOCK_PIXELS / 2))[outside]
    return float((fine <= _FLAT_LEVELS).mean()) >= _LEAST_BORDER
