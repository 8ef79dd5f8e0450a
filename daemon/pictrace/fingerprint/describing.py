"""Computes all that is known of one photo; runs in a worker process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pictrace.errors import ChangedError, OutOfMemoryError, UndecodableError
from pictrace.fingerprint import orb
from pictrace.fingerprint.hashes import phash
from pictrace.imaging import describe_picture, gray, read_photo
from pictrace.model import Fingerprint, Photo, PhotoState, StatKey

LONGEST_SIDE_PIXELS = 640
VERSIONS = {"phash": phash.VERSION, "orb": orb.VERSION}
# A deep question looks this closely at a picture.
_DEEP_SIDE_PIXELS: Final = 1280


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A photo, and the features to ask an index for; None for what is no picture."""

    photo: Photo
    features: orb.QueryFeatures | None


def describe(path: Path, content_hash: bytes, key: StatKey) -> Photo:
    """Return a photo with its metadata and fingerprint, or as undecodable with the reason.

    Args:
        path: the file.
        content_hash: of the file, from `hash_file`.
        key: the stat key it had then; it must have it still when all is computed.

    Raises:
        UnreadableError: the file cannot be opened.
        ChangedError: it changed since it was hashed.
        OutOfMemoryError: there is too little memory to tell.
    """
    return _described(path, content_hash, key)[0]


def describe_and_ask(path: Path, content_hash: bytes, key: StatKey) -> Described:
    """Return a photo with the features to ask an index for, from one decoding; see `describe`."""
    photo, luma = _described(path, content_hash, key)
    if luma is None or photo.fingerprint is None:
        return Described(photo=photo, features=None)
    features = orb.query_features(luma, photo.fingerprint.keypoints, photo.fingerprint.descriptors)
    return Described(photo=photo, features=features)


def features_of(path: Path, fingerprint: Fingerprint, *, is_deep: bool = False) -> orb.QueryFeatures:
    """Return the features of a described photo to ask an index for.

    Args:
        path: a file that holds it.
        fingerprint: the photo's, with its keypoints and descriptors.
        is_deep: look closer, which finds small parts, and costs ten times the work.

    Raises:
        UnreadableError: the file cannot be opened.
        UndecodableError: it cannot be decoded.
    """
    luma = gray(read_photo(path, longest_side=_DEEP_SIDE_PIXELS if is_deep else LONGEST_SIDE_PIXELS).rgb)
    return orb.query_features(luma, fingerprint.keypoints, fingerprint.descriptors, is_deep=is_deep)


def is_current(photo: Photo) -> bool:
    """Return whether every part of a photo's fingerprint is of the version computed now."""
    return photo.fingerprint is not None and photo.fingerprint.versions == VERSIONS


def _described(path: Path, content_hash: bytes, key: StatKey) -> tuple[Photo, NDArray[np.uint8] | None]:
    try:
        picture, metadata = describe_picture(path, longest_side=LONGEST_SIDE_PIXELS)
    except OutOfMemoryError:
        raise  # says nothing of the bytes; with more memory it may be a picture
    except UndecodableError as problem:
        _require_unchanged(path, key)
        photo = Photo(
            content_hash=content_hash,
            size_bytes=key.size_bytes,
            state=PhotoState.UNDECODABLE,
            reason=problem.reason,
        )
        return photo, None
    _require_unchanged(path, key)
    luma = gray(picture.rgb)
    keypoints, descriptors = orb.described(luma)
    photo = Photo(
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
    return photo, luma


def _require_unchanged(path: Path, key: StatKey) -> None:
    try:
        now = StatKey.of(path.lstat())
    except OSError as error:
        raise ChangedError(path, "vanished while it was decoded") from error
    if now != key:
        raise ChangedError(path, "changed while it was decoded")
