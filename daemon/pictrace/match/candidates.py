"""Which known photos a new one may be a copy of, cheaply and with false ones among them: verification judges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from pictrace.match.index import (
    ENTRIES_VERSION,
    Asked,
    AskedFeatures,
    HashIndex,
    LinearIndex,
    LocalIndex,
    Vector,
    VectorIndex,
    saved,
)
from pictrace.match.index.voting import Vote
from pictrace.model import Fingerprint

# Measured on 2,640 copies of photographs (docs/matching.md): every original is found within 12 bits; of the
# 47,000 pairs of different photographs one does, and 451 lie within 18.
MAX_PHASH_DISTANCE: Final = 12
# Within it, two photos are as good as the same for the hash, and no number of votes makes another one likelier.
SURE_PHASH_DISTANCE: Final = 6
# Every photo has nearest ones, alike or not: those that only a network names are few, and told apart by `Candidate`.
MOST_BY_VECTOR: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A known photo that may be related to the one asked about.

    ``distance``: Hamming distance of the 64-bit perceptual hashes in the nearest orientation; None: too far to tell.
    ``votes``: how much of their local features agrees on one turn and one change of size, 0 and up; ``is_mirrored``:
    whether it was the mirrored features that agreed. ``cosine``: of the vectors that a network gives, where it is one
    of the nearest by them.
    """

    photo_id: int
    distance: int | None
    votes: float = 0.0
    is_mirrored: bool = False
    cosine: float | None = None


