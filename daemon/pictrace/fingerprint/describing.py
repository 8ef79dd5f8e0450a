"""Computes all that is known of one photo; runs in a worker process."""

from __future__ import annotations

from pathlib import Path

from pictrace.errors import ChangedError, UndecodableError
from pictrace.fingerprint import orb
from pictrace.fingerprint.hashes import phash
from pictrace.imaging import describe_picture, gray
from pictrace.model import Fingerprint, Photo, PhotoState, StatKey

LONGEST_SIDE_PIXELS = 640
VERSIONS = {"phash": phash.VERSION, "orb": orb.VERSION}


def describe(path: Path, content_hash: bytes, key: StatKey) -> Photo:
    """Return a photo with its metadata and fingerprint, or as undecodable with the reason.

    Args:
        path: the file.
        content_hash: of the file, from `hash_file`.
        key: the stat key it had then; it must have it still when all is computed.

    Raises:
        UnreadableError: the file cannot be opened.
        ChangedError: it changed since it was hashed.
    """
    try:
        picture, metadata = describe_picture(path, longest_side=LONGEST_SIDE_PIXELS)
    except UndecodableError as problem:
        _require_unchanged(path, key)
        return Photo(
            content_hash=content_hash,
            size_bytes=key.size_bytes,
            state=PhotoState.UNDECODABLE,
            reason=problem.reason,
        )
    _require_unchanged(path, key)
    luma = gray(picture.rgb)
    keypoints, descriptors = orb.described(luma)
    return Photo(
        content_hash=content_hash,
        size_bytes=key.size_bytes,
        state=PhotoState.DECODED,
        metadata=metadata,
        fingerprint=Fingerprint(
            phashes=phash.eight(luma),
            keypoints=keypoints,
            descriptors=descriptors,
            detail=phash.detail(luma),
            versions=VERSIONS,
        ),
    )


def is_current(photo: Photo) -> bool:
    """Return whether every part of a photo's fingerprint is of the version computed now."""
    return photo.fingerprint is not None and photo.fingerprint.versions == VERSIONS


def _require_unchanged(path: Path, key: StatKey) -> None:
    try:
        now = StatKey.of(path.lstat())
    except OSError as error:
        raise ChangedError(path, "vanished while it was decoded") from error
    if now != key:
        raise ChangedError(path, "changed while it was decoded")
