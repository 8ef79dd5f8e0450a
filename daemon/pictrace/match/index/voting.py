"""Turns hits of single features into votes for photos."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pictrace.match.index.poses import ANGLE_BINS, SIZE_BINS, agreed, bins
from pictrace.match.index.postings import Hits

# Only so many photos, those with most votes, are looked at for votes that agree.
MOST_LOOKED_AT: Final = 300
# One full vote; votes are whole numbers, so that their sum does not depend on the order.
_VOTE: Final = 1 << 16
# At a distance of so many bits a vote has half its weight.
_HALF_WEIGHT_BITS: Final = 8.0
_WEIGHTS: Final = _VOTE * np.exp2(-((np.arange(65) / _HALF_WEIGHT_BITS) ** 2))
# 12 bits are left for the question: no photo has more than 4,096 features.
_PHOTO_BITS: Final = 34
_DISTANCE_BITS: Final = 7
_POSE_BITS: Final = 10


class Vote(NamedTuple):
    """A photo, what its votes add up to, and whether it was the mirrored features that found it."""

    photo_id: int
    votes: float
    is_mirrored: bool


class Questions(NamedTuple):
    """What the counting needs of each feature asked about: its pose, and whether it comes from the mirror."""

    poses: NDArray[np.int64]
    is_mirrored: NDArray[np.bool_]


def counted(hits: Hits, questions: Questions, ids: NDArray[np.int64], *, limit: int) -> list[Vote]:
    """Return the photos with most votes; see `LocalIndex.query`.

    Args:
        hits: with numbers of photos.
        questions: in their order.
        ids: of the photos, by number.
        limit: photos.
    """
    hits = _one_for_each(hits, bins(questions.poses[hits.questions], hits.poses))
    popularity = np.bincount(hits.questions, minlength=len(questions.poses))
    weights = _WEIGHTS[hits.distances] / np.sqrt(popularity[hits.questions])
    votes = np.round(weights)
    sides = hits.photos * 2 + questions.is_mirrored[hits.questions]
    best = _most_voted(np.bincount(sides, weights=votes).astype(np.float64), ids)
    if len(best) == 0:
        return []
    place = np.full(2 * len(ids), -1)
    place[best] = np.arange(len(best))
    kept = np.flatnonzero(place[sides] >= 0)
    cells = place[sides[kept]] * (ANGLE_BINS * SIZE_BINS) + hits.poses[kept]
    table = np.bincount(cells, weights=votes[kept], minlength=len(best) * ANGLE_BINS * SIZE_BINS).astype(np.float64)
    return _ranked(best, agreed(table.reshape(len(best), ANGLE_BINS, SIZE_BINS)), ids, limit)


def _most_voted(totals: NDArray[np.float64], ids: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return the sides of photos with the highest totals; of equal ones those with smaller ids."""
    voted = np.flatnonzero(totals)
    if len(voted) > MOST_LOOKED_AT:
        least = -np.partition(-totals[voted], MOST_LOOKED_AT - 1)[MOST_LOOKED_AT - 1]
        voted = voted[totals[voted] >= least]
    return voted[np.lexsort((voted % 2, ids[voted // 2], -totals[voted]))[:MOST_LOOKED_AT]]


def _ranked(sides: NDArray[np.intp], sums: NDArray[np.float64], ids: NDArray[np.int64], limit: int) -> list[Vote]:
    """Return each photo once, on its better side."""
    photo_ids = ids[sides // 2]
    found: dict[int, Vote] = {}
    for row in np.lexsort((sides % 2, photo_ids, -sums)).tolist():
        photo_id = int(photo_ids[row])
        if photo_id not in found:
            found[photo_id] = Vote(photo_id, float(sums[row]) / _VOTE, bool(sides[row] % 2))
            if len(found) == limit:
                break
    return list(found.values())


def _one_for_each(hits: Hits, differences: NDArray[np.int64]) -> Hits:
    """Return of each question's hits in one photo the nearest, with its difference of pose for the pose.

    Sorting one number instead of four columns takes a fifth of the time.
    """
    keys = hits.questions << _PHOTO_BITS | hits.photos
    keys = keys << _DISTANCE_BITS | hits.distances
    keys = np.sort(keys << _POSE_BITS | differences)
    pairs = keys >> (_DISTANCE_BITS + _POSE_BITS)
    is_first = np.ones(len(keys), np.bool_)
    is_first[1:] = pairs[1:] != pairs[:-1]
    keys, pairs = keys[is_first], pairs[is_first]
    return Hits(
        questions=pairs >> _PHOTO_BITS,
        photos=pairs & (1 << _PHOTO_BITS) - 1,
        distances=keys >> _POSE_BITS & (1 << _DISTANCE_BITS) - 1,
        poses=keys & (1 << _POSE_BITS) - 1,
    )
