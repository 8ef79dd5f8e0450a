"""What both methods of the first PicTrace are made of, as they were; for the record only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.imaging import gray
from pictrace.match.methods.base import IncomparableError, Pixels

_MOST_KEYPOINTS: Final = 500
_COLORS: Final = 32
_PATCH_PIXELS: Final = 31


@dataclass(frozen=True, kw_only=True)
class SeedParts:
    """A picture squashed to a square, with what the methods compute of it, once: ``rgb`` uint8, (side, side, 3)."""

    rgb: Pixels

    @cached_property
    def luma(self) -> Pixels:
        """The gray picture, uint8, shape (side, side)."""
        return gray(self.rgb)

    @cached_property
    def descriptors(self) -> Pixels:
        """ORB descriptors, uint8, shape (n, 32); n may be 0."""
        none = np.zeros((0, 32), np.uint8)
        if len(self.rgb) < _PATCH_PIXELS:
            return none  # OpenCV finds none, or fails
        keypoints, found = cv2.ORB.create(nfeatures=_MOST_KEYPOINTS).detectAndCompute(self.luma, None)
        return np.asarray(found, np.uint8) if keypoints else none

    @cached_property
    def histogram(self) -> NDArray[np.float32]:
        """How often each of 32768 colors is, float32, shape (32, 32, 32), of length 1."""
        counts = cv2.calcHist([self.rgb], [0, 1, 2], None, [_COLORS] * 3, [0, 256] * 3)
        return np.asarray(cv2.normalize(counts, counts), np.float32)


def squashed(rgb: Pixels, side_pixels: int) -> Pixels:
    """Return a picture as the seeds made squares: bilinear without averaging, so that shrinking leaves jaggies."""
    return np.asarray(cv2.resize(rgb, (side_pixels, side_pixels)), np.uint8)


def are_equal(a: SeedParts, b: SeedParts) -> bool:
    """Return whether two pictures are equal pixel for pixel."""
    return a.rgb.shape == b.rgb.shape and bool((a.rgb == b.rgb).all())


def require_keypoints(a: SeedParts, b: SeedParts, fewest: int) -> None:
    """Raise where a picture has too little to be matched by; the seeds gave 0 then.

    Raises:
        IncomparableError: it has fewer key points.
    """
    found = min(len(a.descriptors), len(b.descriptors))
    if found < fewest:
        raise IncomparableError(f"too little detail: {found} key points, at least {fewest} needed")


def structure(a: SeedParts, b: SeedParts) -> float:
    """Return the structural similarity of the gray pictures, -1 to 1; scikit-image's defaults."""
    if are_equal(a, b):
        return 1.0  # also where both are smaller than a window
    # Half a second to import, which no command needs that does not measure.
    from skimage.metrics import structural_similarity  # noqa: PLC0415

    return float(structural_similarity(a.luma, b.luma, data_range=255))  # type: ignore[no-untyped-call]


def colors(a: SeedParts, b: SeedParts) -> float:
    """Return what OpenCV calls the correlation of the color histograms; it may lie beyond -1 and 1.

    Of arrays with three dimensions it takes the mean as if they had 1024 bins and not 32768, in 4.10 and in 5.0. What
    the service said was that, lower than a correlation by up to 0.2.

    Raises:
        IncomparableError: it comes out as no number, which it does where one picture only has thousands of colors.
    """
    if are_equal(a, b):
        return 1.0  # by the wrong mean noise would be the opposite of itself
    value = float(cv2.compareHist(a.histogram, b.histogram, cv2.HISTCMP_CORREL))
    if not math.isfinite(value):
        raise IncomparableError("the color part is no number")
    return value


def share_of_query(matches: Sequence[Any], query: SeedParts) -> float:
    """Return how many of the query's key points have a match, 0 to 1: not the same the other way round."""
    return len(matches) / len(query.descriptors)
