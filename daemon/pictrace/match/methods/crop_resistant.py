"""Hashes of bright and dark regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from pictrace.match.methods.base import Metric, Reading, Sight

_LONGEST_SIDE_PIXELS: Final = 512
_GRID_PIXELS: Final = 300  # the side of the square in which regions are told apart
_MOST_DARK_LEVEL: Final = 128
_MOST_IGNORED_PIXELS: Final = 500

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Region:
    area: int
    box: tuple[int, int, int, int]


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
        image = Image.fromarray(sight.fitted(_LONGEST_SIDE_PIXELS))
        return imagehash.ImageMultiHash([imagehash.dhash(image.crop(box)) for box in _boxes(image)])

    def compare(self, a: imagehash.ImageMultiHash, b: imagehash.ImageMultiHash) -> Reading:
        """Return the share of unmatched regions, a little less than full for each that matches but for some bits."""
        unmatched, regions, matched = min(_one_way(a, b), _one_way(b, a))
        return Reading(values={"unmatched": unmatched}, details={"regions": regions, "matched": matched})


def _one_way(a: imagehash.ImageMultiHash, b: imagehash.ImageMultiHash) -> tuple[float, float, float]:
    """Return how much of one picture's regions has no partner in the other's, how many there are, and how many have."""
    regions = len(a.segment_hashes)
    matched, _ = a.hash_diff(b)
    return float(a - b) / regions, float(regions), float(matched)


def _boxes(image: Image.Image) -> list[Box]:
    """Return where the bright regions lie, then the dark ones, each from the top; the whole where there is none.

    These are imagehash's. It grows them pixel by pixel in Python, which took 0.2 to 1.5 s a picture; this takes 10 ms.
    """
    side = _GRID_PIXELS
    small = image.convert("L").resize((side, side), Image.Resampling.LANCZOS)
    smooth = np.asarray(small.filter(ImageFilter.GaussianBlur()).filter(ImageFilter.MedianFilter()))
    is_bright = smooth > _MOST_DARK_LEVEL
    bright, dark = _regions(is_bright), _regions(~is_bright)
    # imagehash counts the pixels it has seen, with those of a frame around the picture, and without regions of a single
    # pixel; once they are as many as the picture has, it leaves the last dark regions out.
    seen = 4 * side + sum(region.area for region in bright if region.area > 1)
    kept = list(bright)
    for region in dark:
        if seen < side**2:
            kept.append(region)
        seen += region.area if region.area > 1 else 0
    across, down = (length / side for length in image.size)
    boxes = [
        (left * across, top * down, right * across, bottom * down)
        for left, top, right, bottom in (region.box for region in kept if region.area > _MOST_IGNORED_PIXELS)
    ]
    return boxes or [(0.0, 0.0, side * across, side * down)]


def _regions(mask: NDArray[np.bool_]) -> list[_Region]:
    """Return the connected regions of a mask, in the order of their first pixels."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    _, first_places = np.unique(labels, return_index=True)
    ordered = sorted(range(1, count), key=lambda label: int(first_places[label - count]))
    return [
        _Region(area=area, box=(left, top, left + width, top + height))
        for left, top, width, height, area in (stats[label].tolist() for label in ordered)
    ]
