"""The postings of an inverted file: for each visual word, which photos have it, and how it looks there.

Kept as a few sorted segments of growing size that are merged when they grow alike, as in a log-structured merge tree
(O'Neil et al., 1996): adding one photo never moves more than a small share of what is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# A segment is merged with the one before it as soon as it is not this much smaller.
_GROWTH = 3
# Larger ones stay as they are: merging them would hold everything up for seconds.
_MOST_MERGED_ROWS = 1 << 23
# So many rows are compared at once.
_PIECE_ROWS = 1 << 17
# With more rows to a word than this on average, words are looked up one by one.
_MANY_ROWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Postings:
    """Features in rows, sorted by word.

    ``words``: uint16. ``photos``: uint32, the index's own numbers of photos. ``signatures``: uint64, bits of the
    descriptors. ``poses``: uint16, see `pictrace.match.index.poses`. ``path``: the file that they are read from; None:
    they are in memory. ``crc32``: the checksum of that file, where it was looked at.
    """

    words: NDArray[np.uint16]
    photos: NDArray[np.uint32]
    signatures: NDArray[np.uint64]
    poses: NDArray[np.uint16]
    path: Path | None = None
    crc32: int | None = None

    def __len__(self) -> int:
        """Return how many features there are."""
        return len(self.words)

    @property
    def size_bytes(self) -> int:
        """How much memory they take."""
        return self.words.nbytes + self.photos.nbytes + self.signatures.nbytes + self.poses.nbytes

    def taken(self, rows: NDArray[np.intp]) -> Postings:
        """Return some rows, in the order given."""
        return Postings(
            words=self.words[rows], photos=self.photos[rows], signatures=self.signatures[rows], poses=self.poses[rows]
        )

    def sorted(self) -> Postings:
        """Return the rows in the order of their words."""
        return self.taken(np.argsort(self.words, kind="stable"))


class Hits(NamedTuple):
    """Rows that share a word with a question: which question, which photo, how far, and how it lies there."""

    questions: NDArray[np.int64]
    photos: NDArray[np.int64]
    distances: NDArray[np.int64]
    poses: NDArray[np.int64]


class Lookups(NamedTuple):
    """Words to be looked up, in their order, and which question each belongs to."""

    words: NDArray[np.uint16]
    questions: NDArray[np.int64]


class Segments:
    """Postings that grow photo by photo."""

    def __init__(self, parts: Iterable[Postings] = ()) -> None:
        self._segments = list(parts)

    @property
    def parts(self) -> tuple[Postings, ...]:
        """The segments as they are now."""
        return tuple(self._segments)

    def add(self, postings: Postings) -> None:
        """Take in more rows, in any order."""
        self._segments.append(postings.sorted())
        while len(self._segments) > 1 and _are_alike(*self._segments[-2:]):
            last = self._segments.pop()
            self._segments[-1] = joined([self._segments[-1], last])

    def keep(self, is_living: NDArray[np.bool_], numbers: NDArray[np.uint32]) -> None:
        """Drop the rows of photos that are gone, and give the others new numbers.

        Args:
            is_living, numbers: by the old number of the photo.
        """
        kept = [part.taken(np.flatnonzero(is_living[part.photos])) for part in self._segments]
        self._segments = [replace(part, photos=numbers[part.photos]) for part in kept]

    def hits(self, words: NDArray[np.int64], signatures: NDArray[np.uint64], max_distance: int) -> Hits:
        """Return the rows near to what is asked.

        Args:
            words: of each question, shape (question, probe).
            signatures: of each question.
            max_distance: bits that may differ.
        """
        asked = words.ravel().astype(np.uint16)
        order = np.argsort(asked, kind="stable")  # neighbours in memory are read one after the other
        lookups = Lookups(asked[order], order // words.shape[1])
        pieces = [piece for part in self._segments for piece in _near(part, lookups, signatures, max_distance)]
        nothing = np.zeros(0, np.int64)
        return Hits(*(np.concatenate(columns) for columns in zip(Hits(*[nothing] * 4), *pieces, strict=True)))

    @property
    def size_bytes(self) -> int:
        """How much memory they take."""
        return sum(part.size_bytes for part in self._segments)


def _are_alike(larger: Postings, smaller: Postings) -> bool:
    return len(larger) < _GROWTH * len(smaller) and len(larger) + len(smaller) <= _MOST_MERGED_ROWS


def joined(parts: list[Postings]) -> Postings:
    """Return several postings as one, sorted."""
    return Postings(
        words=np.concatenate([part.words for part in parts]),
        photos=np.concatenate([part.photos for part in parts]),
        signatures=np.concatenate([part.signatures for part in parts]),
        poses=np.concatenate([part.poses for part in parts]),
    ).sorted()


def _near(part: Postings, lookups: Lookups, signatures: NDArray[np.uint64], max_distance: int) -> Iterator[Hits]:
    """Yield the rows near to what is asked: word by word where words have many rows, else many words at once."""
    first = np.searchsorted(part.words, lookups.words, side="left")
    # Words that are out of order, because a disk turned a bit, have no rows; they must not have fewer.
    counts = np.maximum(0, np.searchsorted(part.words, lookups.words, side="right") - first)
    if counts.sum() > _MANY_ROWS * len(counts):
        found = [
            start + (np.bitwise_count(part.signatures[start : start + count] ^ asked) <= max_distance).nonzero()[0]
            for start, count, asked in zip(first.tolist(), counts.tolist(), signatures[lookups.questions], strict=True)
        ]
        questions = np.repeat(lookups.questions, [len(rows) for rows in found])
        yield _hits(part, np.concatenate(found), questions, signatures)
        return
    cuts = np.flatnonzero(np.diff(np.cumsum(counts) // _PIECE_ROWS)) + 1
    for piece in np.split(np.arange(len(counts)), cuts):
        ends = np.cumsum(counts[piece])
        rows = np.arange(ends[-1]) + np.repeat(first[piece] - (ends - counts[piece]), counts[piece])
        asked = np.repeat(signatures[lookups.questions[piece]], counts[piece])
        near = np.flatnonzero(np.bitwise_count(part.signatures[rows] ^ asked) <= max_distance)
        questions = lookups.questions[piece][np.searchsorted(ends, near, side="right")]
        yield _hits(part, rows[near], questions, signatures)


def _hits(part: Postings, rows: NDArray[np.intp], questions: NDArray[np.int64], signatures: NDArray[np.uint64]) -> Hits:
    return Hits(
        questions,
        part.photos[rows].astype(np.int64),
        np.bitwise_count(part.signatures[rows] ^ signatures[questions]).astype(np.int64),
        part.poses[rows].astype(np.int64),
    )
