"""The first score of the first PicTrace: mean of two parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2

from pictrace.match.methods.base import Metric, Reading, Sight
from pictrace.match.methods.seed_parts import (
    SeedParts,
    are_equal,
    require_keypoints,
    share_of_query,
    squashed,
    structure,
)

_SIDE_PIXELS: Final = 256


@dataclass(frozen=True, slots=True)
class SeedV0:
    """Key points with a match in both directions, whether good or not, and structural similarity: (f + s) / 2.

    Source: the first version of the web service PicTrace, April 2024. Squares of 256 pixels, 500 ORB key points, brute
    force with cross-check, no ratio test; f is the share of a's key points.
    Faults kept: not symmetric; most pairs of different photos share a third of their points so; squashing breaks
    turns, borders and crops. Mended: equal pictures without key points give 1 and not 0; others without are no score.
    """

    side_pixels: int | None = None
    name = "seed-v0"
    metrics = (Metric(name="mean", unit="-1 to 1", is_similarity=True, perfect=1.0),)
    is_record_only = True

    def describe(self, sight: Sight) -> SeedParts:
        """Return the squashed picture; the rest is computed when first compared."""
        return SeedParts(rgb=squashed(sight.rgb, self.side_pixels or _SIDE_PIXELS))

    def compare(self, a: SeedParts, b: SeedParts) -> Reading:
        """Return the mean; details: its parts."""
        if are_equal(a, b):
            feature = 1.0
        else:
            require_keypoints(a, b, fewest=1)
            matcher = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True)
            feature = share_of_query(matcher.match(a.descriptors, b.descriptors), a)
        ssim = structure(a, b)
        mean = (feature + ssim) / 2
        return Reading(values={"mean": mean}, details={"feature": feature, "ssim": ssim, "mean": mean})
