"""Names the relation of two pictures from what was measured: copy or not, which kind, made how, which from which."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Final

import numpy as np

from pictrace.match import edits as edit
from pictrace.match import geometry
from pictrace.match.direction import direction
from pictrace.match.overlap import LEAST_CONTAINED, WHOLE
from pictrace.match.pictures import Loaded
from pictrace.match.posture import Posture, posture
from pictrace.match.surroundings import Around
from pictrace.match.verify import Verified
from pictrace.model import Certainty, Direction, Edit, EditKind, Evidence, Match, Metadata, Relation

MATCHER_VERSION: Final = 4

# With less texture a picture holds too little to be told from another one.
_LEAST_TEXTURE: Final = 0.10
_FEWEST_TEXTURED_BLOCKS: Final = 8
# Flat, dark and nearly empty pictures look like each other: they have to agree to the last detail.
_LOW_DETAIL: Final = (("difference-levels", 1.5), ("fine-residual-90", 0.35), ("coarse-color-levels", 4.0))
# Where something was laid over a picture, or its tone was changed, the grain of the rest has to be the same.
_LEAST_GRAIN: Final = 0.45
_TEXTURE_WITHOUT_GRAIN, _RESIDUAL_WITHOUT_GRAIN = 0.5, 0.6
_LEAST_OF_TILE: Final = 0.3
# What shares less than the first is another exposure, what shares less than the second may be one. Of 3,485 copies
# 0.1 % have less than 0.10, all of them JPEGs of quality 10 and photos of prints, and 1 % less than 0.27.
_GRAIN_OF_COPY: Final = (0.10, 0.20)
_GRAIN_OF_POOR_JPEG: Final = (0.0, 0.05)
_POOR_JPEG_QUALITY: Final = 35
# Files that say they are other exposures are contradicted only by grain that is nearly equal.
_GRAIN_OF_SAME_EXPOSURE: Final = 0.8
# So many points at their places are no accident.
_FEWEST_INLIERS: Final = 20
_DATE_CHARACTERS: Final = len("2021-03-04T05:06:07")
_BURST_SECONDS: Final = 10.0
_BURST_CONTAINED, _BURST_SCALE, _BURST_CORRELATION = 0.75, 1.15, 0.75

# What fails one of these is no copy at all; what fails another check may still be one, and is shown as suspected.
_EXCLUDING: Final = (
    "contained",
    "other-grain",
    "grain-of-other-exposure",
    *(f"little-detail-{name}" for name, _ in _LOW_DETAIL),
)
_SHAPES_OF_RENDITION: Final = (EditKind.RESIZED, EditKind.ROTATED, EditKind.RE_ENCODED)


def related(found: Verified | None, file: Loaded, other: Loaded, *, is_file_first: bool) -> Match:
    """Return how two photos are related, with edits and evidence.

    Args:
        found: how the two lie over each other; None where they do not.
        file, other: the two photos.
        is_file_first: whether the file is the first picture of ``found``.
    """
    if found is None:
        return unrelated(())
    checks = _checks(found, file.metadata, other.metadata)
    evidence = (*found.agreement.evidence, *checks)
    has_failed = any(not check.passed for check in checks if check.name in _EXCLUDING)
    if not found.agreement.is_suspected or has_failed:
        return _not_copy(found, file.metadata, other.metadata, evidence)
    is_verified = found.agreement.is_verified and all(check.passed for check in checks)
    return _copy(found, file, other, evidence, is_file_first=is_file_first, is_verified=is_verified)


def unrelated(evidence: tuple[Evidence, ...], similarity: float = 0.0) -> Match:
    """Return that two photos have nothing to do with each other."""
    return Match(
        relation=Relation.UNRELATED,
        certainty=Certainty.VERIFIED,
        similarity=similarity,
        evidence=evidence,
        matcher_version=MATCHER_VERSION,
    )


def _copy(  # noqa: PLR0913 – what was measured, of whom, and what follows
    found: Verified,
    file: Loaded,
    other: Loaded,
    evidence: tuple[Evidence, ...],
    *,
    is_file_first: bool,
    is_verified: bool,
) -> Match:
    pose = _posture(found, file, other, is_file_first=is_file_first)
    quality = min(one.metadata.jpeg_quality or 100 for one in (file, other))
    different = found.values.get("middle-different", 0.0)
    edits = edit.shape_edits(pose, found.overlap)
    if _has_detail(found):
        edits += edit.look_edits(found.pair, different, pose.scale, quality)
    way = direction(found.pair, found.overlap, pose.scale, file.metadata, other.metadata, is_file_first=is_file_first)
    is_plain = all(one.kind in _SHAPES_OF_RENDITION for one in edits) and pose.is_quarter
    if not edits or _is_lossy(way, file.metadata, other.metadata):
        edits.insert(0, Edit(kind=EditKind.RE_ENCODED))
    relation = Relation.RENDITION if is_plain else Relation.EDITED
    if found.overlap.around.around is Around.OTHER:
        relation = Relation.PART
    return Match(
        relation=relation,
        certainty=Certainty.VERIFIED if is_verified else Certainty.SUSPECTED,
        similarity=similarity(found),
        direction=way,
        edits=tuple(edits),
        evidence=evidence,
        matcher_version=MATCHER_VERSION,
    )


def _not_copy(found: Verified, file: Metadata, other: Metadata, evidence: tuple[Evidence, ...]) -> Match:
    evidence = (*evidence, _at_least("inliers", float(len(found.points)), float(_FEWEST_INLIERS)))
    has_detail = found.values["textured-blocks"] >= _FEWEST_TEXTURED_BLOCKS
    is_alike = len(found.points) >= _FEWEST_INLIERS or (found.agreement.is_suspected and has_detail)
    if not is_alike or np.linalg.det(found.matrix[:2, :2]) <= 0:  # nobody takes a mirrored exposure
        return unrelated(evidence, similarity(found) if found.agreement.is_suspected else 0.0)
    return Match(
        relation=Relation.BURST if _is_burst(found, file, other) else Relation.SAME_SCENE,
        certainty=Certainty.VERIFIED,
        similarity=similarity(found),
        evidence=evidence,
        matcher_version=MATCHER_VERSION,
    )


def similarity(found: Verified) -> float:
    """Return the structural similarity of what both show, 0..1, after the named edits are undone."""
    return round(found.similarity, 4)


def _checks(found: Verified, file: Metadata, other: Metadata) -> tuple[Evidence, ...]:
    """Return what has to hold beside the agreement, for a copy to be verified."""
    values = found.values
    # A tile that was cut to fit is not seen whole, but ends in a seam; a panorama does not.
    checks = []
    if not (found.overlap.is_embedded and found.overlap.contained >= _LEAST_OF_TILE):
        checks.append(_at_least("contained", values["contained"], LEAST_CONTAINED))
    if not _has_detail(found):
        known = [(name, values[name], limit) for name, limit in _LOW_DETAIL if name in values]
        checks += [_at_most(f"little-detail-{name}", value, limit) for name, value, limit in known]
        # However well they agree: a black picture and one with a dot in it do, too.
        checks.append(_at_least("textured-blocks", values["textured-blocks"], _FEWEST_TEXTURED_BLOCKS))
        checks.append(_at_least("texture", values["texture"], _LEAST_TEXTURE))
    checks += _grain_checks(values, is_poor=min(one.jpeg_quality or 100 for one in (file, other)) < _POOR_JPEG_QUALITY)
    if values.get("middle-different", 0.0) >= edit.LEAST_OVERLAID:
        checks.append(_at_least("grain-beside-changes", _grain(found), _LEAST_GRAIN))
        # Between two exposures by one camera on a tripod, too, only some things have changed.
        checks.append(_at_least("stored-anew", float(not found.is_stored_alike), 1.0))
    if "cut-edges" in values:
        checks.append(_at_most("cut-edges", values["cut-edges"], 0.0))
    if found.region != WHOLE:
        checks.append(_at_least("seam", found.overlap.around.seam if found.overlap.is_embedded else 0.0, 0.5))
    if found.is_stored_alike and file.is_lossless and other.is_lossless and not _is_changed(found):
        checks.append(_at_least("equal-pixels-of-lossless", 0.0, 1.0))
    if max(file.frames, other.frames) > 1:
        # The first picture of an animation says nothing about the rest.
        checks.append(_at_most("pictures-in-file", float(max(file.frames, other.frames)), 1.0))
    if are_other_exposures(file, other):
        checks.append(_at_least("grain-of-other-exposure", _grain(found), _GRAIN_OF_SAME_EXPOSURE))
        # Somebody may have set the time right in one of the copies: that is for a person to say.
        checks.append(_at_least("same-exposure-by-metadata", 0.0, 1.0))
    return tuple(checks)


def _grain_checks(values: Mapping[str, float], *, is_poor: bool) -> list[Evidence]:
    """Return what the grain has to be like; where there is none, what else has to hold."""
    checks = []
    if "strong-grain" in values:
        least, clear = _GRAIN_OF_POOR_JPEG if is_poor else _GRAIN_OF_COPY
        checks.append(_at_least("other-grain", values["strong-grain"], least))
        checks.append(_at_least("grain", values["strong-grain"], clear))
    if "strong-grain" not in values and "weak-grain" not in values:
        # Forms and charts have none: they differ by a few digits on the same paper.
        checks.append(_at_least("texture-without-grain", values["texture"], _TEXTURE_WITHOUT_GRAIN))
        checks.append(_at_most("residual-without-grain", values.get("fine-residual-97", 1.0), _RESIDUAL_WITHOUT_GRAIN))
    return checks


def _has_detail(found: Verified) -> bool:
    """Return whether the pictures hold enough to be told from others, and to have their look measured."""
    values = found.values
    return values["textured-blocks"] >= _FEWEST_TEXTURED_BLOCKS and values["texture"] >= _LEAST_TEXTURE


def _at_most(name: str, value: float, limit: float) -> Evidence:
    return Evidence(name=name, value=round(value, 4), limit=limit, passed=value <= limit)


def _is_changed(found: Verified) -> bool:
    """Return whether anything was done to one of the pictures: an unchanged lossless copy has equal pixels."""
    return bool(edit.look_edits(found.pair, found.values.get("middle-different", 0.0), 1.0, 100))


def _grain(found: Verified) -> float:
    return found.values.get("strong-grain", found.values.get("weak-grain", 0.0))


def _at_least(name: str, value: float, limit: float) -> Evidence:
    return Evidence(name=name, value=round(value, 4), limit=limit, passed=value >= limit)


def _posture(found: Verified, file: Loaded, other: Loaded, *, is_file_first: bool) -> Posture:
    """Return how the file shows what the other one shows."""
    overlap = found.overlap
    is_file_inner = overlap.is_first_inner == is_file_first
    inner, outer = (file, other) if is_file_inner else (other, file)
    seen = posture(overlap.to_outer, overlap.area, inner.zoom, outer.zoom)
    return seen if is_file_inner else seen.reversed()


def are_other_exposures(file: Metadata, other: Metadata) -> bool:
    """Return whether both files say when or with which settings they were taken, and say different ones."""
    if file.exposure is not None and other.exposure is not None and file.exposure != other.exposure:
        return True
    if file.captured_at is None or other.captured_at is None:
        return False
    # A copy may lose its sub-seconds or its offset: what both have is compared.
    dates = [one.captured_at[:_DATE_CHARACTERS] for one in (file, other) if one.captured_at]
    fractions = [re.findall(r"\.(\d*[1-9])", one.captured_at or "") for one in (file, other)]
    return dates[0] != dates[1] or (all(fractions) and fractions[0] != fractions[1])


def _is_burst(found: Verified, file: Metadata, other: Metadata) -> bool:
    """Return whether two exposures are of one moment: by their times, or by how little changed between them."""
    seconds = _seconds_between(file, other)
    if seconds is not None:
        return seconds <= _BURST_SECONDS
    height, width = found.laid.mask.shape
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    scale = geometry.scale_at(found.laid.to_outer, middle) / geometry.scale_at(found.laid.to_inner, middle)
    is_same_view = found.values["contained"] >= _BURST_CONTAINED and 1 / _BURST_SCALE <= scale <= _BURST_SCALE
    return is_same_view and found.values.get("coarse-correlation-25", 0.0) >= _BURST_CORRELATION


def _seconds_between(file: Metadata, other: Metadata) -> float | None:
    if file.captured_at is None or other.captured_at is None:
        return None
    try:
        times = [
            datetime.datetime.fromisoformat(one).replace(tzinfo=None) for one in (file.captured_at, other.captured_at)
        ]
    except ValueError:
        return None
    return abs((times[0] - times[1]).total_seconds())


def _is_lossy(way: Direction, file: Metadata, other: Metadata) -> bool:
    if way is Direction.UNKNOWN:
        return not (file.is_lossless and other.is_lossless)
    return not (file if way is Direction.FILE_FROM_OTHER else other).is_lossless
