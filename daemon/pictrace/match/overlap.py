"""Where two pictures overlap: which one lies in the other, how much of it, and what lies around it there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.match import geometry
from pictrace.match.geometry import Matrix, Points
from pictrace.match.laying import Laid
from pictrace.match.surroundings import (
    LEAST_OUTSIDE,
    Around,
    Surroundings,
    filled,
    is_blank,
    outside_of,
    snapped,
    surroundings,
)
from pictrace.model import Box

Pixels = NDArray[np.uint8]

# So much of the inner picture has to be seen in the outer one; less is a neighbour in a panorama.
LEAST_CONTAINED: Final = 0.93
# A region is known to a block; its edges are looked for so far around (pixels of the frame).
_SLACK_PIXELS: Final = 20.0
WHOLE: Final[Box] = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How the inner picture lies in the outer one.

    ``contained``: share of the inner picture's region that the outer one shows, or 1 where the rest is blank.
    ``covered``: share of the outer picture that this takes, 0..1. ``inner_box``, ``outer_box``: what both show,
    relative to either. ``area``: the corners of the region, in pixels of the inner picture.
    """

    is_first_inner: bool
    contained: float
    covered: float
    inner_box: Box
    outer_box: Box
    area: Points
    to_outer: Matrix
    around: Surroundings

    @property
    def is_whole(self) -> bool:
        """Whether the outer picture shows nothing else."""
        return self.covered >= 1 - LEAST_OUTSIDE

    @property
    def is_embedded(self) -> bool:
        """Whether the outer picture was made around the inner one."""
        return self.around.around in (Around.BORDER, Around.OTHER)


def overlap_of(first: Pixels, second: Pixels, laid: Laid, region: Box = WHOLE) -> Overlap:
    """Return how two pictures overlap.

    Args:
        first, second: as they were handed to `laying.laid`.
        laid: what that gave.
        region: what of the frame both show, relative to it.
    """
    inner, outer = (first, second) if laid.is_first_inner else (second, first)
    height, width = laid.mask.shape
    frame = geometry.corners(width, height)
    low, high = frame[0], frame[2]
    left, top, right, bottom = region
    area = low + np.array([(left, top), (right, top), (right, bottom), (left, bottom)]) * (high - low)
    quad = geometry.moved(laid.to_outer, area)
    if region != WHOLE:
        quad = snapped(outer, quad, _SLACK_PIXELS * geometry.scale_at(laid.to_outer, area.mean(axis=0)))
    border = geometry.corners(outer.shape[1], outer.shape[0])
    quad_area = float(cv2.contourArea(cv2.convexHull(quad.astype(np.float32))))
    shared_area, shared = cv2.intersectConvexConvex(cv2.convexHull(quad.astype(np.float32)), border.astype(np.float32))
    seen = shared.reshape(-1, 2).astype(np.float64) if shared_area > 0 else quad
    back = geometry.moved(laid.to_inner @ geometry.inverse(laid.to_outer), seen)
    contained = min(1.0, float(shared_area) / max(1e-6, quad_area))
    # What turning within the same canvas left over is of one color, in the picture that was turned.
    is_one_blank = contained < 1 and (_is_rest_blank(inner, back) or _is_rest_blank(outer, seen))
    return Overlap(
        is_first_inner=laid.is_first_inner,
        contained=1.0 if is_one_blank else contained,
        covered=min(1.0, float(shared_area) / (outer.shape[0] * outer.shape[1])),
        inner_box=_box(back, inner),
        outer_box=_box(seen, outer),
        area=geometry.moved(laid.to_inner, area),
        to_outer=laid.to_outer @ geometry.inverse(laid.to_inner),
        around=surroundings(outer, quad),
    )


def _is_rest_blank(picture: Pixels, seen: Points) -> bool:
    rest = outside_of(filled(seen, picture.shape[1], picture.shape[0]))
    return bool(rest.any()) and is_blank(picture, rest)


def _box(points: Points, picture: Pixels) -> Box:
    size = np.array([picture.shape[1], picture.shape[0]])
    low, high = (np.clip((edge + 0.5) / size, 0.0, 1.0) for edge in (points.min(axis=0), points.max(axis=0)))
    left, top, right, bottom = (round(float(value), 4) for value in (*low, *high))
    return left, top, right, bottom
