"""The average hash."""

from __future__ import annotations

from dataclasses import dataclass

import imagehash
from PIL import Image

from pictrace.match.methods.base import Sight
from pictrace.match.methods.bits import BitHash


@dataclass(frozen=True, slots=True)
class Ahash(BitHash):
    """The average hash: which of 8 × 8 gray pixels are brighter than their mean, 64 bits.

    Source: imagehash, ``average_hash``, after Krawetz, «Looks like it», 2011.
    """

    name = "ahash"

    def describe(self, sight: Sight) -> imagehash.ImageHash:
        """Return the hash."""
        return imagehash.average_hash(Image.fromarray(sight.rgb))
