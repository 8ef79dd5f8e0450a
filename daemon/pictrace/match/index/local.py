"""Finds photos that share parts with another: an inverted file over visual words, with signatures.

After Jégou, Douze, Schmid, «Hamming embedding and weak geometric consistency for large scale image search», 2008. Where
we differ: words and signatures are taken from ORB's bits as they are, without a projection.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pictrace.match.index.features import DESCRIPTOR_BYTES, KEYPOINT, AskedFeatures
from pictrace.match.index.poses import poses
from pictrace.match.index.postings import Hits, Postings, Segments
from pictrace.match.index.voting import Questions, Vote, counted
from pictrace.match.index.words import PROBES, Vocabulary, shipped_vocabulary

# Grows when what an entry holds changes: entries that were stored are then computed afresh.
ENTRIES_VERSION: Final = 1
# What the index keeps of a feature.
ENTRY: Final = np.dtype([("word", "<u2"), ("pose", "<u2"), ("signature", "<u8")])

# Features of a photo that are kept, the first ones.
KEPT_FEATURES: Final = 300
# Bits of the signature of a feature that may differ.
MAX_SIGNATURE_DISTANCE: Final = 8
_FIRST_CAPACITY: Final = 1024
# Photos that are added at once: all of a million would be held in memory twice.
_BATCH: Final = 5000
_MOST_GONE_SHARE: Final = 0.5


class Asked(NamedTuple):
    """Features of a photo asked about: words (feature, probe), signatures, and what the counting needs."""

    words: NDArray[np.int64]
    signatures: NDArray[np.uint64]
    of_counting: Questions


class LocalIndex:
    """An inverted file in memory.

    Args:
        vocabulary: assigns words; None: the one shipped.
    """

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        self._vocabulary = shipped_vocabulary() if vocabulary is None else vocabulary
        self._segments = Segments()
        self._numbers: dict[int, int] = {}
        self._ids: NDArray[np.int64] = np.full(_FIRST_CAPACITY, -1, np.int64)  # by number; -1: gone
        self._used = 0

    @classmethod
    def of_parts(cls, parts: Iterable[Postings], numbers: NDArray[np.int64]) -> LocalIndex:
        """Return an index with the shipped vocabulary of what `parts` and `numbers` gave."""
        index = cls()
        index._segments = Segments(parts)
        index._used = len(numbers)
        index._ids = np.full(max(_FIRST_CAPACITY, 2 * len(numbers)), -1, np.int64)
        index._ids[: len(numbers)] = numbers
        index._numbers = {photo_id: number for number, photo_id in enumerate(numbers.tolist()) if photo_id >= 0}
        return index

    @property
    def parts(self) -> tuple[Postings, ...]:
        """The postings, in parts that never change."""
        return self._segments.parts

    @property
    def numbers(self) -> NDArray[np.int64]:
        """The id of the photo with each number that the postings use; -1: gone."""
        return self._ids[: self._used].copy()

    def replace_parts(self, parts: Iterable[Postings]) -> None:
        """Use other postings that are equal to those there are, but lie elsewhere."""
        self._segments = Segments(parts)

    def add(self, photo_id: int, keypoints: bytes, descriptors: bytes) -> None:
        """Add a photo, or give it other features.

        Args:
            photo_id: its row in the store.
            keypoints, descriptors: as in ``Fingerprint``.
        """
        self.add_all([(photo_id, keypoints, descriptors)])

    def add_all(self, photos: Iterable[tuple[int, bytes, bytes]]) -> None:
        """Add many photos at once, which is faster than one by one; see `add`."""
        self.add_entries((photo_id, self.entries(points, bits)) for photo_id, points, bits in photos)

    def entries(self, keypoints: bytes, descriptors: bytes) -> bytes:
        """Return what the index keeps of a photo, 12 bytes a feature: to be stored, and added without computing it."""
        count = min(KEPT_FEATURES, len(descriptors) // DESCRIPTOR_BYTES)
        bits = np.frombuffer(descriptors, np.uint8, count * DESCRIPTOR_BYTES).reshape(-1, DESCRIPTOR_BYTES)
        packed = np.zeros(count, ENTRY)
        packed["word"] = self._vocabulary.words(bits, probes=1)[:, 0]
        packed["pose"] = poses(np.frombuffer(keypoints, KEYPOINT, count))
        packed["signature"] = self._vocabulary.signatures(bits)
        return packed.tobytes()

    def add_entries(self, photos: Iterable[tuple[int, bytes]]) -> None:
        """Add photos, or give them other features.

        Args:
            photos: id in the store and `entries` of each.
        """
        remaining = iter(photos)
        while batch := list(itertools.islice(remaining, _BATCH)):
            self._add_batch(batch)

    def remove(self, photo_id: int) -> None:
        """Forget a photo; nothing happens if it is not there."""
        number = self._numbers.pop(photo_id, None)
        if number is None:
            return
        self._ids[number] = -1
        if self._used > _FIRST_CAPACITY and len(self._numbers) < (1 - _MOST_GONE_SHARE) * self._used:
            self._close_up()

    def query(self, asked: AskedFeatures | Asked, *, limit: int) -> list[Vote]:
        """Return the photos with most votes, the best first; equal ones are ordered by photo id.

        A feature votes for each photo that has one like it, once, and less the more photos have one. Of its votes a
        photo gets those that agree on one turn and one change of size.

        Args:
            asked: the features; as questions where `questioned` was called elsewhere, with the same vocabulary.
            limit: photos.
        """
        questions = asked if isinstance(asked, Asked) else questioned(asked, self._vocabulary)
        if len(questions.words) == 0:
            return []
        hits = self._segments.hits(questions.words, questions.signatures, MAX_SIGNATURE_DISTANCE)
        # A saved index whose bytes have suffered may name photos beyond the last one.
        living = np.flatnonzero((self._ids.take(hits.photos, mode="clip") >= 0) & (hits.photos < self._used))
        if len(living) < len(hits.photos):
            hits = Hits(*(column[living] for column in hits))
        return counted(hits, questions.of_counting, self._ids, limit=limit)

    def __len__(self) -> int:
        """Return how many photos can be found."""
        return len(self._numbers)

    @property
    def size_bytes(self) -> int:
        """How much memory the index takes; a row in the table of numbers is counted as 100 bytes, as measured."""
        return self._segments.size_bytes + self._ids.nbytes + 100 * len(self._numbers)

    def _add_batch(self, photos: list[tuple[int, bytes]]) -> None:
        parts, owners = [], []
        for photo_id, entries in photos:
            self.remove(photo_id)
            parts.append(entries)
            owners.append((self._numbered(photo_id), len(entries) // ENTRY.itemsize))
        rows = np.frombuffer(b"".join(parts), ENTRY)
        if len(rows) == 0:
            return
        numbers, counts = np.array(owners).T
        self._segments.add(
            Postings(
                words=rows["word"],
                photos=np.repeat(numbers, counts).astype(np.uint32),
                signatures=rows["signature"],
                poses=rows["pose"],
            )
        )

    def _numbered(self, photo_id: int) -> int:
        number = self._used
        if number == len(self._ids):
            self._ids = np.concatenate([self._ids, np.full(number, -1, np.int64)])
        self._ids[number] = photo_id
        self._numbers[photo_id] = number
        self._used += 1
        return number

    def _close_up(self) -> None:
        """Give the living photos new numbers without gaps, and drop the features of those gone."""
        living = np.flatnonzero(self._ids[: self._used] >= 0)
        numbers = np.zeros(len(self._ids), np.uint32)
        numbers[living] = np.arange(len(living), dtype=np.uint32)
        self._segments.keep(self._ids >= 0, numbers)
        ids = self._ids[living]
        self._ids = np.full(max(_FIRST_CAPACITY, 2 * len(living)), -1, np.int64)
        self._ids[: len(living)] = ids
        self._used = len(living)
        self._numbers = {photo_id: number for number, photo_id in enumerate(ids.tolist())}


def questioned(asked: AskedFeatures, vocabulary: Vocabulary) -> Asked:
    """Return the features of a photo asked about as questions to an index."""
    keypoints = np.frombuffer(asked.keypoints + asked.mirrored_keypoints, KEYPOINT)
    bits = np.frombuffer(asked.descriptors + asked.mirrored_descriptors, np.uint8).reshape(-1, DESCRIPTOR_BYTES)
    plain = len(asked.descriptors) // DESCRIPTOR_BYTES
    return Asked(
        words=vocabulary.words(bits, probes=PROBES),
        signatures=vocabulary.signatures(bits),
        of_counting=Questions(poses(keypoints).astype(np.int64), np.arange(len(bits)) >= plain),
    )
