"""The difference hash."""

from __future__ import annotations

from dataclasses import dataclass

import imagehash
from PIL import Image

from pictrace.match.methods.base import Sight
from pictrace.match.methods.bits import BitHash


@dataclass(frozen=True, slots=True)
class Dhash(BitHash):
    """The difference hash: which of 9 × 8 gray pixels are darker than their right neighbor, 64 bits.

    Source: imagehash, ``dhash``, after Krawetz, «Kind of like that», 2013.
    """

    name = "dhash"

    def describe(self, sight: Sight) -> imagehash.ImageHash:
        """Return the hash."""
        return imagehash.dhash(Image.fromarray(sight.rgb))
