"""Names the relation of two photos from the measures: limits come from data, see docs/matching.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pictrace.imaging import ORIENTATIONS
from pictrace.match.align import Aligned
from pictrace.match.verify import Measures
from pictrace.model import Certainty, Direction, Edit, EditKind, Evidence, Match, Metadata, Relation

MATCHER_VERSION: Final = 1

# All limits were fitted on copies of 60 photographs (seed 1) and judged on 60 others (seed 2) and on the series:
# benchmarks/README.md. Each stands between what the copies and what other exposures reach.
MAX_ASPECT_ERROR: Final = 0.015
MIN_SSIM: Final = 0.80
MAX_BAD_BLOCKS: Final = 0.006
MAX_SHIFT_PIXELS: Final = 0.45
MAX_LUMA_DIFFERENCE: Final = 1.0
MAX_CHROMA_DIFFERENCE: Final = 2.0
# A tone change hides how two exposures differ, so what is left to look at has to agree better.
MIN_SSIM_RECOLORED: Final = 0.88
MAX_BAD_BLOCKS_RECOLORED: Final = 0.02
MAX_SHIFT_PIXELS_RECOLORED: Final = 0.10
MAX_SHIFT_PIXELS_SUSPECTED: Final = 0.30
# A greyscale picture has next to no chroma; its source has.
MAX_CHROMA_GRAYSCALE: Final = 1.5
MIN_CHROMA_COLOR: Final = 2.5
# Below these a picture holds too little to be told from another one.
MIN_TEXTURE: Final = 0.05
MIN_DEVIATION: Final = 5.0
_SAME_SIZE: Final = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What is known of two photos beside their measures; ``orientation`` is what turns the file into the other."""

    file: Metadata
    other: Metadata
    orientation: int
    scale: float


def relate(measures: Measures, aligned: Aligned, pair: Pair) -> Match:
    """Return the relation of two photos with edits and evidence; unrelated where copy is not verified."""
    is_grayscale = _is_grayscale(measures)
    is_recolored = measures.luma_difference > MAX_LUMA_DIFFERENCE or (
        measures.chroma_difference > MAX_CHROMA_DIFFERENCE and not is_grayscale
    )
    evidence = _evidence(measures, aligned, is_recolored=is_recolored)
    failed = {one.name for one in evidence if not one.passed}
    certainty = Certainty.VERIFIED
    if failed == {"shift_pixels"} and is_recolored and measures.shift_pixels <= MAX_SHIFT_PIXELS_SUSPECTED:
        certainty = Certainty.SUSPECTED
    elif failed:
        return _match(Relation.UNRELATED, Certainty.VERIFIED, measures, evidence)
    if _are_other_moments(pair):
        return _match(Relation.BURST, Certainty.VERIFIED, measures, evidence)
    edits = _edits(pair, is_grayscale=is_grayscale, is_recolored=is_recolored)
    is_edited = any(edit.kind in (EditKind.MIRRORED, EditKind.GRAYSCALE, EditKind.RECOLORED) for edit in edits)
    relation = Relation.EDITED if is_edited else Relation.RENDITION
    return _match(relation, certainty, measures, evidence, edits, _direction(pair, measures, is_grayscale))


def _evidence(measures: Measures, aligned: Aligned, *, is_recolored: bool) -> tuple[Evidence, ...]:
    most_bad = MAX_BAD_BLOCKS_RECOLORED if is_recolored else MAX_BAD_BLOCKS
    most_shift = MAX_SHIFT_PIXELS_RECOLORED if is_recolored else MAX_SHIFT_PIXELS
    least_ssim = MIN_SSIM_RECOLORED if is_recolored else MIN_SSIM
    return (
        _at_most("aspect_error", aligned.aspect_error, MAX_ASPECT_ERROR),
        _at_least("texture", measures.texture, MIN_TEXTURE),
        _at_least("deviation", measures.deviation, MIN_DEVIATION),
        _at_least("ssim", measures.ssim, least_ssim),
        _at_most("bad_blocks", measures.bad_blocks, most_bad),
        _at_most("shift_pixels", measures.shift_pixels, most_shift),
    )


def _at_most(name: str, value: float, limit: float) -> Evidence:
    return Evidence(name=name, value=value, limit=limit, passed=value <= limit)


def _at_least(name: str, value: float, limit: float) -> Evidence:
    return Evidence(name=name, value=value, limit=limit, passed=value >= limit)


def _is_grayscale(measures: Measures) -> bool:
    less, more = sorted((measures.chroma_first, measures.chroma_second))
    return less <= MAX_CHROMA_GRAYSCALE and more >= MIN_CHROMA_COLOR


def _are_other_moments(pair: Pair) -> bool:
    """Return whether both files say when they were taken, and say different moments: no copy does that."""
    file, other = pair.file.captured_at, pair.other.captured_at
    if file is None or other is None:
        return False
    # One of two copies may have lost its sub-seconds or its offset: what both have is compared.
    length = min(len(file), len(other))
    return file[:length] != other[:length]


def _edits(pair: Pair, *, is_grayscale: bool, is_recolored: bool) -> tuple[Edit, ...]:
    edits = [Edit(kind=EditKind.RE_ENCODED)]
    if abs(pair.scale - 1.0) > _SAME_SIZE:
        edits.append(Edit(kind=EditKind.RESIZED, scale=round(pair.scale, 4)))
    quarters, is_mirrored = ORIENTATIONS[pair.orientation]
    if is_mirrored:
        axis = "vertical" if quarters == 2 else "horizontal"
        edits.append(Edit(kind=EditKind.MIRRORED, axis=axis))
        degrees = 90.0 * quarters if quarters in (1, 3) else 0.0
    else:
        degrees = 90.0 * ((4 - quarters) % 4)
    if degrees:
        edits.append(Edit(kind=EditKind.ROTATED, degrees=degrees))
    if is_grayscale:
        edits.append(Edit(kind=EditKind.GRAYSCALE))
    if is_recolored:
        edits.append(Edit(kind=EditKind.RECOLORED))
    return tuple(edits)


def _direction(pair: Pair, measures: Measures, is_grayscale: bool) -> Direction:
    """Return which photo comes from the other where that is plain: the smaller, the grey, the one without a camera."""
    if abs(pair.scale - 1.0) > _SAME_SIZE:
        return Direction.FILE_FROM_OTHER if pair.scale < 1 else Direction.OTHER_FROM_FILE
    if is_grayscale:
        is_file_gray = measures.chroma_first < measures.chroma_second
        return Direction.FILE_FROM_OTHER if is_file_gray else Direction.OTHER_FROM_FILE
    if (pair.file.camera is None) != (pair.other.camera is None):
        return Direction.FILE_FROM_OTHER if pair.file.camera is None else Direction.OTHER_FROM_FILE
    return Direction.UNKNOWN


def _match(  # noqa: PLR0913 – a match has these parts
    relation: Relation,
    certainty: Certainty,
    measures: Measures,
    evidence: tuple[Evidence, ...],
    edits: tuple[Edit, ...] = (),
    direction: Direction = Direction.UNKNOWN,
) -> Match:
    return Match(
        relation=relation,
        certainty=certainty,
        similarity=max(0.0, min(1.0, measures.ssim)),
        direction=direction,
        edits=edits,
        evidence=evidence,
        matcher_version=MATCHER_VERSION,
    )
