"""The wavelet hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import imagehash
import numpy as np
from PIL import Image

from pictrace.match.methods.base import Sight
from pictrace.match.methods.bits import BitHash

_HASH_SIDE: Final = 8
# Of the square that is transformed. imagehash goes up to the picture's shorter side: 700 MB at 4096 pixels, for a hash
# of the same 8 × 8 means.
_LARGEST_SCALE_PIXELS: Final = 1024


@dataclass(frozen=True, slots=True)
class Whash(BitHash):
    """The wavelet hash: which of 8 × 8 low frequencies of Haar's wavelets are above their median, 64 bits.

    Source: imagehash, ``whash``, 2016, after Petrov's entry to a contest on duplicate ads. Differs where a picture's
    shorter side has 2048 pixels or more: the square it is squashed to has 1024 at most.
    """

    name = "whash"

    def describe(self, sight: Sight) -> imagehash.ImageHash:
        """Return the hash."""
        natural = 2 ** int(np.log2(min(sight.rgb.shape[:2])))
        scale = min(_LARGEST_SCALE_PIXELS, max(_HASH_SIDE, natural))
        return imagehash.whash(Image.fromarray(sight.rgb), hash_size=_HASH_SIDE, image_scale=scale)
