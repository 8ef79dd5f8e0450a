"""Compares two files: reads them small, lays them over each other, and names the relation. Runs in a worker process."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from pictrace.imaging import Picture, pixel_hash
from pictrace.match.direction import direction_of_same_pixels
from pictrace.match.examination import Examination, examination
from pictrace.match.pictures import Loaded, load
from pictrace.match.relate import MATCHER_VERSION, related
from pictrace.match.verify import Verified, verified
from pictrace.model import Certainty, Evidence, Match, Metadata, Relation

# A pair this much alike may be equal to the last pixel. Generous: a JPEG decoded at a quarter of its size differs by
# some levels from its PNG averaged down, where the photograph is mostly grain.
_LIKE_ENOUGH_LEVELS: Final = 12.0


def compare(file: Path, other: Path) -> Match:
    """Return how two photos are related; relation ``unrelated`` where they are not.

    The order of the two changes only the direction and the measures of edits.

    Args:
        file, other: the two files.

    Raises:
        UnreadableError: one of them cannot be opened.
        UndecodableError: one of them cannot be decoded.
    """
    first, second = load(file), load(other)
    if _are_same_pixels(first, second):
        return _same_pixels(first.metadata, second.metadata)
    is_file_first = _is_first(first, second)
    found = _verified(first, second, is_file_first=is_file_first)
    return related(found, first, second, is_file_first=is_file_first)


def examine(file: Path, other: Path) -> Examination:
    """Return how two photos are related, with all that is needed to draw it; see `compare`."""
    first, second = load(file), load(other)
    is_file_first = _is_first(first, second)
    found = _verified(first, second, is_file_first=is_file_first)
    if _are_same_pixels(first, second):
        match = _same_pixels(first.metadata, second.metadata)
    else:
        match = related(found, first, second, is_file_first=is_file_first)
    return examination(match, found, first, second, is_file_first=is_file_first)


def _verified(file: Loaded, other: Loaded, *, is_file_first: bool) -> Verified | None:
    return verified(file, other) if is_file_first else verified(other, file)


def _is_first(file: Loaded, other: Loaded) -> bool:
    """Return whether the file comes first: two pictures are compared in the same order whichever is asked about."""
    return _order(file.picture) <= _order(other.picture)


def _are_same_pixels(first: Loaded, second: Loaded) -> bool:
    return _may_be_equal(first, second) and _have_same_pixels(first.path, second.path)


def _order(picture: Picture) -> tuple[int, int, int, bytes]:
    """Return what two pictures are ordered by: the larger one first."""
    area = picture.width_pixels * picture.height_pixels
    return -area, picture.width_pixels, picture.rgb.size, picture.rgb.tobytes()


def _may_be_equal(first: Loaded, second: Loaded) -> bool:
    if _size(first.picture) != _size(second.picture) or first.picture.rgb.shape != second.picture.rgb.shape:
        return False
    qualities = first.metadata.jpeg_quality, second.metadata.jpeg_quality
    if None not in qualities and qualities[0] != qualities[1]:
        return False  # other quantisation, other pixels: the full decode is saved
    difference = first.picture.rgb.astype(np.int16) - second.picture.rgb
    return float(np.abs(difference).mean()) <= _LIKE_ENOUGH_LEVELS


def _size(picture: Picture) -> tuple[int, int]:
    return picture.width_pixels, picture.height_pixels


def _have_same_pixels(file: Path, other: Path) -> bool:
    first = pixel_hash(file)
    return first is not None and first == pixel_hash(other)


def _same_pixels(file: Metadata, other: Metadata) -> Match:
    return Match(
        relation=Relation.SAME_PIXELS,
        certainty=Certainty.PROVED,
        similarity=1.0,
        direction=direction_of_same_pixels(file, other),
        evidence=(Evidence(name="pixel-hash", value=1.0, limit=1.0, passed=True),),
        matcher_version=MATCHER_VERSION,
    )
