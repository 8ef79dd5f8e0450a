"""Reads photos for comparing, at a reduced size, and keeps the last few: a hub is compared many times."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from pictrace.errors import UnreadableError
from pictrace.imaging import Picture, describe_picture
from pictrace.model import Metadata, StatKey

# Just under a quarter of a 12-megapixel photo's side: a JPEG decoder then halves twice, at a fraction of the cost.
LONGEST_SIDE_PIXELS: Final = 960
# At most 2.8 MB each.
_KEPT = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A photo read for comparing: a small upright picture of it, and what it says of itself."""

    picture: Picture
    metadata: Metadata


def load(path: Path) -> Loaded:
    """Return a photo at ``LONGEST_SIDE_PIXELS`` at most, from memory if the file is unchanged since.

    Raises:
        UnreadableError: the file cannot be opened.
        UndecodableError: it cannot be decoded.
    """
    try:
        key = StatKey.of(path.lstat())
    except OSError as error:
        raise UnreadableError(path, f"cannot be opened: {error.strerror}") from error
    return _load(path, key)


@lru_cache(maxsize=_KEPT)
def _load(path: Path, key: StatKey) -> Loaded:  # noqa: ARG001 – the key is there to be remembered by
    picture, metadata = describe_picture(path, longest_side=LONGEST_SIDE_PIXELS)
    return Loaded(picture=picture, metadata=metadata)
