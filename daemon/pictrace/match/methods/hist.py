"""Color histograms."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.match.methods.base import Metric, Reading, Sight

_SIDE_PIXELS: Final = 256
# Of each color. 32, as the seeds took, is so fine on small pictures that a re-encoded copy falls into other bins.
_BINS: Final = 8

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many pixels have which color, in 8 × 8 × 8 bins of red, green and blue.

    Source: Swain and Ballard, «Color indexing», 1991, for the intersection; OpenCV's ``HISTCMP_CORREL`` for the
    correlation, which the seed took over 32 × 32 × 32 bins.
    """

    name = "hist"
    metrics = (
        Metric(name="intersection", unit="share of the pixels, 0 to 1", is_similarity=True, perfect=1.0),
        Metric(name="correlation", unit="-1 to 1", is_similarity=True, perfect=1.0),
    )
    is_record_only = False

    def describe(self, sight: Sight) -> Counts:
        """Return how many of the 65,536 pixels of the squashed picture each bin has, int64, shape (512,)."""
        pixels = sight.squashed(_SIDE_PIXELS)
        counts = cv2.calcHist([pixels], [0, 1, 2], None, [_BINS] * 3, [0, 256] * 3)
        return np.asarray(counts, dtype=np.int64).ravel()

    def compare(self, a: Counts, b: Counts) -> Reading:
        """Return the share of pixels that have a partner in their bin, and how the bins correlate."""
        shared = int(np.minimum(a, b).sum()) / _SIDE_PIXELS**2
        return Reading(values={"intersection": shared, "correlation": _correlation(a, b)})


def _correlation(a: Counts, b: Counts) -> float:
    """Return Pearson's correlation, from whole numbers: exactly 1 for equal histograms.

    OpenCV's is not exact, and in 4.10 and 5.0 leaves -1 to 1 when it is given counts in three dimensions.
    """
    spread_a, spread_b = _covariance(a, a), _covariance(b, b)
    if not (spread_a and spread_b):  # each bin has as many pixels as any other
        return float(spread_a == spread_b)
    return max(-1.0, min(1.0, _covariance(a, b) / math.sqrt(spread_a * spread_b)))


def _covariance(a: Counts, b: Counts) -> int:
    """Return the covariance, times the square of how many bins there are."""
    return a.size * int(a @ b) - int(a.sum()) * int(b.sum())
