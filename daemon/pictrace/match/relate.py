"""Names the relation of two pictures from what was measured: every limit is kept here, and nowhere else.

The limits come from copies of 308 photographs and from bursts, brackets, focus stacks, videos and small changes made
on purpose; docs/matching.md has the numbers and the command. What fails one of them is left unlinked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pictrace.imaging import ORIENTATIONS
from pictrace.match.direction import SAME_SIZE, direction
from pictrace.match.verify import Measures
from pictrace.model import Certainty, Direction, Edit, EditKind, Evidence, Match, Metadata, Relation

MATCHER_VERSION: Final = 1

# A change of colours below this is what compression does (root mean square, levels).
_RECOLORED_LEVELS: Final = 3.5
# A greyscale picture has next to no chroma; its source has (levels).
_MOST_GRAY_CHROMA: Final = 1.5
_LEAST_COLOR_CHROMA: Final = 2.5
# With less texture a picture holds too little to be told from another one by its structure.
_LEAST_TEXTURE: Final = 0.15


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit for one of `Measures.agreement`: the least it must be, or the most; ``is_needed``: it must be known."""

    name: str
    value: float
    is_least: bool = False
    is_needed: bool = False

    def held_against(self, measures: Measures) -> Evidence | None:
        """Return what came of it; None where it was not measured and need not be."""
        value = measures.agreement.get(self.name)
        if value is None:
            return Evidence(name=self.name, value=0.0, limit=self.value, passed=False) if self.is_needed else None
        passed = value >= self.value if self.is_least else value <= self.value
        return Evidence(name=self.name, value=value, limit=self.value, passed=passed)


_STORED_ANEW: Final = (
    Limit("stretch", 1.0),
    Limit("structure", 0.955, is_least=True),
    Limit("coarse-structure", 0.985, is_least=True),
    Limit("coarse-correlation", 0.95, is_least=True),
    Limit("coarse-residual", 0.42),
    Limit("color-levels", 12.0),
    Limit("middle-correlation", 0.80, is_least=True),
    Limit("middle-residual", 0.60),
    Limit("fine-residual", 0.85),
    Limit("sharpness", 0.36),
    Limit("shift-pixels", 0.50),
    Limit("common-shift-pixels", 0.07),
)
_GRAIN: Final = (Limit("strong-grain", 0.42, is_least=True),)
# Strong compression leaves of the grain what looks little like it.
_GRAIN_OF_POOR_JPEG: Final = (Limit("strong-grain", 0.15, is_least=True),)
_POOR_JPEG_QUALITY: Final = 80
# A change of tone is also what tells two exposures of a bracket apart: then the grain has to be the same one.
_TONED: Final = (
    Limit("stretch", 1.0),
    Limit("structure", 0.955, is_least=True),
    Limit("coarse-structure", 0.98, is_least=True),
    Limit("coarse-correlation", 0.86, is_least=True),
    Limit("coarse-residual", 0.60),
    Limit("color-levels", 13.0),
    Limit("middle-correlation", 0.74, is_least=True),
    Limit("middle-residual", 0.75),
    Limit("fine-residual", 0.85),
    Limit("sharpness", 0.34),
    Limit("shift-pixels", 0.60),
    Limit("common-shift-pixels", 0.10),
    Limit("weak-grain", 0.35, is_least=True, is_needed=True),
    Limit("strong-grain", 0.65, is_least=True),
)
# Flat, dark and nearly empty pictures look like each other: they have to agree to the last detail.
_LOW_DETAIL: Final = (
    Limit("stretch", 1.0),
    Limit("structure", 0.99, is_least=True),
    Limit("coarse-residual", 0.15),
    Limit("color-levels", 4.0),
    Limit("fine-residual", 0.35, is_needed=True),
    Limit("difference-levels", 1.5, is_needed=True),
)
# Taken at another moment, by what the files say: the grain has to contradict them.
_OTHER_MOMENT: Final = (Limit("strong-grain", 0.80, is_least=True, is_needed=True),)


