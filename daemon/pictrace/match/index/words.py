"""Visual words: a number of 14 bits for a descriptor, the same for similar ones as far as possible."""

from __future__ import annotations

import functools
from typing import Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.match.index.features import DESCRIPTOR_BYTES
from pictrace.shipped import shipped_data

# How many words a feature asked about is looked up under; a stored one has its nearest word only.
PROBES: Final = 3
SIGNATURE_BITS: Final = 64
_BRANCHES: Final = 128


class Vocabulary(Protocol):
    """Assigns words to descriptors."""

    def words(self, descriptors: NDArray[np.uint8], *, probes: int) -> NDArray[np.int64]:
        """Return the nearest words of each descriptor, 0 to 65,535, shape (descriptor, probe)."""

    def signatures(self, descriptors: NDArray[np.uint8]) -> NDArray[np.uint64]:
        """Return the 64 bits of each descriptor that are compared within a word."""


class TreeVocabulary:
    """Words in two levels, as in Nistér, Stewénius, «Scalable recognition with a vocabulary tree», 2006.

    Args:
        branches: uint8, shape (branch, byte).
        leaves: uint8, shape (branch, leaf, byte).
        bits: which 64 of a descriptor's 256 bits make its signature.
    """

    def __init__(self, branches: NDArray[np.uint8], leaves: NDArray[np.uint8], bits: NDArray[np.uint8]) -> None:
        self._bits = bits.astype(np.intp)
        self._branches = np.ascontiguousarray(branches)
        self._leaves = np.ascontiguousarray(leaves)

    def words(self, descriptors: NDArray[np.uint8], *, probes: int) -> NDArray[np.int64]:
        """Return the nearest words on the nearest branches, the nearest first, shape (descriptor, probe)."""
        if len(descriptors) == 0:
            return np.zeros((0, probes), np.int64)  # OpenCV refuses to compare nothing
        _, branches = _nearest(descriptors, self._branches, probes)
        owners = np.repeat(np.arange(len(descriptors)), probes)
        order = np.argsort(branches, axis=None, kind="stable")
        bounds = np.searchsorted(branches.ravel()[order], np.arange(len(self._branches) + 1))
        keyed = np.empty((len(order), probes), np.int64)  # distance, then word
        for branch in np.flatnonzero(np.diff(bounds)).tolist():
            rows = order[bounds[branch] : bounds[branch + 1]]
            distances, leaves = _nearest(descriptors[owners[rows]], self._leaves[branch], probes)
            keyed[rows] = distances << 32 | (branch * self._leaves.shape[1] + leaves)
        best = np.sort(keyed.reshape(len(descriptors), -1), axis=1)[:, :probes]
        return best & 0xFFFFFFFF

    def signatures(self, descriptors: NDArray[np.uint8]) -> NDArray[np.uint64]:
        """Return the bits of each descriptor that are compared within a word."""
        chosen = np.take(np.unpackbits(descriptors, axis=1), self._bits, axis=1)
        return np.ascontiguousarray(np.packbits(chosen, axis=1)).view(np.uint64)[:, 0]


@functools.cache
def shipped_vocabulary() -> TreeVocabulary:
    """Return the vocabulary that every index uses; docs/retrieval.md says what it was trained on."""
    stored = np.frombuffer(shipped_data("words.bin").read_bytes(), np.uint8)
    rows = stored[SIGNATURE_BITS:].reshape(-1, DESCRIPTOR_BYTES)
    leaves = rows[_BRANCHES:].reshape(_BRANCHES, -1, DESCRIPTOR_BYTES)
    return TreeVocabulary(rows[:_BRANCHES], leaves, stored[:SIGNATURE_BITS])


def _nearest(
    asked: NDArray[np.uint8], known: NDArray[np.uint8], count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return Hamming distances and rows of the nearest, shape (asked, count), the nearest first."""
    distances, rows = cv2.batchDistance(asked, known, cv2.CV_32S, normType=cv2.NORM_HAMMING, K=count)
    return distances.astype(np.int64), rows.astype(np.int64)
