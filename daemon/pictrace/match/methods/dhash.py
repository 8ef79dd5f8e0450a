"""The difference hash."""

from __future__ import annotations

from dataclasses import dataclass

import imagehash
from PIL import Image

from pictrace.match.methods.base import Metric, Reading, Sight


@dataclass(frozen=True, slots=True)
class Dhash:
    """The difference hash: which of 9 × 8 gray pixels are darker than their right neighbor, 64 bits.

    Source: imagehash, ``dhash``, after Krawetz, «Kind of like that», 2013.
    """

    name = "dhash"
    metrics = (Metric(name="distance", unit="bits of 64", is_similarity=False, perfect=0.0),)
    is_record_only = False

    def describe(self, sight: Sight) -> imagehash.ImageHash:
        """Return the hash."""
        return imagehash.dhash(Image.fromarray(sight.rgb))

    def compare(self, a: imagehash.ImageHash, b: imagehash.ImageHash) -> Reading:
        """Return the Hamming distance."""
        return Reading(values={"distance": float(a - b)})
