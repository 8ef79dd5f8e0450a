"""Hashes of bright and dark regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import imagehash
from PIL import Image

from pictrace.match.methods.base import Metric, Reading, Sight

_LONGEST_SIDE_PIXELS: Final = 512


@dataclass(frozen=True, slots=True)
class CropResistant:
    """How many bright and dark regions of one picture have a partner in the other, by a difference hash of each.

    Source: imagehash, ``crop_resistant_hash``, 2020, after Steinebach, Liu and Yannikos, «Efficient cropping-resistant
    robust image hashing», 2014. The library counts the regions of the first picture only, and gives 5 of 5 one way and
    1 of 1 the other; here it is a share of the regions, and of both ways the closer one, as a cropped copy has fewer.
    """

    name = "crop-resistant"
    metrics = (Metric(name="unmatched", unit="share of the regions, 0 to 1", is_similarity=False, perfect=0.0),)
    is_record_only = False

    def describe(self, sight: Sight) -> imagehash.ImageMultiHash:
        """Return the hashes of the regions, of the picture reduced to 512 pixels where it is larger."""
        return imagehash.crop_resistant_hash(Image.fromarray(sight.fitted(_LONGEST_SIDE_PIXELS)))

    def compare(self, a: imagehash.ImageMultiHash, b: imagehash.ImageMultiHash) -> Reading:
        """Return the share of unmatched regions, a little less than full for each that matches but for some bits."""
        unmatched, regions, matched = min(_one_way(a, b), _one_way(b, a))
        return Reading(values={"unmatched": unmatched}, details={"regions": regions, "matched": matched})


def _one_way(a: imagehash.ImageMultiHash, b: imagehash.ImageMultiHash) -> tuple[float, float, float]:
    """Return how much of one picture's regions has no partner in the other's, how many there are, and how many have."""
    regions = len(a.segment_hashes)
    matched, _ = a.hash_diff(b)
    return float(a - b) / regions, float(regions), float(matched)
