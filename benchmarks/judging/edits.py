"""Whether relation and edits were named as they are, within the tolerances."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pictrace.bench.judged import overlap, posture

Row = dict[str, Any]
Outcome = bool | None  # None: does not apply

_SCALE_TOLERANCE = 0.03
_ANGLE_DEGREES = 0.5
_LEAST_CROP_OVERLAP = 0.9
_LEAST_PART_OVERLAP = 0.8
# Cropped by less, a picture is as good as whole.
_MOST_KEPT = 0.97


def relation_outcome(row: Row) -> Outcome:
    """Return whether the relation is the right one; does not apply where the copy was not found."""
    return row["relation"] in row["relations"] if row["is_copy"] else None


def scale_outcome(row: Row) -> Outcome:
    """Return whether the scale is right within 3 %; applies where there is one to tell."""
    if row["scale"] is None:
        return None
    told = row["found_edits"].get("resized", {}).get("scale")
    if told is None and abs(row["scale"] - 1) <= _SCALE_TOLERANCE:
        return None
    return abs((told or 1.0) / row["scale"] - 1) <= _SCALE_TOLERANCE


def angle_outcome(row: Row) -> Outcome:
    """Return whether the angle is right within half a degree; applies where it is turned, or said to be."""
    if row["degrees"] is None:
        return None
    mirrored, told = posture(row["found_edits"].get("mirrored", {}).get("axis"), _told_degrees(row))
    is_mirrored, degrees = posture(row["axis"], row["degrees"])
    if _told_degrees(row) == 0 and row["degrees"] == 0:
        return None
    return mirrored == is_mirrored and abs((told - degrees + 180) % 360 - 180) <= _ANGLE_DEGREES


def mirror_outcome(row: Row) -> Outcome:
    """Return whether the mirror axis is right; applies where it is mirrored, or said to be."""
    told = row["found_edits"].get("mirrored", {}).get("axis")
    if told is None and row["axis"] is None:
        return None
    is_axis_clear = row["degrees"] is not None and min(row["degrees"], 360 - row["degrees"]) < 45
    return told == row["axis"] if is_axis_clear else (told is None) == (row["axis"] is None)


def crop_outcome(row: Row) -> Outcome:
    """Return whether the crop box overlaps the true one by 0.9; applies to crops that show nothing else."""
    is_plain = "cropped" in row["edits"] and not {"bordered", "collage-tile", "perspective"} & set(row["edits"])
    if not is_plain or row["kept"] > _MOST_KEPT:
        return None
    told = row["found_edits"].get("cropped", {}).get("box")
    return told is not None and overlap(told, row["box"]) >= _LEAST_CROP_OVERLAP


def part_outcome(row: Row) -> Outcome:
    """Return whether the box of a part overlaps the true place by 0.8; applies to parts that were called so."""
    if row["relation"] != "part" or "collage-tile" not in row["edits"]:
        return None
    told = row["found_edits"].get("collage-tile", {}).get("box")
    return told is not None and overlap(told, row["place"]) >= _LEAST_PART_OVERLAP


OUTCOMES: dict[str, Callable[[Row], Outcome]] = {
    "scale within 3 %": scale_outcome,
    "angle within 0.5°": angle_outcome,
    "crop box IoU ≥ 0.9": crop_outcome,
    "mirror axis": mirror_outcome,
    "part box IoU ≥ 0.8": part_outcome,
}


def outcomes(rows: Sequence[Row], outcome: Callable[[Row], Outcome]) -> list[bool]:
    """Return the outcomes over the rows that it applies to, of the copies that were found."""
    values = [outcome(row) for row in rows if row["is_copy"]]
    return [value for value in values if value is not None]


def wrong(row: Row) -> list[str]:
    """Return the names of what was named wrong on a copy that was found."""
    if not row["is_copy"]:
        return []
    named = [name for name, outcome in OUTCOMES.items() if outcome(row) is False]
    return named if relation_outcome(row) else ["relation", *named]


def _told_degrees(row: Row) -> float:
    return float(row["found_edits"].get("rotated", {}).get("degrees", 0.0))
