"""Compares two files: reads them small, aligns, measures, and names the relation. Runs in a worker process."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from pictrace.imaging import Picture, describe_picture, pixel_hash
from pictrace.match.align import LONGEST_SIDE_PIXELS, align, inverse_orientation
from pictrace.match.relate import MATCHER_VERSION, Pair, relate
from pictrace.match.verify import Measures, measure
from pictrace.model import Certainty, Evidence, Match, Metadata, Relation, StatKey

# A pair this much alike may be equal to the last pixel, which only the full pictures can tell. Generous: a JPEG decoded
# at half size differs by up to 5 levels from its PNG averaged down, where the photograph is mostly grain.
_LIKE_ENOUGH_GRAY_LEVELS = 12.0
_PICTURES_KEPT = 48
_HASHES_KEPT = 10_000


def compare(file: Path, other: Path) -> Match:
    """Return how two photos are related; relation `unrelated` where no copy is verified.

    The order of the two changes only direction and the edits' measures: inside, they are always taken the same way
    round.

    Raises:
        UnreadableError, UndecodableError: one of them cannot be read.
    """
    (picture, metadata), (other_picture, other_metadata) = _read(file), _read(other)
    is_same_shape = (picture.width_pixels, picture.height_pixels) == (
        other_picture.width_pixels,
        other_picture.height_pixels,
    )
    if is_same_shape and _look_equal(picture, other_picture) and _have_same_pixels(file, other):
        evidence = Evidence(name="pixel_hash_distance", value=0.0, limit=0.0, passed=True)
        return Match(
            relation=Relation.SAME_PIXELS,
            certainty=Certainty.PROVED,
            similarity=1.0,
            evidence=(evidence,),
            matcher_version=MATCHER_VERSION,
        )
    if picture.frames > 1 or other_picture.frames > 1:
        # The first picture of an animation says nothing about the rest.
        return _nothing("frames", float(max(picture.frames, other_picture.frames)), 1.0)
    return _measured(picture, metadata, other_picture, other_metadata)


def _measured(file: Picture, file_metadata: Metadata, other: Picture, other_metadata: Metadata) -> Match:
    is_swapped = _order(file) > _order(other)
    aligned = align(other, file) if is_swapped else align(file, other)
    measures = measure(aligned)
    if measures is None:
        return _nothing("shortest_side_pixels", float(min(aligned.first.shape[:2])), 32.0)
    pair = Pair(
        file=file_metadata,
        other=other_metadata,
        orientation=inverse_orientation(aligned.orientation) if is_swapped else aligned.orientation,
        scale=1.0 / aligned.scale if is_swapped else aligned.scale,
    )
    return relate(_seen_from_file(measures, is_swapped=is_swapped), aligned, pair)


def _seen_from_file(measures: Measures, *, is_swapped: bool) -> Measures:
    if not is_swapped:
        return measures
    return replace(measures, chroma_first=measures.chroma_second, chroma_second=measures.chroma_first)


def _order(picture: Picture) -> tuple[int, bytes]:
    """Return what two pictures are ordered by, whatever order they came in."""
    return picture.width_pixels * picture.height_pixels, hashlib.sha256(picture.rgb.tobytes()).digest()


def _look_equal(first: Picture, second: Picture) -> bool:
    if first.rgb.shape != second.rgb.shape:
        return False
    difference = np.abs(first.rgb.astype(np.int16) - second.rgb.astype(np.int16))
    return float(difference.mean()) <= _LIKE_ENOUGH_GRAY_LEVELS


def _have_same_pixels(file: Path, other: Path) -> bool:
    first = _pixel_hash_once(file, StatKey.of(file.stat()))
    return first is not None and first == _pixel_hash_once(other, StatKey.of(other.stat()))


def _nothing(name: str, value: float, limit: float) -> Match:
    return Match(
        relation=Relation.UNRELATED,
        certainty=Certainty.VERIFIED,
        similarity=0.0,
        evidence=(Evidence(name=name, value=value, limit=limit, passed=False),),
        matcher_version=MATCHER_VERSION,
    )


def _read(path: Path) -> tuple[Picture, Metadata]:
    return _read_once(path, StatKey.of(path.stat()))


@functools.lru_cache(maxsize=_HASHES_KEPT)
def _pixel_hash_once(path: Path, _: StatKey) -> bytes | None:
    return pixel_hash(path)


@functools.lru_cache(maxsize=_PICTURES_KEPT)
def _read_once(path: Path, _: StatKey) -> tuple[Picture, Metadata]:
    """Return a small picture and its metadata; kept for a while, because a copy is compared more than once."""
    return describe_picture(path, longest_side=LONGEST_SIDE_PIXELS)
