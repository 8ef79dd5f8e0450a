"""Reads photos for comparing, at a reduced size, and keeps the last few: a hub is compared many times."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from pictrace.errors import UnreadableError
from pictrace.imaging import Picture, describe_picture, gray
from pictrace.match.features import Features, features_of
from pictrace.model import Metadata, StatKey

# Just under a quarter of a 12-megapixel photo's side: a JPEG decoder then halves twice, at a fraction of the cost.
LONGEST_SIDE_PIXELS: Final = 960
# At most 2.8 MB each.
_KEPT = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A photo read for comparing: a small upright picture of it, and what it says of itself."""

    path: Path
    key: StatKey
    picture: Picture
    metadata: Metadata

    @property
    def features(self) -> Features:
        """The local features of the picture, computed once."""
        return _features(self.path, self.key)

    @property
    def zoom(self) -> float:
        """Side as stored / side as read."""
        picture = self.picture
        area = picture.rgb.shape[0] * picture.rgb.shape[1]
        return math.sqrt(picture.width_pixels * picture.height_pixels / area)


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
def _load(path: Path, key: StatKey) -> Loaded:
    picture, metadata = describe_picture(path, longest_side=LONGEST_SIDE_PIXELS)
    return Loaded(path=path, key=key, picture=picture, metadata=metadata)


@lru_cache(maxsize=_KEPT)
def _features(path: Path, key: StatKey) -> Features:
    return features_of(gray(_load(path, key).picture.rgb))
