"""Reads photos for comparing, at a reduced size, and keeps the last few: a hub is compared many times."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from pictrace.errors import UnreadableError
from pictrace.imaging import Picture, describe_picture, gray, pixel_hash, read_preview
from pictrace.match.features import Features, features_of
from pictrace.match.scaled import Scaled
from pictrace.model import Metadata, StatKey

# Just under a quarter of a 12-megapixel photo's side: a JPEG decoder then halves twice, at a fraction of the cost.
LONGEST_SIDE_PIXELS: Final = 960
# At most 2.8 MB a picture, 1.1 MB its features as they are and mirrored, 1.3 MB its smaller sizes: 63 MB in all.
_KEPT = 12
# Small and stored anew, a preview has lost the grain of its photo as a poor JPEG has.
_QUALITY_OF_PREVIEW: Final = 30
_NO_KEY: Final = StatKey(dev=0, ino=0, size_bytes=0, mtime_ns=0, ctime_ns=0)


# Without slots: each keeps what was computed of it.
@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A photo read for comparing: a small upright picture of it, and what it says of itself."""

    path: Path
    key: StatKey
    picture: Picture
    metadata: Metadata

    @cached_property
    def features(self) -> Features:
        """The local features of the picture, computed once."""
        return features_of(gray(self.picture.rgb))

    @cached_property
    def scaled(self) -> Scaled:
        """The picture at the sizes it is compared at, each made once."""
        return Scaled(self.picture.rgb)

    @cached_property
    def pixel_hash(self) -> bytes | None:
        """The hash of all pixels, computed once; see `imaging.pixel_hash`."""
        return pixel_hash(self.path)

    @property
    def zoom(self) -> float:
        """Side as stored / side as read."""
        picture = self.picture
        area = picture.rgb.shape[0] * picture.rgb.shape[1]
        return math.sqrt(picture.width_pixels * picture.height_pixels / area)


@dataclass(frozen=True, kw_only=True)
class Kept(Loaded):
    """A photo whose file is not there, by the preview that was kept of it."""

    preview: bytes

    @cached_property
    def features(self) -> Features:
        """The local features of the preview, computed once."""
        return _features_of_preview(self.preview)


def load_preview(path: Path, preview: bytes, metadata: Metadata) -> Kept:
    """Return a photo by what was kept of it.

    Args:
        path: where it was, for messages.
        preview: as `imaging.preview_of` gave it.
        metadata: of the photo. The preview is a JPEG, whatever the photo was, and so is compared as one.

    Raises:
        UndecodableError: the preview cannot be read.
    """
    rgb = read_preview(preview)
    picture = Picture(
        rgb=rgb, width_pixels=metadata.width_pixels, height_pixels=metadata.height_pixels, format=metadata.format
    )
    stored = replace(metadata, is_lossless=False, jpeg_quality=_QUALITY_OF_PREVIEW)
    return Kept(path=path, key=_NO_KEY, picture=picture, metadata=stored, preview=preview)


def load(path: Path) -> Loaded:
    """Return a photo at ``LONGEST_SIDE_PIXELS`` at most, from memory if the file is unchanged since.

    Raises:
        UnreadableError: the file cannot be opened.
        UndecodableError: it cannot be decoded.
    """
    return _load(path, stat_key(path))


def stat_key(path: Path) -> StatKey:
    """Return what tells whether a file changed since it was read.

    Raises:
        UnreadableError: it is not there, or cannot be asked.
    """
    try:
        return StatKey.of(path.lstat())
    except OSError as error:
        raise UnreadableError(path, f"cannot be opened: {error.strerror}") from error


@lru_cache(maxsize=_KEPT)
def _load(path: Path, key: StatKey) -> Loaded:
    picture, metadata = describe_picture(path, longest_side=LONGEST_SIDE_PIXELS)
    return Loaded(path=path, key=key, picture=picture, metadata=metadata)


@lru_cache(maxsize=_KEPT)
def _features_of_preview(preview: bytes) -> Features:
    return features_of(gray(read_preview(preview)))
