"""Recognizes a photo by what was kept of it: its pixel hash, or a small preview. Runs in a worker process."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pictrace.imaging import describe_picture, pixel_hash, preview_of
from pictrace.imaging.preview import LONGEST_SIDE_PIXELS
from pictrace.match.compare import compare_kept
from pictrace.model import Certainty, Metadata, Relation, Remains

# What has clearly more pixels than what was put away is the better photo, and did not return.
_MORE_PIXELS: Final = 1.05


def remains_of(path: Path, phashes: bytes) -> Remains:
    """Return what to keep of a photo, made while its file is there.

    Args:
        path: the file.
        phashes: its perceptual hashes, computed elsewhere.

    Raises:
        UnreadableError: the file cannot be opened.
        UndecodableError: it cannot be decoded.
    """
    picture, metadata = describe_picture(path, longest_side=LONGEST_SIDE_PIXELS)
    return Remains(phashes=phashes, pixel_hash=pixel_hash(path), preview=preview_of(picture.rgb), metadata=metadata)


def preview_at(path: Path) -> bytes:
    """Return the preview of a photo; see `remains_of`."""
    picture, _ = describe_picture(path, longest_side=LONGEST_SIDE_PIXELS)
    return preview_of(picture.rgb)


def shows(path: Path, metadata: Metadata, remains: Remains) -> bool:
    """Return whether a file shows what these remains are of: equal pixels, or a verified rendition, and no larger one.

    Args:
        path: the file.
        metadata: what it says of itself.
        remains: of the photo that went.

    Raises:
        UnreadableError: the file cannot be opened.
        UndecodableError: it cannot be decoded.
    """
    gone = remains.metadata
    if gone is None or _area(metadata) > _MORE_PIXELS * _area(gone):
        return False
    if remains.pixel_hash is not None and pixel_hash(path) == remains.pixel_hash:
        return True
    if remains.preview is None:
        return False
    match = compare_kept(path, path, remains.preview, gone)
    return match.relation is Relation.RENDITION and match.certainty is Certainty.VERIFIED


def _area(metadata: Metadata) -> int:
    return metadata.width_pixels * metadata.height_pixels
