"""Picks the candidates that votes speak for, and what is needed to lay them on the photo asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from pictrace.match import Candidate, sketch
from pictrace.model import Photo
from pictrace.pipeline.asking import Suspect

# Measured on 189 hard copies of photographs and on 150 photographs of something else, among 500: of the 144 originals
# that only votes speak for, 143 have so many or are one of the first two; a photograph of something else leads to 2.5
# that do. Each one looked at costs 5 ms.
_LEAST_VOTES: Final = 1.2
_FIRST: Final = 2
# With fewer votes, six inliers are mostly chance. With this limit, 4 of those 150 photographs are compared in vain
# instead of 6, and no original is lost: 142 of 144 are compared either way.
_INLIERS_FOR_FEW_VOTES: Final = 8


def suspected(candidates: Iterable[Candidate], first: int = _FIRST) -> list[Candidate]:
    """Return the candidates that votes alone speak for: the first ones, and those that have many.

    Args:
        candidates: the best first.
        first: so many however few votes they have.
    """
    voted = [candidate for candidate in candidates if candidate.distance is None and candidate.votes]
    return voted[:first] + [candidate for candidate in voted[first:] if candidate.votes >= _LEAST_VOTES]


def looking_alike(candidates: Iterable[Candidate], most: int) -> list[Candidate]:
    """Return the candidates nearest by their vectors whose hash is far, at most so many; votes for them do not count.

    What features cannot lay on the photo is what vectors are for, so these are compared without a look at features.
    """
    alike = [(-one.cosine, one.photo_id, one) for one in candidates if one.cosine is not None and one.distance is None]
    return [candidate for *_, candidate in sorted(alike, key=lambda row: row[:2])[:most]]


def suspects(photo_by_id: Callable[[int], Photo | None], candidates: Iterable[Candidate]) -> list[Suspect]:
    """Return candidates with their stored features; ``photo_by_id`` gives what is known of a photo."""
    return [suspect for one in candidates if (suspect := _suspect(photo_by_id(one.photo_id), one)) is not None]


def _suspect(photo: Photo | None, candidate: Candidate) -> Suspect | None:
    if photo is None or photo.fingerprint is None or photo.metadata is None:
        return None
    stored = sketch.Described(
        keypoints=photo.fingerprint.keypoints,
        descriptors=photo.fingerprint.descriptors,
        width_pixels=photo.metadata.width_pixels,
        height_pixels=photo.metadata.height_pixels,
    )
    return Suspect(
        photo_id=candidate.photo_id,
        stored=stored,
        is_mirrored=candidate.is_mirrored,
        least_inliers=sketch.LEAST_INLIERS if candidate.votes >= _LEAST_VOTES else _INLIERS_FOR_FEW_VOTES,
    )
