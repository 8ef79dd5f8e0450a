"""The perceptual hash."""

from __future__ import annotations

from dataclasses import dataclass

import imagehash
from PIL import Image

from pictrace.match.methods.base import Metric, Reading, Sight


@dataclass(frozen=True, slots=True)
class Phash:
    """The perceptual hash: the signs of low frequencies of a small gray picture, 64 bits.

    Source: imagehash, ``phash``, after Zauner, «Implementation and benchmarking of perceptual image hash functions»,
    2010.
    """

    name = "phash"
    metrics = (Metric(name="distance", unit="bits of 64", is_similarity=False, perfect=0.0),)
    is_record_only = False

    def describe(self, sight: Sight) -> imagehash.ImageHash:
        """Return the hash."""
        return imagehash.phash(Image.fromarray(sight.rgb))

    def compare(self, a: imagehash.ImageHash, b: imagehash.ImageHash) -> Reading:
        """Return the Hamming distance."""
        return Reading(values={"distance": float(a - b)})
