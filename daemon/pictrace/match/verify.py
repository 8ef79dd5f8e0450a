"""Finds out how two pictures lie over each other, and measures how they agree there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pictrace.imaging import resized
from pictrace.match import geometry, measures
from pictrace.match.agreement import Agreement, judged
from pictrace.match.equalized import Equalized, Size, equalized
from pictrace.match.grain import shared_grain
from pictrace.match.hypotheses import Hypothesis, as_wholes, from_points
from pictrace.match.laying import Laid, laid
from pictrace.match.overlap import LEAST_CONTAINED, WHOLE, Overlap, overlap_of
from pictrace.match.pictures import LONGEST_SIDE_PIXELS, Loaded
from pictrace.match.region import agreeing_region, restricted, uncut_region, without_changes
from pictrace.match.registration import registered
from pictrace.match.surroundings import Around
from pictrace.model import Box

# So many shared points leave no doubt where the pictures lie; other ways are not tried.
_CLEAR_INLIERS: Final = 25
_FEWEST_PIXELS: Final = 900
_WHOLE_CONTAINED: Final = 0.97
_FITTING_PIXELS: Final = 6.0
# Whole pictures whose thumbnails agree so well are compared as wholes before points are looked for.
_LIKELY_CORRELATION: Final = 0.80


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Two pictures laid over each other, with what was measured.

    ``points``: what the two share, (n, 4): x, y in the first, x, y in the second. ``region``: which part of the frame
    was looked at. ``is_stored_alike``: whether both files have one size, format and quality. ``values``: every
    measure by name. ``similarity``: structural, of luma at half size, 0..1.
    """

    laid: Laid
    pair: Equalized
    points: NDArray[np.float64]
    region: Box
    is_stored_alike: bool
    values: Mapping[str, float]
    agreement: Agreement
    overlap: Overlap
    similarity: float

    @property
    def matrix(self) -> geometry.Matrix:
        """What takes pixels of the first picture to those of the second."""
        return self.laid.matrix


def verified(first: Loaded, second: Loaded) -> Verified | None:
    """Return the way of laying two pictures over each other in which they agree best; None where there is none.

    Args:
        first, second: the pictures.
    """
    best: Verified | None = None
    points = np.zeros((0, 4))
    for hypothesis in _hypotheses(first, second):
        points = max(points, hypothesis.points, key=len)
        found = _tried(first, second, hypothesis)
        if found is not None and (best is None or found.agreement.log_odds > best.agreement.log_odds):
            best = found
        if best is not None and (_is_clear(best) or len(hypothesis.points) >= _CLEAR_INLIERS):
            break
    return None if best is None else _uncut(first, second, _best_part(first, second, best, points))


def _best_part(first: Loaded, second: Loaded, best: Verified, points: NDArray[np.float64]) -> Verified:
    """Return the measures of a part of the frame, where these say more than those of the whole."""
    if _is_clear(best):
        return best
    if not len(best.points):
        best = replace(best, points=_fitting(points, best.matrix))
    part = _in_part(first, second, best) or _beside_changes(first, second, best)
    # Of two exposures, too, a part may agree somehow: only a part that agrees well says more than the whole.
    return part if part is not None and part.agreement.is_verified else best


def _is_clear(found: Verified) -> bool:
    """Return whether nothing is left to be tried: the pictures agree, and one shows all of the other."""
    return found.agreement.is_verified and found.overlap.contained >= LEAST_CONTAINED


def _uncut(first: Loaded, second: Loaded, whole: Verified) -> Verified:
    """Return the measures without a cut edge, where one picture was not cropped from the other but cut to fit into it.

    Where the larger one does not show a seam there, nobody can tell: the edge stays, and is told.
    """
    is_crop = whole.region == WHOLE and whole.overlap.around.around is Around.SCENE
    region = uncut_region(whole.pair) if is_crop else None
    if region is None:
        return whole
    part = _measured(first, second, restricted(whole.laid, region), whole.points, region)
    if part is not None and part.agreement.is_verified and part.overlap.is_embedded:
        return part
    return replace(whole, values={**whole.values, "cut-edges": 1.0})