def relate(measures: Measures, file: Metadata, other: Metadata) -> Match:
    """Return how two photos are related, with edits and evidence; unrelated where no copy is verified."""
    is_grayscale = _is_grayscale(measures)
    is_recolored = _is_recolored(measures, is_grayscale=is_grayscale)
    evidence = _evidence(measures, _limits(measures, file, other, is_recolored=is_recolored))
    if not all(one.passed for one in evidence):
        return Match(
            relation=Relation.UNRELATED,
            certainty=Certainty.VERIFIED,
            similarity=measures.structure,
            evidence=evidence,
            matcher_version=MATCHER_VERSION,
        )
    way = direction(measures, file, other, is_grayscale=is_grayscale)
    shape = _shape_edits(measures)
    color = [EditKind.GRAYSCALE] * is_grayscale + [EditKind.RECOLORED] * is_recolored
    is_edited = bool(color) or any(edit.kind is EditKind.MIRRORED for edit in shape)
    edits = [*shape, *(Edit(kind=kind) for kind in color)]
    if not edits or _is_lossy(way, file, other):
        edits.insert(0, Edit(kind=EditKind.RE_ENCODED))
    # The first picture of an animation says nothing about the rest.
    is_whole = file.frames == 1 and other.frames == 1
    return Match(
        relation=Relation.EDITED if is_edited else Relation.RENDITION,
        certainty=Certainty.VERIFIED if is_whole else Certainty.SUSPECTED,
        similarity=measures.structure,
        direction=way,
        edits=tuple(edits),
        evidence=evidence,
        matcher_version=MATCHER_VERSION,
    )


def _is_grayscale(measures: Measures) -> bool:
    less, more = sorted((measures.file_chroma, measures.other_chroma))
    return less <= _MOST_GRAY_CHROMA and more >= _LEAST_COLOR_CHROMA


def _is_recolored(measures: Measures, *, is_grayscale: bool) -> bool:
    levels = measures.luma_levels if is_grayscale else max(measures.luma_levels, measures.tone_levels)
    return levels > _RECOLORED_LEVELS


def _limits(measures: Measures, file: Metadata, other: Metadata, *, is_recolored: bool) -> tuple[Limit, ...]:
    if measures.texture < _LEAST_TEXTURE:
        return _LOW_DETAIL
    limits = _TONED if is_recolored else _STORED_ANEW + _grain_limits(file, other)
    return limits + _OTHER_MOMENT if _are_other_moments(file, other) else limits


def _grain_limits(file: Metadata, other: Metadata) -> tuple[Limit, ...]:
    qualities = [one.jpeg_quality for one in (file, other) if one.jpeg_quality is not None]
    return _GRAIN_OF_POOR_JPEG if min(qualities, default=100) < _POOR_JPEG_QUALITY else _GRAIN


def _evidence(measures: Measures, limits: tuple[Limit, ...]) -> tuple[Evidence, ...]:
    held = (limit.held_against(measures) for limit in limits)
    return tuple(one for one in held if one is not None)


def _are_other_moments(file: Metadata, other: Metadata) -> bool:
    """Return whether both files say when they were taken, and say different moments."""
    if file.captured_at is None or other.captured_at is None:
        return False
    # A copy may lose its sub-seconds or its offset: what both have is compared.
    length = min(len(file.captured_at), len(other.captured_at))
    return file.captured_at[:length] != other.captured_at[:length]


def _shape_edits(measures: Measures) -> list[Edit]:
    edits = []
    if abs(measures.scale - 1.0) > SAME_SIZE:
        edits.append(Edit(kind=EditKind.RESIZED, scale=round(measures.scale, 4)))
    quarters, is_mirrored = ORIENTATIONS[measures.orientation]
    if is_mirrored and quarters == 2:  # left and right swapped, then upside down
        edits.append(Edit(kind=EditKind.MIRRORED, axis="vertical"))
    elif is_mirrored:
        edits.append(Edit(kind=EditKind.MIRRORED, axis="horizontal"))
    if quarters and not (is_mirrored and quarters == 2):
        edits.append(Edit(kind=EditKind.ROTATED, degrees=90.0 * quarters))
    return edits


def _is_lossy(way: Direction, file: Metadata, other: Metadata) -> bool:
    if way is Direction.UNKNOWN:
        return not (file.is_lossless and other.is_lossless)
    return not (file if way is Direction.FILE_FROM_OTHER else other).is_lossless
