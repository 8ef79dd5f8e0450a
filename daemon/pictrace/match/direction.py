"""Which of two photos was made from the other: said only where nothing speaks against it."""

from __future__ import annotations

from pictrace.match.verify import Measures
from pictrace.model import Direction, Metadata

SAME_SIZE = 0.004
_CLEAR_QUALITY_STEP = 5


def direction(measures: Measures, file: Metadata, other: Metadata, *, is_grayscale: bool) -> Direction:
    """Return which photo comes from the other: the smaller, greyer, lossier one, or the one that lost its camera.

    Args:
        measures: of the pair.
        file, other: what the two say of themselves.
        is_grayscale: whether one of them lost its colours.
    """
    votes = [_vote(1.0, measures.scale, SAME_SIZE), _metadata_vote(file, other)]
    if is_grayscale:
        votes.append(_vote(measures.other_chroma, measures.file_chroma, 0.0))
    if abs(measures.scale - 1.0) <= SAME_SIZE:
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
