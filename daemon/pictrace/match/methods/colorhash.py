"""The color hash."""

from __future__ import annotations

from dataclasses import dataclass

import imagehash
from PIL import Image

from pictrace.match.methods.base import Metric, Sight
from pictrace.match.methods.bits import BitHash


@dataclass(frozen=True, slots=True)
class Colorhash(BitHash):
    """The color hash: how much is black, gray, and each of six hues, faint and bright, 42 bits.

    Source: imagehash, ``colorhash``, 2020. A share is written in three bits that are no binary number: from 4 on, only
    odd and even shares are told apart.
    """

    name = "colorhash"
    metrics = (Metric(name="distance", unit="bits of 42", is_similarity=False, perfect=0.0),)

    def describe(self, sight: Sight) -> imagehash.ImageHash:
        """Return the hash."""
        return imagehash.colorhash(Image.fromarray(sight.rgb))
