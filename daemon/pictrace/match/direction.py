"""Which of two photos was made from the other: said only where nothing speaks against it."""

from __future__ import annotations

from typing import Final

from pictrace.match.edits import SAME_SIZE, is_grayscale
from pictrace.match.equalized import Equalized
from pictrace.match.overlap import Overlap
from pictrace.match.surroundings import Around
from pictrace.model import Direction, Metadata

_CLEAR_QUALITY_STEP: Final = 5
# What was cropped shows nothing that its source does not, but for a rounding of pixels.
_LEAST_OF_CROP: Final = 0.985


def direction(  # noqa: PLR0913 – all that can speak for one side
    pair: Equalized, overlap: Overlap, scale: float, file: Metadata, other: Metadata, *, is_file_first: bool
) -> Direction:
    """Return which photo comes from the other.

    What was cropped comes from the larger picture, a collage from what lies in it; else the smaller, greyer, lossier
    one is the later, or the one that lost its camera.

    Args:
        pair: the two pictures in one frame.
        overlap: how they overlap.
        scale: side of the file / side of the other, of what both show.
        file, other: what the two say of themselves.
        is_file_first: whether the file is the first picture of the pair.
    """
    if overlap.around.around is not Around.NOTHING:
        is_file_inner = overlap.is_first_inner == is_file_first
        is_inner_later = overlap.around.around is Around.SCENE
        if is_inner_later and overlap.contained < _LEAST_OF_CROP:
            return Direction.UNKNOWN
        return Direction.FILE_FROM_OTHER if is_file_inner == is_inner_later else Direction.OTHER_FROM_FILE
    votes = [_vote(1.0, scale, SAME_SIZE), _metadata_vote(file, other)]
    if is_grayscale(pair):
        is_file_source = pair.is_first_source == is_file_first
        chromas = (
            (pair.source_chroma, pair.target_chroma) if is_file_source else (pair.target_chroma, pair.source_chroma)
        )
        votes.append(_vote(chromas[1], chromas[0], 0.0))
    if abs(scale - 1.0) <= SAME_SIZE:
        votes.append(_quality_vote(file, other))
    return _agreed(votes)


def direction_of_same_pixels(file: Metadata, other: Metadata) -> Direction:
    """Return which of two photos with equal pixels was first.

    Compression is told by its pixels: had the lossy file been made from the lossless one, they would differ.
    """
    votes = [_metadata_vote(file, other)]
    if file.is_lossless != other.is_lossless:
        votes.append(Direction.FILE_FROM_OTHER if file.is_lossless else Direction.OTHER_FROM_FILE)
    return _agreed(votes)


def _agreed(votes: list[Direction]) -> Direction:
    said = {vote for vote in votes if vote is not Direction.UNKNOWN}
    return said.pop() if len(said) == 1 else Direction.UNKNOWN


def _vote(other: float, file: float, margin: float) -> Direction:
    """Return that the side with less comes from the side with more, if they differ by more than the margin."""
    if abs(other - file) <= margin:
        return Direction.UNKNOWN
    return Direction.FILE_FROM_OTHER if file < other else Direction.OTHER_FROM_FILE


def _metadata_vote(file: Metadata, other: Metadata) -> Direction:
    return _vote(float(other.camera is not None), float(file.camera is not None), 0.0)


def _quality_vote(file: Metadata, other: Metadata) -> Direction:
    if file.is_lossless != other.is_lossless:
        return _vote(float(other.is_lossless), float(file.is_lossless), 0.0)
    if file.jpeg_quality is None or other.jpeg_quality is None:
        return Direction.UNKNOWN
    return _vote(float(other.jpeg_quality), float(file.jpeg_quality), _CLEAR_QUALITY_STEP - 1)
