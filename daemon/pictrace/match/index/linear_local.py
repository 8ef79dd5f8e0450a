"""Compares with every feature of every photo: slow, plain, and what the inverted file must agree with."""

from __future__ import annotations

import numpy as np

from pictrace.match.index.features import DESCRIPTOR_BYTES, KEYPOINT, AskedFeatures
from pictrace.match.index.local import KEPT_FEATURES, MAX_SIGNATURE_DISTANCE, questioned
from pictrace.match.index.poses import poses
from pictrace.match.index.postings import Hits
from pictrace.match.index.voting import Vote, counted
from pictrace.match.index.words import Vocabulary, shipped_vocabulary


class LinearLocalIndex:
    """The reference of `LocalIndex`; see there."""

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        self._vocabulary = shipped_vocabulary() if vocabulary is None else vocabulary
        self._photos: dict[int, tuple[bytes, bytes]] = {}

    def add(self, photo_id: int, keypoints: bytes, descriptors: bytes) -> None:
        """Add a photo, or give it other features."""
        self._photos[photo_id] = (keypoints, descriptors)

    def remove(self, photo_id: int) -> None:
        """Forget a photo; nothing happens if it is not there."""
        self._photos.pop(photo_id, None)

    def query(self, asked: AskedFeatures, *, limit: int) -> list[Vote]:
        """Return the photos with most votes, the best first; equal ones are ordered by photo id."""
        if not asked.descriptors and not asked.mirrored_descriptors:
            return []
        questions = questioned(asked, self._vocabulary)
        found = []
        for number, (keypoints, descriptors) in enumerate(self._photos.values()):
            bits = np.frombuffer(descriptors, np.uint8).reshape(-1, DESCRIPTOR_BYTES)[:KEPT_FEATURES]
            if len(bits) == 0:
                continue
            words = self._vocabulary.words(bits, probes=1)[:, 0]
            known_poses = poses(np.frombuffer(keypoints, KEYPOINT)[:KEPT_FEATURES])
            distances = np.bitwise_count(questions.signatures[:, None] ^ self._vocabulary.signatures(bits))
            shared = (questions.words[:, :, None] == words).any(axis=1)
            found += [
                (question, number, int(distances[question, row]), int(known_poses[row]))
                for question, row in np.argwhere(shared & (distances <= MAX_SIGNATURE_DISTANCE)).tolist()
            ]
        hits = Hits(*np.array(found, np.int64).reshape(-1, 4).T)
        return counted(hits, questions.of_counting, np.array(list(self._photos), np.int64), limit=limit)

    def __len__(self) -> int:
        """Return how many photos can be found."""
        return len(self._photos)
