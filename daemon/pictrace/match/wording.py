"""A match in words that a person reads who knows none of ours."""

from __future__ import annotations

from typing import Final

from pictrace.model import Box, Certainty, Direction, Edit, EditKind, Evidence, Match, Relation

# Of the one that was made, and of both where it is not known which one that is.
_RELATIONS: Final = {
    Relation.SAME_BYTES: ("is the same file as {source}, byte for byte", "are the same file, byte for byte"),
    Relation.SAME_PIXELS: ("is {source} to the last pixel, in another file", "are the same to the last pixel"),
    Relation.RENDITION: ("is the whole of {source}, stored again", "are the same whole picture, stored differently"),
    Relation.EDITED: ("is an edited copy of {source}", "are one picture, and one of them was edited"),
    Relation.PART: ("was made from {source}: one lies inside the other", "share a picture: one lies inside the other"),
    Relation.BURST: ("", "are two exposures of one moment, not copies"),
    Relation.SAME_SCENE: ("", "show one place or thing at two moments, not copies"),
    Relation.UNRELATED: ("", "have no relation that could be shown"),
}
_CERTAINTIES: Final = {
    Certainty.PROVED: "proved: the hashes are equal",
    Certainty.VERIFIED: "verified: geometry and pixels agree",
    Certainty.SUSPECTED: "suspected: a copy or another exposure, which cannot be told apart",
}
# Why a copy is suspected only, by the evidence that failed; the first that holds is said.
_DOUBTS: Final = (
    (
        {"texture", "textured-blocks", "texture-without-grain", "residual-without-grain"},
        "there is too little detail to tell a copy by",
    ),
    ({"pictures-in-file"}, "only the first picture of an animation is compared"),
    ({"same-exposure-by-metadata"}, "the pixels agree, but the files say that they are other exposures"),
    ({"cut-edges"}, "one lies inside the other, but does not agree with it up to its edges, as what was cropped does"),
    ({"seam"}, "a part of the frame agrees, but does not end where a picture was cut"),
    ({"grain-beside-changes", "stored-anew"}, "something in it differs, as it does in another exposure, too"),
    ({"equal-pixels-of-lossless"}, "both are stored without loss, and yet some pixels differ"),
)
_PLAIN_EDITS: Final = {
    EditKind.RE_ENCODED: "stored again, in another format or with loss",
    EditKind.RESIZED: "resized",
    EditKind.ROTATED: "turned",
    EditKind.MIRRORED: "mirrored",
    EditKind.CROPPED: "cropped",
    EditKind.RECOLORED: "colors or brightness changed",
    EditKind.GRAYSCALE: "colors taken out",
    EditKind.BORDERED: "border added",
    EditKind.OVERLAID: "something laid over it",
    EditKind.BLURRED: "blurred",
    EditKind.NOISED: "noise added",
    EditKind.PERSPECTIVE: "tilted, as if seen from aside",
    EditKind.COLLAGE_TILE: "placed in a bigger picture",
}
_UPSIDE_DOWN_DEGREES: Final = 179.95
_WHOLE: Final = (0.0, 0.0, 1.0, 1.0)


def relation_words(match: Match, file: str, other: str) -> str:
    """Return how two pictures are related as one sentence without its full stop; the names are put in as they are."""
    of_one, of_both = _RELATIONS[match.relation]
    doubt = ", it seems" if match.relation.is_copy and match.certainty is Certainty.SUSPECTED else ""
    if match.direction is Direction.UNKNOWN or not of_one:
        return f"{file} and {other} {of_both}{doubt}"
    made, source = (file, other) if match.direction is Direction.FILE_FROM_OTHER else (other, file)
    return f"{made} {of_one.format(source=source)}{doubt}"


