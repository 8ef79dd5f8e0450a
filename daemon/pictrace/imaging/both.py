"""Pixels and metadata of a photo from one opening of its file."""

from __future__ import annotations

from pathlib import Path

from pictrace.imaging.metadata import metadata_of
from pictrace.imaging.opening import opened
from pictrace.imaging.reading import Picture, picture_of
from pictrace.model import Metadata


def describe_picture(path: Path, *, longest_side: int) -> tuple[Picture, Metadata]:
    """Return a photo's pixels, ``longest_side`` pixels at most, and its metadata.

    Raises:
        UnreadableError: the file cannot be opened.
        UndecodableError: it cannot be decoded; says why in one line.
    """
    with opened(path) as (image, data_format):
        metadata = metadata_of(image, data_format)
        return picture_of(image, data_format, longest_side=longest_side), metadata
