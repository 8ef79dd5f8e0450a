"""Measures how two pictures agree once one is laid over the other: numbers only, no judgement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from skimage.metrics import structural_similarity

from pictrace.imaging import Picture, resized
from pictrace.match import blocks
from pictrace.match.aligned import Pose, common, inverse, poses, turned
from pictrace.match.grain import shared_grain
from pictrace.match.pictures import LONGEST_SIDE_PIXELS
from pictrace.match.tone import Floats, Tone, chroma, fitted, luma

FULL_SIDE_PIXELS: Final = 384
# A picture whose structure agrees less is not looked at further; of 454 copies measured, none has less than 0.96.
_HOPELESS_STRUCTURE = 0.85
_WEAK_GRAIN_LEVELS, _STRONG_GRAIN_LEVELS = 0.4, 0.8
_FULL, _HALF, _QUARTER = 0, 1, 2
_BLOCK_PIXELS = 8
_SSIM_WINDOW_PIXELS = 7
_SMALLEST_SIDE_PIXELS = 48
_QUIET_LEVELS = 4.0

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """How two pictures agree.

    ``orientation``: file = oriented(other, orientation). ``scale``: side of the file / side of the other. ``levels``
    are of 0..255, at a quarter of the compared size, so that compression is averaged out. ``agreement``: the
    measures that `relate` holds against its limits, by name; those of a stage that was not reached are missing.
    """

    orientation: int
    scale: float
    structure: float  # SSIM of luma, 0..1, aligned, tone taken out
    difference_levels: float  # mean, as they are
    tone_levels: float  # root mean square: what the tone change does to the colours
    luma_levels: float  # the same of luma
    file_chroma: float
    other_chroma: float
    texture: float  # share of blocks with texture, of the poorer picture
    agreement: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Overlay:
    """One picture laid over the other, at the compared size, at half and at a quarter of it.

    ``source`` explains ``target`` better by a change of tone than the other way round: clipped highlights and lost
    colours cannot be guessed back. Each is a tuple of the three sizes, uint8 RGB.
    """

    pose: Pose
    source: tuple[Pixels, Pixels, Pixels]
    target: tuple[Pixels, Pixels, Pixels]
    is_first_source: bool
    tone: Tone
    residual: float

    def predicted(self, size: int) -> Floats:
        """Return the target as the source explains it, at one of the three sizes."""
        return self.tone.applied(self.source[size])

    def found(self, size: int) -> Floats:
        """Return the target as it is, at one of the three sizes."""
        return self.target[size].astype(np.float32)


def measure(file: Picture, other: Picture, orientations: tuple[int, ...] = ()) -> Measures:
    """Return how two pictures agree; the same whichever is called the file.

    Args:
        file, other: the pictures, read at ``pictures.LONGEST_SIDE_PIXELS``.
        orientations: in which of ``imaging.ORIENTATIONS`` the file looks like the other; empty: try all.
    """
    is_swapped = _order(file) > _order(other)
    first, second = (other, file) if is_swapped else (file, other)
    tried = orientations if is_swapped else tuple(inverse(index) for index in orientations)
    overlays = [_overlay(first, second, pose) for pose in poses(first, second, tried)]
    overlay = min(overlays, key=lambda one: (one.residual, one.pose.orientation))
    agreement = _coarse_agreement(overlay) | {"difference-levels": _mean_difference(overlay)}
    if agreement["structure"] >= _HOPELESS_STRUCTURE:
        agreement |= _fine_agreement(overlay) | _grain_agreement(first, second, overlay)
    orientation = overlay.pose.orientation
    plain, toned = overlay.source[_QUARTER].astype(np.float32), overlay.predicted(_QUARTER)
    chromas = chroma(plain), chroma(overlay.found(_QUARTER))
    is_file_source = overlay.is_first_source != is_swapped
    return Measures(
        orientation=inverse(orientation) if is_swapped else orientation,
        scale=_scale(file, other),
        structure=min(1.0, max(0.0, agreement["structure"])),
        difference_levels=agreement["difference-levels"],
        tone_levels=_root_mean_square(toned - plain),
        luma_levels=_root_mean_square(luma(toned) - luma(plain)),
        file_chroma=chromas[0] if is_file_source else chromas[1],
        other_chroma=chromas[1] if is_file_source else chromas[0],
        texture=_texture(overlay),
        agreement=agreement,
    )


def _overlay(first: Picture, second: Picture, pose: Pose) -> _Overlay:
    pairs = [common(first.rgb, turned(second, pose), FULL_SIDE_PIXELS)]
    for part in (2, 4):
        height, width = (max(1, side // part) for side in pairs[0][0].shape[:2])
        pairs.append((resized(pairs[0][0], width, height), resized(pairs[0][1], width, height)))
    one, two = ((pairs[0][n], pairs[1][n], pairs[2][n]) for n in (0, 1))
    forward, backward = fitted(one[_HALF], two[_HALF]), fitted(two[_HALF], one[_HALF])
    residuals = [
        _root_mean_square(tone.applied(a[_HALF]) - b[_HALF]) / (float(b[_HALF].std()) + _QUIET_LEVELS)
        for tone, a, b in ((forward, one, two), (backward, two, one))
    ]
    is_forward = residuals[0] <= residuals[1]
    return _Overlay(
        pose=pose,
        source=one if is_forward else two,
        target=two if is_forward else one,
        is_first_source=is_forward,
        tone=forward if is_forward else backward,
        residual=min(residuals),
    )


def _coarse_agreement(overlay: _Overlay) -> dict[str, float]:
    expected, found = overlay.predicted(_HALF), overlay.found(_HALF)
    small_expected, small_found = overlay.predicted(_QUARTER), overlay.found(_QUARTER)
    lumas = luma(small_expected), luma(small_found)
    return {
        "stretch": overlay.pose.stretch / overlay.pose.allowed_stretch,
        "structure": _structure(luma(expected), luma(found)),
        "coarse-structure": _structure(*lumas),
        "coarse-correlation": blocks.worst_correlation(*lumas, _BLOCK_PIXELS),
        "coarse-residual": blocks.worst_residual(*lumas, _BLOCK_PIXELS),
        "color-levels": blocks.worst_color(small_expected, small_found, _BLOCK_PIXELS),
    }


def _fine_agreement(overlay: _Overlay) -> dict[str, float]:
    expected, found = luma(overlay.predicted(_FULL)), luma(overlay.found(_FULL))
    half_expected, half_found = luma(overlay.predicted(_HALF)), luma(overlay.found(_HALF))
    half_shifts = blocks.shifts(half_expected, half_found, 2 * _BLOCK_PIXELS)
    return {
        "middle-correlation": blocks.worst_correlation(half_expected, half_found, _BLOCK_PIXELS),
        "middle-residual": blocks.worst_residual(half_expected, half_found, _BLOCK_PIXELS),
        "fine-residual": blocks.worst_residual(expected, found, 2 * _BLOCK_PIXELS),
        "sharpness": blocks.sharpness_spread(half_expected, half_found),
        "shift-pixels": float(blocks.shifts(expected, found, 4 * _BLOCK_PIXELS).max(initial=0.0)),
        "common-shift-pixels": float(np.quantile(half_shifts, 0.5)) if len(half_shifts) else 0.0,
    }


def _grain_agreement(first: Picture, second: Picture, overlay: _Overlay) -> dict[str, float]:
    pair = common(first.rgb, turned(second, overlay.pose), LONGEST_SIDE_PIXELS)
    source, target = pair if overlay.is_first_source else pair[::-1]
    grains = {
        "weak-grain": shared_grain(source, target, _WEAK_GRAIN_LEVELS),
        "strong-grain": shared_grain(source, target, _STRONG_GRAIN_LEVELS),
    }
    return {name: value for name, value in grains.items() if value is not None}


def _structure(expected: Floats, found: Floats) -> float:
    if min(expected.shape) < _SSIM_WINDOW_PIXELS:
        return 0.0  # too small for anything to be said
    return float(structural_similarity(expected, found, win_size=_SSIM_WINDOW_PIXELS, data_range=255))


def _texture(overlay: _Overlay) -> float:
    if min(overlay.source[_FULL].shape[:2]) < _SMALLEST_SIDE_PIXELS:
        return 0.0
    shares = [
        blocks.textured_share(luma(part[_HALF].astype(np.float32)), _BLOCK_PIXELS)
        for part in (overlay.source, overlay.target)
    ]
    return min(shares)


def _mean_difference(overlay: _Overlay) -> float:
    difference = overlay.source[_HALF].astype(np.float32) - overlay.target[_HALF]
    return float(np.abs(difference).mean())


def _scale(file: Picture, other: Picture) -> float:
    """Return side of the file / side of the other: of the areas, for rounding hits the shorter side harder."""
    areas = [float(one.width_pixels) * one.height_pixels for one in (file, other)]
    return float(np.sqrt(areas[0] / areas[1]))


def _root_mean_square(values: Floats) -> float:
    return float(np.sqrt((values**2).mean()))


def _order(picture: Picture) -> tuple[int, int, int, bytes]:
    """Return what puts two pictures in the same order whichever of them is asked about."""
    area = picture.width_pixels * picture.height_pixels
    return -area, picture.width_pixels, picture.rgb.size, picture.rgb.tobytes()
