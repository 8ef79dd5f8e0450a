"""Structural similarity of the gray pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pictrace.imaging import gray
from pictrace.match.methods.base import Metric, Pixels, Reading, Sight

_SIDE_PIXELS: Final = 256
_WINDOW_PIXELS: Final = 7


@dataclass(frozen=True, slots=True)
class Ssim:
    """Structural similarity: how alike mean, spread and course of brightness are in each small window.

    Source: Wang, Bovik, Sheikh and Simoncelli, «Image quality assessment: from error visibility to structural
    similarity», 2004; scikit-image with its defaults, on squares of 256 pixels.
    """

    name = "ssim"
    metrics = (Metric(name="ssim", unit="-1 to 1", is_similarity=True, perfect=1.0),)
    is_record_only = False

    def describe(self, sight: Sight) -> Pixels:
        """Return the luma of the squashed picture, uint8, shape (256, 256)."""
        return gray(sight.squashed(_SIDE_PIXELS))

    def compare(self, a: Pixels, b: Pixels) -> Reading:
        """Return the mean over all windows."""
        # Half a second to import, which no command needs that does not measure.
        from skimage.metrics import structural_similarity  # noqa: PLC0415

        value = structural_similarity(a, b, win_size=_WINDOW_PIXELS, data_range=255)  # type: ignore[no-untyped-call]
        return Reading(values={"ssim": float(value)})
