"""What a person decided, and what was put away for good: remembered by content, so that it survives renames."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pictrace.model.photo import Metadata


class Word(StrEnum):
    """What a person may say of two contents."""

    NOT_DUPLICATE = "not-duplicate"  # not reported, not acted on
    SAME_BURST = "same-burst"  # counts as the relation `burst`
    KEEP_BOTH = "keep-both"  # reported, never acted on


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a person decided about two contents; the smaller hash stands first.

    ``made_at`` is wall-clock seconds since 1970. The names are the last known ones, for people to read.
    """

    first_hash: bytes
    second_hash: bytes
    word: Word
    made_at: float
    first_name: str = ""
    second_name: str = ""

    @classmethod
    def of(cls, word: Word, a: tuple[bytes, str], b: tuple[bytes, str], *, made_at: float) -> Verdict:
        """Return a verdict on two contents, each given with a name, in whichever order."""
        first, second = sorted((a, b))
        return cls(
            first_hash=first[0],
            second_hash=second[0],
            word=word,
            made_at=made_at,
            first_name=first[1],
            second_name=second[1],
        )


class Farewell(StrEnum):
    """Why a photo went for good."""

    PURGED = "purged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains:
    """What is kept of a photo whose file is not there, to recognize it by; all but the hash is None for no picture.

    ``phashes`` as in `Fingerprint`; ``pixel_hash``: SHA-256 of the upright pixels; ``preview``: a small upright JPEG.
    """

    phashes: bytes | None = None
    pixel_hash: bytes | None = None
    preview: bytes | None = None
    metadata: Metadata | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """A photo that went for good, to be recognized when it returns.

    ``keeper_hash``: the content that was kept in its place, None where there was none. ``after_change``: the newest
    change in the journal when it was made, by which later words are told from earlier ones. ``purge``: the change
    whose file was purged; the tombstone counts only while it is.
    """

    content_hash: bytes
    farewell: Farewell
    made_at: float
    name: str
    keeper_hash: bytes | None
    remains: Remains
    after_change: int = 0
    purge: int | None = None
