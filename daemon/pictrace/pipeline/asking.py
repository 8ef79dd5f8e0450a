"""What a photo asks the index, and what the index keeps of it; all of it runs in worker processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pictrace.errors import UndecodableError
from pictrace.fingerprint import QueryFeatures, describe, describe_and_ask, features_of, hash_file
from pictrace.match import CandidateIndex, sketch
from pictrace.match.index import Asked
from pictrace.match.index.features import DESCRIPTOR_BYTES, KEYPOINT
from pictrace.match.index.local import ENTRY, questioned
from pictrace.match.index.words import shipped_vocabulary
from pictrace.model import Fingerprint, Metadata, Photo, StatKey

_PHASH_BYTES: Final = 8 * 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """The features that a photo asks with, as questions to the index too, and its size, which their places need."""

    features: QueryFeatures
    questions: Asked
    width_pixels: int
    height_pixels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """A photo that was described, what an index keeps of it, and what it asks; None for what is no picture."""

    photo: Photo
    entries: bytes
    asking: Asking | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A known photo that votes speak for, with its stored features.

    ``is_mirrored``: the votes were for the mirrored features. ``least_inliers``: how many are to agree on how the two
    lie on each other.
    """

    photo_id: int
    stored: sketch.Described
    is_mirrored: bool
    least_inliers: int


def take_in(path: Path, content_hash: bytes, key: StatKey) -> TakenIn:
    """Return all that is computed of a new photo, from one decoding; see ``fingerprint.describe``."""
    described = describe_and_ask(path, content_hash, key)
    photo = described.photo
    if photo.fingerprint is None or photo.metadata is None or described.features is None:
        return TakenIn(photo=photo, entries=b"", asking=None)
    return TakenIn(
        photo=photo,
        entries=entries_of(photo.fingerprint),
        asking=_asking(described.features, photo.metadata),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A file that was looked at: its photo, and what an index keeps of it."""

    photo: Photo
    entries: bytes


def look_at(path: Path) -> Looked:
    """Return what a file holds; runs in a worker process.

    Raises:
        PhotoError: it cannot be read, or changed meanwhile.
    """
    content_hash, key = hash_file(path)
    photo = describe(path, content_hash, key)
    return Looked(photo=photo, entries=b"" if photo.fingerprint is None else entries_of(photo.fingerprint))


def require_sound(taken: TakenIn, path: Path, content_hash: bytes) -> None:
    """Refuse what does not fit together: whoever broke a decoder may answer for another photo, or half a fingerprint.

    Raises:
        UndecodableError: it is not sound.
    """
    fingerprint = taken.photo.fingerprint
    is_sound = taken.photo.content_hash == content_hash and (
        fingerprint is None
        or (
            len(fingerprint.phashes) == _PHASH_BYTES
            and len(fingerprint.descriptors) % DESCRIPTOR_BYTES == 0
            and len(fingerprint.keypoints) * DESCRIPTOR_BYTES == len(fingerprint.descriptors) * KEYPOINT.itemsize
            and len(taken.entries) % ENTRY.itemsize == 0
            and 0 <= fingerprint.detail <= 1
        )
    )
    if not is_sound:
        raise UndecodableError(path, "the decoder gave an answer that does not fit together")


def asking(path: Path, fingerprint: Fingerprint, metadata: Metadata, is_deep: bool) -> Asking:
    """Return what a photo asks that is known already; see ``fingerprint.features_of``."""
    return _asking(features_of(path, fingerprint, is_deep=is_deep), metadata)


def entries_of(fingerprint: Fingerprint) -> bytes:
    """Return what the index keeps of a photo."""
    return CandidateIndex().entries(fingerprint)


def likely(asked: Asking, suspects: Sequence[Suspect]) -> list[int]:
    """Return the ids of those suspects that lie on the photo asked about, the one with most proof first."""
    inliers: dict[int, int] = {}
    for suspect in suspects:
        count = sketch.matched(_side(asked, suspect.is_mirrored), suspect.stored).inliers
        if count >= suspect.least_inliers:
            inliers[suspect.photo_id] = count
    return sorted(inliers, key=lambda photo_id: -inliers[photo_id])


def _asking(features: QueryFeatures, metadata: Metadata) -> Asking:
    return Asking(
        features=features,
        questions=questioned(features, shipped_vocabulary()),
        width_pixels=metadata.width_pixels,
        height_pixels=metadata.height_pixels,
    )


def _side(asked: Asking, is_mirrored: bool) -> sketch.Described:
    features = asked.features
    return sketch.Described(
        keypoints=features.mirrored_keypoints if is_mirrored else features.keypoints,
        descriptors=features.mirrored_descriptors if is_mirrored else features.descriptors,
        width_pixels=asked.width_pixels,
        height_pixels=asked.height_pixels,
    )
