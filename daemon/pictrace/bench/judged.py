"""Holds what PicTrace says of a copy against what is true of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pictrace.bench.copies import Copy, Truth
from pictrace.model import Edit, EditKind, Match, Relation

Box = Sequence[float]

_SCALE_TOLERANCE: Final = 0.02
_ANGLE_DEGREES: Final = 1.0
_LEAST_CROP_OVERLAP: Final = 0.9
# Tiles do not overlap, so a box that covers this much of one names no other.
_LEAST_TILE_OVERLAP: Final = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedCopy:
    """A copy with the verdict on it.

    ``match`` is None where the two could not be compared, for the ``error``. ``is_named``: whether the edit was told;
    None where it changed too little to be. ``measures``: whether each measure that there is was told right, by name;
    empty where the copy was not found at all.
    """

    name: str
    original: str
    family: str
    variant: str
    truth: Truth
    match: Match | None
    error: str | None = None
    is_named: bool | None = None
    measures: dict[str, bool]

    @property
    def relation(self) -> str:
        """The relation that was told, or ``error``."""
        return "error" if self.match is None else self.match.relation.value

    @property
    def is_found(self) -> bool:
        """Whether it was called a copy, suspected ones with them."""
        return self.match is not None and self.match.relation.is_copy

    @property
    def is_verified(self) -> bool:
        """Whether it was surely called a copy."""
        return self.match is not None and self.match.is_sure_copy

    @property
    def is_relation_right(self) -> bool:
        """Whether the relation is one of the right ones."""
        return self.relation in self.truth.relations

    @property
    def is_called_burst(self) -> bool:
        """Whether it was taken for another exposure."""
        return self.relation == Relation.BURST.value


def judged(copy: Copy, match: Match) -> JudgedCopy:
    """Return a copy with what comparing it with its original gave.

    Args:
        copy: what was made.
        match: of the copy with its original, in this order.
    """
    told = {edit.kind.value: edit for edit in match.edits}
    is_found = match.relation.is_copy
    return JudgedCopy(
        name=copy.path.name,
        original=copy.original.name,
        family=copy.attack.family,
        variant=copy.attack.variant,
        truth=copy.truth,
        match=match,
        is_named=None if copy.is_slight else is_found and copy.attack.named in told,
        measures=_measures(copy, told) if is_found else {},
    )


def not_compared(copy: Copy, error: str) -> JudgedCopy:
    """Return a copy that could not be compared with its original, and why."""
    family, variant = copy.attack.family, copy.attack.variant
    names = copy.path.name, copy.original.name
    return JudgedCopy(
        name=names[0],
        original=names[1],
        family=family,
        variant=variant,
        truth=copy.truth,
        match=None,
        error=error,
        is_named=None if copy.is_slight else False,
        measures={},
    )


def overlap(one: Box, other: Box) -> float:
    """Return intersection / union of two boxes: left, top, right, bottom."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(0.0, width) * max(0.0, height)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return shared / max(1e-9, sum(areas) - shared)


def posture(axis: str | None, degrees: float) -> tuple[bool, float]:
    """Return mirrored or not, and the turn if the axis were the horizontal one: both axes describe one posture."""
    return axis is not None, degrees + 180 if axis == "vertical" else degrees


def _measures(copy: Copy, told: dict[str, Edit]) -> dict[str, bool]:
    """Return for each measure of what was done to a copy whether it was told right."""
    truth, found = copy.truth, {}
    if copy.attack.family == "resize":
        found["scale"] = _is_scale_right(truth, told)
    if copy.attack.family == "rotate":
        found["angle"] = _is_angle_right(truth, told)
    if copy.attack.family == "mirror":
        axis = told.get(EditKind.MIRRORED.value)
        found["axis"] = axis is not None and axis.axis == truth.axis
    if copy.attack.family == "crop":
        crop = told.get(EditKind.CROPPED.value)
        found["box"] = crop is not None and _overlap(crop.box, truth.box) >= _LEAST_CROP_OVERLAP
    if copy.attack.family == "collage":
        tile = told.get(EditKind.COLLAGE_TILE.value)
        found["tile"] = tile is not None and _overlap(tile.box, truth.place) >= _LEAST_TILE_OVERLAP
    return found


def _is_scale_right(truth: Truth, told: dict[str, Edit]) -> bool:
    edit = told.get(EditKind.RESIZED.value)
    scale = 1.0 if edit is None or edit.scale is None else edit.scale
    return truth.scale is not None and abs(scale / truth.scale - 1) <= _SCALE_TOLERANCE


def _is_angle_right(truth: Truth, told: dict[str, Edit]) -> bool:
    turn, mirror = told.get(EditKind.ROTATED.value), told.get(EditKind.MIRRORED.value)
    degrees = 0.0 if turn is None or turn.degrees is None else turn.degrees
    is_mirrored, found = posture(None if mirror is None else mirror.axis, degrees)
    was_mirrored, true = posture(truth.axis, truth.degrees or 0.0)
    return is_mirrored == was_mirrored and abs((found - true + 180) % 360 - 180) <= _ANGLE_DEGREES


def _overlap(told: Box | None, true: Box) -> float:
    return 0.0 if told is None else overlap(told, true)


def as_json(one: JudgedCopy) -> dict[str, Any]:
    """Return the verdict on a copy as a JSON object: names, truth, and what was told."""
    match, truth = one.match, one.truth
    edits = [] if match is None else [{"kind": edit.kind.value, **edit.measures()} for edit in match.edits]
    return {
        "copy": one.name,
        "original": one.original,
        "family": one.family,
        "variant": one.variant,
        "relation": one.relation,
        "certainty": None if match is None else match.certainty.value,
        "edits": edits,
        "found": one.is_found,
        "verified": one.is_verified,
        "relation_right": one.is_relation_right,
        "edit_named": one.is_named,
        "measures_right": one.measures,
        "failed": [] if match is None else [check.name for check in match.evidence if not check.passed],
        "error": one.error,
        "truth": {
            "relations": list(truth.relations),
            "scale": truth.scale,
            "degrees": truth.degrees,
            "axis": truth.axis,
            "box": list(truth.box),
            "place": list(truth.place),
            "others": list(truth.others),
        },
    }
