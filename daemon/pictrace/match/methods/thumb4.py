"""A thumbnail of 4 × 4 pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2

from pictrace.match.methods.base import Metric, Pixels, Reading, Sight

_SIDE_PIXELS: Final = 4


@dataclass(frozen=True, slots=True)
class Thumb4:
    """The Manhattan distance of two thumbnails of 4 × 4 colored pixels, 48 bytes each.

    Source: an answer in the thread on finding similar images, without a name.
    """

    name = "thumb4"
    metrics = (Metric(name="manhattan", unit="levels, sum of 48", is_similarity=False, perfect=0.0),)
    is_record_only = False

    def describe(self, sight: Sight) -> Pixels:
        """Return the thumbnail, uint8, shape (4, 4, 3)."""
        return sight.squashed(_SIDE_PIXELS)

    def compare(self, a: Pixels, b: Pixels) -> Reading:
        """Return the sum of all differences, 0 to 12,240."""
        return Reading(values={"manhattan": cv2.norm(a, b, cv2.NORM_L1)})
