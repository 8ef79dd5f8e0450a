"""The average hash."""

from __future__ import annotations

from dataclasses import dataclass

import imagehash
from PIL import Image

from pictrace.match.methods.base import Metric, Reading, Sight


@dataclass(frozen=True, slots=True)
class Ahash:
    """The average hash: which of 8 × 8 gray pixels are brighter than their mean, 64 bits.

    Source: imagehash, ``average_hash``, after Krawetz, «Looks like it», 2011.
    """

    name = "ahash"
    metrics = (Metric(name="distance", unit="bits of 64", is_similarity=False, perfect=0.0),)
    is_record_only = False

    def describe(self, sight: Sight) -> imagehash.ImageHash:
        """Return the hash."""
        return imagehash.average_hash(Image.fromarray(sight.rgb))

    def compare(self, a: imagehash.ImageHash, b: imagehash.ImageHash) -> Reading:
        """Return the Hamming distance."""
        return Reading(values={"distance": float(a - b)})
