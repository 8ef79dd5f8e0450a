"""What the hashes of imagehash have in common: two of them are compared by their bits."""

from __future__ import annotations

from dataclasses import dataclass

import imagehash

from pictrace.match.methods.base import Metric, Reading


@dataclass(frozen=True, slots=True)
class BitHash:
    """A method that describes a picture by a hash, and tells how many bits of two of them differ."""

    metrics = (Metric(name="distance", unit="bits of 64", is_similarity=False, perfect=0.0),)
    is_record_only = False

    def compare(self, a: imagehash.ImageHash, b: imagehash.ImageHash) -> Reading:
        """Return the Hamming distance."""
        return Reading(values={"distance": float(a - b)})
