"""Structural similarity of the gray pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.imaging import gray
from pictrace.match.methods.base import Metric, Pixels, Reading, Sight

_SIDE_PIXELS: Final = 256
_WINDOW_PIXELS: Final = 7
_LEVELS: Final = 255
# The paper's constants, which keep what is nearly black or nearly flat from deciding.
_C1, _C2 = (0.01 * _LEVELS) ** 2, (0.03 * _LEVELS) ** 2

Map = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ssim:
    """Structural similarity: how alike mean, spread and course of brightness are in each small window.

    Source: Wang, Bovik, Sheikh and Simoncelli, «Image quality assessment: from error visibility to structural
    similarity», 2004; scikit-image with its defaults, on squares of 256 pixels.

    ``wants_parts``: whether luminance, contrast and structure are told, which multiply to the whole.
    """

    wants_parts: bool = False

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

        value = structural_similarity(a, b, win_size=_WINDOW_PIXELS, data_range=_LEVELS)  # type: ignore[no-untyped-call]
        return Reading(values={"ssim": float(value)}, details=_parts(a, b) if self.wants_parts else {})


def _parts(a: Pixels, b: Pixels) -> dict[str, float]:
    """Return luminance, contrast and structure of two pictures.

    The paper multiplies them in each window, and the mean of products is no product of means. So luminance is the mean
    of the windows'; contrast is a mean weighted by luminance, and structure one weighted by both: that multiplies to
    the whole. All three are of the gray values; none tells of colors.
    """
    luminance, contrast, structure = _windows(a.astype(np.float64), b.astype(np.float64))
    both = luminance * contrast
    mean_luminance, mean_both = float(luminance.mean()), float(both.mean())
    return {
        "luminance": mean_luminance,
        "contrast": mean_both / mean_luminance,
        "structure": float((both * structure).mean()) / mean_both,
    }


def _windows(a: Map, b: Map) -> tuple[Map, Map, Map]:
    """Return how alike mean, spread and course of each window are, the first two above 0, the last in -1 to 1."""
    side, pixels = _WINDOW_PIXELS, _WINDOW_PIXELS**2
    mean_a, mean_b, square_a, square_b, product = (
        np.asarray(cv2.blur(one, (side, side)), dtype=np.float64) for one in (a, b, a * a, b * b, a * b)
    )
    # As scikit-image has it: of a sample, and without windows that reach over the edge. Rounding may go below 0.
    variance_a = np.maximum(0, square_a - mean_a * mean_a) * pixels / (pixels - 1)
    variance_b = np.maximum(0, square_b - mean_b * mean_b) * pixels / (pixels - 1)
    covariance = (product - mean_a * mean_b) * pixels / (pixels - 1)
    spreads = np.sqrt(variance_a) * np.sqrt(variance_b)
    maps = (
        (2 * mean_a * mean_b + _C1) / (mean_a**2 + mean_b**2 + _C1),
        (2 * spreads + _C2) / (variance_a + variance_b + _C2),
        (covariance + _C2 / 2) / (spreads + _C2 / 2),
    )
    edge = side // 2
    luminance, contrast, structure = (one[edge:-edge, edge:-edge] for one in maps)
    return luminance, contrast, structure
