"""Two pictures in one frame, after what an editor may change everywhere was taken out: tone, light, softness."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.match import blocks, shading, softness, tone
from pictrace.match.laying import Laid
from pictrace.match.order import median

Floats = NDArray[np.float32]

# Light that changes less over the picture (a logarithm) is left as it is.
_LEAST_UNEVENNESS: Final = 0.04
_QUIET_LEVELS: Final = 4.0


class Size(IntEnum):
    """How many times smaller than the frame a picture is compared."""

    FULL = 1
    HALF = 2
    QUARTER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Equalized:
    """What one picture, the source, lets expect of the other one, the target, and what is found.

    The source explains the target better than the other way round: clipped highlights and lost colours cannot be
    guessed back. ``expected`` and ``found`` are float32 RGB for each size, with their luma; ``masks`` where both are
    known.
    ``blur_pixels``: of the full frame, positive where the target is softer. ``unevenness``: see `shading.unevenness`.
    ``difference_levels``: mean, before anything was taken out. ``tone_levels`` and ``luma_levels``: what the tone
    change does to colors and to luma (root mean square).
    """

    laid: Laid
    is_first_source: bool
    expected: dict[Size, Floats]
    found: dict[Size, Floats]
    expected_luma: dict[Size, Floats]
    found_luma: dict[Size, Floats]
    masks: dict[Size, NDArray[np.bool_]]
    blur_pixels: float
    unevenness: float
    tone_levels: float
    luma_levels: float
    source_chroma: float
    target_chroma: float
    source_residual: float
    target_residual: float
    difference_levels: float


def equalized(laid: Laid) -> Equalized:
    """Return the pictures of a frame with tone, light and softness taken out."""
    sizes = {Size.FULL: laid, Size.HALF: laid.reduced(2), Size.QUARTER: laid.reduced(4)}
    half = sizes[Size.HALF]
    forward, backward = tone.fitted(half.inner, half.outer, half.mask), tone.fitted(half.outer, half.inner, half.mask)
    sides = ((forward, half.outer), (backward, half.inner))
    residuals = [_residual(one.predicted, other, half.mask) for one, other in sides]
    is_inner_source = residuals[0] <= residuals[1]
    change = forward if is_inner_source else backward
    pairs = {size: (one.inner, one.outer) if is_inner_source else (one.outer, one.inner) for size, one in sizes.items()}
    masks = {size: one.mask for size, one in sizes.items()}
    expected = {
        size: change.predicted if size is Size.HALF else change.tone.applied(source)
        for size, (source, _) in pairs.items()
    }
    found = {size: target.astype(np.float32) for size, (_, target) in pairs.items()}
    plain, toned = pairs[Size.QUARTER][0].astype(np.float32), expected[Size.QUARTER]
    quarter = masks[Size.QUARTER]
    unevenness = _take_out_light(expected, found, masks[Size.HALF])
    blur = softness.blur_between(tone.luma(expected[Size.FULL]), tone.luma(found[Size.FULL]), laid.mask)
    _take_out_blur(expected if blur > 0 else found, abs(blur))
    return Equalized(
        laid=laid,
        is_first_source=is_inner_source == laid.is_first_inner,
        expected=expected,
        found=found,
        expected_luma={size: tone.luma(values) for size, values in expected.items()},
        found_luma={size: tone.luma(values) for size, values in found.items()},
        masks=masks,
        blur_pixels=blur,
        unevenness=unevenness,
        tone_levels=_root_mean_square((toned - plain)[quarter]),
        luma_levels=_root_mean_square((tone.luma(toned) - tone.luma(plain))[quarter]),
        source_chroma=tone.chroma(plain[quarter]),
        target_chroma=tone.chroma(pairs[Size.QUARTER][1].astype(np.float32)[quarter]),
        source_residual=min(residuals),
        target_residual=max(residuals),
        difference_levels=float(np.abs(plain - pairs[Size.QUARTER][1])[quarter].mean()),
    )


def _residual(predicted: Floats, target: tone.Pixels, mask: NDArray[np.bool_]) -> float:
    """Return the middle difference that a tone change leaves, relative to how much the target varies."""
    known = blocks.where(mask, target)
    difference = np.abs(blocks.where(mask, predicted) - known)
    return median(difference) / (float(known.std()) + _QUIET_LEVELS)


def _take_out_light(expected: dict[Size, Floats], found: dict[Size, Floats], mask: NDArray[np.bool_]) -> float:
    field = shading.gain_field(tone.luma(expected[Size.HALF]), tone.luma(found[Size.HALF]), mask)
    unevenness = shading.unevenness(field, mask)
    if unevenness > _LEAST_UNEVENNESS:
        for size, values in expected.items():
            gain = cv2.resize(field, (values.shape[1], values.shape[0]))
            expected[size] = np.clip(values * gain[..., None], 0, 255)
    return unevenness


def _take_out_blur(pictures: dict[Size, Floats], sigma: float) -> None:
    for size, values in pictures.items():
        pictures[size] = softness.softened(values, sigma / size)


def _root_mean_square(values: Floats) -> float:
    return float(np.sqrt((values**2).mean()))