def certainty_words(match: Match) -> str:
    """Return how sure it is, and why."""
    if match.relation is Relation.UNRELATED:
        return "none: what was measured shows no relation"
    if not match.relation.is_copy and match.certainty is Certainty.VERIFIED:
        if any(one.name == "agreement" and one.passed for one in match.evidence):
            return "verified: neither shows the whole of the other, as a copy or its source would"
        return "verified: the pixels contradict a copy"
    failed = {one.name for one in match.evidence if not one.passed}
    if match.certainty is Certainty.SUSPECTED:
        for names, words in _DOUBTS:
            if failed & names:
                return f"suspected: {words}"
    return _CERTAINTIES[match.certainty]


def direction_words(match: Match, file: str, other: str) -> str:
    """Return which of the two was made from the other."""
    match match.direction:
        case Direction.FILE_FROM_OTHER:
            return f"{file} was made from {other}"
        case Direction.OTHER_FROM_FILE:
            return f"{other} was made from {file}"
        case Direction.UNKNOWN:
            return "cannot be told" if match.relation.is_copy else "none, neither was made from the other"


def edit_label(edit: Edit) -> str:
    """Return an edit with its measures, short, as in ``resized ×0.50``."""
    words: list[str] = [edit.kind.value]
    if edit.scale is not None:
        words.append(f"×{edit.scale:.2f}")
    if edit.degrees is not None:
        words.append(f"{edit.degrees:g}°")
    if edit.axis is not None:
        words.append("left-right" if edit.axis == "horizontal" else "top-bottom")
    if edit.kept is not None:
        words.append(f"{edit.kept:.0%} kept")
    if edit.share is not None:
        words.append(f"{edit.share:.0%} of the area")
    if edit.sides is not None:
        words.append("/".join(edit.sides))
    if edit.kind is EditKind.COLLAGE_TILE and edit.box is not None:
        words.append("at " + ", ".join(f"{value:.2f}" for value in edit.box))
    return " ".join(words)


def edit_words(edit: Edit, direction: Direction) -> str:
    """Return what was done to the source to get the copy, with its measures but for the box.

    Where it is not known which one the copy is, sizes and turns are those of the file against the other.
    """
    words = _PLAIN_EDITS[edit.kind]
    is_backward = direction is Direction.OTHER_FROM_FILE
    if edit.scale:
        by = " to" if edit.kind is EditKind.RESIZED else ", at"
        words += f"{by} {(1 / edit.scale if is_backward else edit.scale):.1%} of its sides"
    if edit.degrees is not None:
        words += _turn(-edit.degrees if is_backward else edit.degrees)
    if edit.axis is not None:
        words += ", left and right swapped" if edit.axis == "horizontal" else ", top and bottom swapped"
    if edit.kept is not None:
        words += f", {edit.kept:.0%} of the area kept"
    if edit.share is not None:
        words += f", {edit.share:.1%} of the area"
    if edit.sides is not None:
        words += f", {', '.join(edit.sides)}"
    is_relative = edit.scale is not None or edit.degrees is not None
    return f"{words}, file against other" if is_relative and direction is Direction.UNKNOWN else words


def box_words(edit: Edit) -> str:
    """Return where the boxes of an edit lie, empty where it has none."""
    places = []
    if edit.box is not None:
        places.append(f"{_place(edit.box)} of the larger picture")
    if edit.source_box is not None and edit.source_box != _WHOLE:
        places.append(f"{_place(edit.source_box)} of the smaller one")
    return ", showing ".join(places)


def _place(box: Box) -> str:
    left, top, right, bottom = box
    return f"{left:.1%} to {right:.1%} of the width and {top:.1%} to {bottom:.1%} of the height"


def limit_words(evidence: Evidence) -> str:
    """Return a limit with the side that it is on, as far as the outcome tells."""
    limit = f"{evidence.limit:.4g}"
    if evidence.value == evidence.limit:
        return limit
    is_least = (evidence.value > evidence.limit) is evidence.passed
    return f"at {'least' if is_least else 'most'} {limit}"


def _turn(degrees: float) -> str:
    turned = (degrees + 180.0) % 360.0 - 180.0
    if abs(turned) > _UPSIDE_DOWN_DEGREES:
        return " upside down"
    return f" {abs(turned):.3g}° {'clockwise' if turned >= 0 else 'anticlockwise'}"
