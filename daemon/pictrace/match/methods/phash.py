"""The perceptual hash."""

from __future__ import annotations

from dataclasses import dataclass

import imagehash
from PIL import Image

from pictrace.match.methods.base import Sight
from pictrace.match.methods.bits import BitHash


@dataclass(frozen=True, slots=True)
class Phash(BitHash):
    """The perceptual hash: the signs of low frequencies of a small gray picture, 64 bits.

    Source: imagehash, ``phash``, after Zauner, «Implementation and benchmarking of perceptual image hash functions»,
    2010.
    """

    name = "phash"

    def describe(self, sight: Sight) -> imagehash.ImageHash:
        """Return the hash."""
        return imagehash.phash(Image.fromarray(sight.rgb))
