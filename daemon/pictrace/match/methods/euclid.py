"""The Euclidean distance of the colors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2

from pictrace.match.methods.base import Metric, Pixels, Reading, Sight

_SIDE_PIXELS: Final = 256


@dataclass(frozen=True, slots=True)
class Euclid:
    """The Euclidean distance of two squares of pixels, told as the root mean square of their levels' differences.

    Source: Zaafarani, «Build an Image Duplicate Finder System: A Guide», after scipy's ``distance.euclidean`` and
    numpy's ``linalg.norm``. The latter wraps around on uint8, so that 10 and 12 lie 254 apart one way; here the
    difference is taken before anything can wrap.
    """

    name = "euclid"
    metrics = (Metric(name="rms", unit="levels, 0 to 255", is_similarity=False, perfect=0.0),)
    is_record_only = False

    def describe(self, sight: Sight) -> Pixels:
        """Return the squashed picture, uint8, shape (256, 256, 3)."""
        return sight.squashed(_SIDE_PIXELS)

    def compare(self, a: Pixels, b: Pixels) -> Reading:
        """Return the root mean square; the plain distance, which grows with the square's side, is a detail."""
        # OpenCV takes differences and squares of uint8 as integers: exact, where float32 rounds their sum.
        distance = cv2.norm(a, b, cv2.NORM_L2)
        return Reading(values={"rms": distance / math.sqrt(a.size)}, details={"euclidean-distance": distance})