def _fitting(points: NDArray[np.float64], matrix: geometry.Matrix) -> NDArray[np.float64]:
    """Return the points that also lie where a transform takes them."""
    return points[geometry.distances(matrix, points[:, :2], points[:, 2:]) <= _FITTING_PIXELS]


def _hypotheses(first: Loaded, second: Loaded) -> Iterator[Hypothesis]:
    """Yield the ways to try, the cheap and likely ones first."""
    wholes = as_wholes(first, second)
    likely = [one for one in wholes if one.correlation >= _LIKELY_CORRELATION]
    yield from likely
    yield from from_points(first.features, second.features)[:1]
    yield from (one for one in wholes if one.correlation < _LIKELY_CORRELATION)


def _tried(first: Loaded, second: Loaded, hypothesis: Hypothesis) -> Verified | None:
    one = registered(first.scaled, second.scaled, hypothesis)
    if one is None:
        return None
    return _measured(first, second, one, hypothesis.points, WHOLE)


def _in_part(first: Loaded, second: Loaded, whole: Verified) -> Verified | None:
    """Return the measures of the part in which two pictures agree, where the rest of the frame shows something else."""
    if whole.overlap.is_whole and whole.overlap.contained >= _WHOLE_CONTAINED:
        return None  # what differs was laid over it
    region = agreeing_region(whole.laid)
    if region is None:
        return None
    return _measured(first, second, restricted(whole.laid, region), whole.points, region)


def _beside_changes(first: Loaded, second: Loaded, whole: Verified) -> Verified | None:
    """Return the measures of all blocks but those that clearly differ, where these are the smaller part."""
    mask = without_changes(whole.pair)
    if mask is None:
        return None
    beside = _measured(first, second, replace(whole.laid, mask=mask), whole.points, WHOLE)
    if beside is None:
        return None
    different = whole.values.get("middle-different", 0.0)
    values = {**beside.values, "middle-different": different}
    return replace(beside, pair=whole.pair, similarity=whole.similarity, values=values)


def _are_stored_alike(first: Loaded, second: Loaded) -> bool:
    """Return whether two photos have one size, format and quality, as those of one camera do."""
    kinds = [
        (one.metadata.format, sorted((one.picture.width_pixels, one.picture.height_pixels))) for one in (first, second)
    ]
    qualities = [one.metadata.jpeg_quality or 0 for one in (first, second)]
    return kinds[0] == kinds[1] and abs(qualities[0] - qualities[1]) <= 1


def _enlarged(mask: NDArray[np.bool_], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    return resized(mask.astype(np.uint8), shape[1], shape[0]) > 0


def _measured(first: Loaded, second: Loaded, one: Laid, points: NDArray[np.float64], region: Box) -> Verified | None:
    if one.reduced(Size.QUARTER).mask.sum() * Size.QUARTER**2 < _FEWEST_PIXELS:
        return None
    pair = equalized(one)
    values = dict(measures.agreement(pair))
    large = laid(first.scaled, second.scaled, one.matrix, LONGEST_SIDE_PIXELS)
    if large is not None:
        if region != WHOLE:
            large = restricted(large, region)
        elif not one.mask.all():
            large = replace(large, mask=large.mask & _enlarged(one.mask, large.mask.shape))
        values |= shared_grain(large, is_first_source=pair.is_first_source)
    overlap = overlap_of(first.picture.rgb, second.picture.rgb, one, region)
    values["contained"] = overlap.contained
    values["inliers"] = float(len(points))
    values["texture"], values["textured-blocks"] = measures.texture(pair)
    is_stored_alike = _are_stored_alike(first, second)
    return Verified(
        laid=one,
        pair=pair,
        points=points,
        region=region,
        is_stored_alike=is_stored_alike,
        values=values,
        agreement=judged(values, is_stored_alike=is_stored_alike),
        overlap=overlap,
        similarity=values["middle-structure"] if "middle-structure" in values else measures.structure(pair, Size.HALF),
    )
