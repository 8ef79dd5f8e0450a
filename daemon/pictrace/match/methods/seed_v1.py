"""The score that the first PicTrace was known for: mean of three parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import cv2

from pictrace.match.methods.base import Metric, Pixels, Reading, Sight
from pictrace.match.methods.seed_parts import (
    SeedParts,
    are_equal,
    colors,
    require_keypoints,
    share_of_query,
    squashed,
    structure,
)

_MOST_SIDE_PIXELS: Final = 1024
_MAX_RATIO: Final = 0.75
_FLANN_LSH: Final = 6
_NEIGHBORS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedV1Description:
    """A picture small enough to be kept; ``longest_side`` was that of the photo.

    How large a square is depends on both pictures of a pair; the last one made is kept.
    """

    rgb: Pixels
    longest_side: int
    _made: dict[int, SeedParts] = field(default_factory=dict, repr=False, compare=False)

    def at(self, side_pixels: int) -> SeedParts:
        """Return the parts at a size of the square."""
        if side_pixels not in self._made:
            self._made.clear()
            self._made[side_pixels] = SeedParts(rgb=squashed(self.rgb, side_pixels))
        return self._made[side_pixels]


@dataclass(frozen=True, slots=True)
class SeedV1:
    """Share of matched key points, structural similarity and color histogram: (f + s + h) / 3.

    Source: the web service PicTrace, end of April 2024. Both pictures squashed to squares of the longest of all sides,
    1024 pixels at most; 500 ORB key points, FLANN with locality-sensitive hashing (6 tables of 12 bits, 1 probe level,
    50 checks), two neighbors, ratio 0.75, f is the share of a's key points; 32³ colors, correlation.
    Faults kept: not symmetric; the hashing is random, so no two runs are the same; squashing breaks turns, borders and
    crops; the mean hides what one part knows. Mended: a key point for which the hashing finds fewer than two neighbors
    is passed over, where the service failed and said 0 (``as-shipped``); equal pictures have f = 1, though the hashing
    may lose some of their points, or there are none, and h = 1; other pictures without key points are no score.
    """

    side_pixels: int | None = None
    name = "seed-v1"
    metrics = (Metric(name="mean", unit="-1 to 1", is_similarity=True, perfect=1.0),)
    is_record_only = True

    def describe(self, sight: Sight) -> SeedV1Description:
        """Return the picture, squashed already where every pair has it in one size."""
        longest = max(sight.rgb.shape[:2])
        side = self.side_pixels or min(longest, _MOST_SIDE_PIXELS)
        is_settled = self.side_pixels is not None or side == _MOST_SIDE_PIXELS
        return SeedV1Description(rgb=squashed(sight.rgb, side) if is_settled else sight.rgb, longest_side=longest)

    def compare(self, a: SeedV1Description, b: SeedV1Description) -> Reading:
        """Return the mean; details: its parts, and what the service would have said."""
        side = self.side_pixels or min(_MOST_SIDE_PIXELS, max(a.longest_side, b.longest_side))
        query, other = a.at(side), b.at(side)
        is_same = are_equal(query, other)
        if not is_same:
            require_keypoints(query, other, fewest=_NEIGHBORS)
        found, has_failed = _feature(query, other)
        feature = 1.0 if is_same else found
        ssim, hist = structure(query, other), colors(query, other)
        mean = (feature + ssim + hist) / 3
        shipped = 0.0 if has_failed else (found + ssim + hist) / 3
        details = {"feature": feature, "ssim": ssim, "hist": hist, "mean": mean, "as-shipped": shipped}
        return Reading(values={"mean": mean}, details=details)


def _feature(query: SeedParts, other: SeedParts) -> tuple[float, bool]:
    """Return the share of matched key points, and whether the service failed here."""
    if not len(query.descriptors) or len(other.descriptors) < _NEIGHBORS:
        return 0.0, True
    index: dict[str, bool | int | float | str] = {
        "algorithm": _FLANN_LSH,
        "table_number": 6,
        "key_size": 12,
        "multi_probe_level": 1,
    }
    matcher = cv2.FlannBasedMatcher(index, {"checks": 50})
    good, has_failed = ratio_matches(matcher.knnMatch(query.descriptors, other.descriptors, k=_NEIGHBORS))
    return share_of_query(good, query), has_failed


def ratio_matches(rows: Sequence[Sequence[Any]]) -> tuple[list[Any], bool]:
    """Return the matches clearly nearer than the second, and whether any row had no second.

    Args:
        rows: of each key point its matches, the nearest first; each has a ``distance``.
    """
    pairs = [row for row in rows if len(row) > 1]
    good = [row[0] for row in pairs if row[0].distance < _MAX_RATIO * row[1].distance]
    return good, len(pairs) < len(rows)