class CandidateIndex:
    """Finds candidates by perceptual hashes, in eight orientations, by local features, and by a network's vectors."""

    def __init__(self, hashes: HashIndex | None = None, features: LocalIndex | None = None) -> None:
        self._vectors = VectorIndex()
        self._hashes: HashIndex = LinearIndex() if hashes is None else hashes
        self._features = LocalIndex() if features is None else features

    @classmethod
    def load(cls, folder: Path, token: str, *, is_checked: bool = True) -> CandidateIndex | None:
        """Return what `save` wrote with this token; None where that is not there any more, or not whole.

        Args:
            folder: as for `save`.
            token: the one it was saved with.
            is_checked: whether to compare checksums; an index that was not checked cannot be saved again.
        """
        found = saved.load(folder, version=ENTRIES_VERSION, token=token, is_checked=is_checked)
        if found is None:
            return None
        hashes = LinearIndex()
        hashes.add_all(found.photo_ids, found.phashes)
        return cls(hashes, LocalIndex.of_parts(found.parts, found.numbers))

    def save(self, folder: Path, token: str) -> None:
        """Write the index to a folder of its own; its postings are read from there from now on.

        Raises:
            OSError: it cannot be written; the index is as it was.
        """
        photo_ids, phashes = self._hashes.content
        features = self._features
        content = saved.Content(parts=features.parts, photo_ids=photo_ids, phashes=phashes, numbers=features.numbers)
        features.replace_parts(saved.save(folder, content, version=ENTRIES_VERSION, token=token))

    def add(self, photo_id: int, fingerprint: Fingerprint) -> None:
        """Add a photo, or give it another fingerprint; of the hashes, the upright one is kept."""
        self._add_hash(photo_id, fingerprint.phashes)
        self._features.add(photo_id, fingerprint.keypoints, fingerprint.descriptors)

    def entries(self, fingerprint: Fingerprint) -> bytes:
        """Return what the index keeps of a photo's features: to be stored, and added without computing it again."""
        return self._features.entries(fingerprint.keypoints, fingerprint.descriptors)

    def add_stored(self, photos: Iterable[tuple[int, bytes, bytes]]) -> None:
        """Add many photos at once, ten times as fast as one by one.

        Args:
            photos: id in the store, perceptual hashes, and `entries` of each; these are as good as their
                ``ENTRIES_VERSION``.
        """

        def taken() -> Iterator[tuple[int, bytes]]:
            for photo_id, phashes, entries in photos:
                self._add_hash(photo_id, phashes)
                yield photo_id, entries

        self._features.add_entries(taken())

    def add_vectors(self, vectors: Iterable[tuple[int, Vector]]) -> None:
        """Let photos be found by vectors, too, all of one network; see `VectorIndex.add`.

        Raises:
            ValueError: one of them has another length than those before.
        """
        for photo_id, vector in vectors:
            self._vectors.add(photo_id, vector)

    def remove(self, photo_id: int) -> None:
        """Forget a photo; nothing happens if it is not there."""
        self._vectors.remove(photo_id)
        self._hashes.remove(photo_id)
        self._features.remove(photo_id)

    def query(
        self, phashes: bytes, features: AskedFeatures | Asked | None, *, limit: int, vector: Vector | None = None
    ) -> list[Candidate]:
        """Return the most promising photos, the best first; the photo asked about may be among them.

        First those whose hash is nearly equal, by distance, then the others by votes, then by distance. After them, and
        beyond the limit, those that are near by their vectors alone, at most `MOST_BY_VECTOR`, the nearest first.

        Args:
            phashes: `Fingerprint.phashes` of the photo asked about.
            features: from ``fingerprint.orb.query_features``, or questions made of them; None: hashes alone.
            limit: photos.
            vector: what the network gives for it; None: no such are wanted.
        """
        near = self._near(phashes, limit)
        votes = (
            {} if features is None else {vote.photo_id: vote for vote in self._features.query(features, limit=limit)}
        )
        candidates = [_candidate(photo_id, near.get(photo_id), votes.get(photo_id)) for photo_id in near | votes]
        candidates.sort(key=_rank)
        return candidates[:limit] if vector is None else self._with_alike(candidates[:limit], vector)

    def _with_alike(self, candidates: list[Candidate], vector: Vector) -> list[Candidate]:
        """Return candidates with what the vectors say of them, and further ones that only these bring."""
        alike = dict(self._vectors.query(vector, MOST_BY_VECTOR))
        known = [replace(candidate, cosine=alike.pop(candidate.photo_id, None)) for candidate in candidates]
        return known + [Candidate(photo_id=one, distance=None, cosine=cosine) for one, cosine in alike.items()]

    def near(self, phashes: bytes, max_distance: int, *, limit: int) -> list[Candidate]:
        """Return the photos with the nearest hashes, the nearest first, however little that means.

        Args:
            phashes: `Fingerprint.phashes` of the photo asked about.
            max_distance: in bits, in the nearest orientation; `query` goes no further than `MAX_PHASH_DISTANCE`.
            limit: photos.
        """
        near = self._near(phashes, limit, max_distance)
        return [_candidate(photo_id, distance, None) for photo_id, distance in near.items()]

    def __len__(self) -> int:
        """Return how many photos can be found."""
        return len(self._hashes)

    @property
    def size_bytes(self) -> int:
        """How much memory the index takes."""
        return self._hashes.size_bytes + self._features.size_bytes + self._vectors.size_bytes

    def _add_hash(self, photo_id: int, phashes: bytes) -> None:
        self._hashes.add(photo_id, int.from_bytes(phashes[:8], "big"))

    def _near(self, phashes: bytes, limit: int, max_distance: int = MAX_PHASH_DISTANCE) -> dict[int, int]:
        """Return the distance of the photos with the nearest hashes, in the nearest orientation."""
        asked = np.frombuffer(phashes, dtype=">u8").astype(np.uint64)
        near: dict[int, int] = {}
        for photo_id, distance, _ in self._hashes.query(asked, max_distance, limit):
            near.setdefault(photo_id, distance)
        return near


def _candidate(photo_id: int, distance: int | None, vote: Vote | None) -> Candidate:
    return Candidate(
        photo_id=photo_id,
        distance=distance,
        votes=0.0 if vote is None else vote.votes,
        is_mirrored=vote is not None and vote.is_mirrored,
    )


def _rank(candidate: Candidate) -> tuple[int, float, int, int]:
    distance = MAX_PHASH_DISTANCE + 1 if candidate.distance is None else candidate.distance
    sure = distance if distance <= SURE_PHASH_DISTANCE else SURE_PHASH_DISTANCE + 1
    return sure, -candidate.votes, distance, candidate.photo_id
