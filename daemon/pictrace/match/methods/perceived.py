"""Which pixels of two pictures a person would see to differ.

Yee, «A perceptual metric for production testing», 2004, as in the project perceptualdiff; contrast sensitivity after
Barten, 1989, masking after Daly, 1993, and the least visible step of luminance after Ward Larson and others, 1997.
Where we differ: sRGB instead of Adobe RGB; colors are blurred as the eye blurs them, and told in steps that it sees.
"""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

_FIELD_OF_VIEW_DEGREES: Final = 45.0
_GAMMA: Final = 2.2
_WHITE_LUMINANCE: Final = 100.0
_COLOR_FACTOR: Final = 1.0
# Of 28 photos stored as JPEG of quality 75 the project, which compares colors pixel by pixel and sees a step of 1 in
# CIELAB, would see 16 % of the pixels differ (median). So colors are blurred by the wider kernel of S-CIELAB (Zhang and
# Wandell, 1996; for red and green; the narrower is below a pixel here), and a step is what is just noticed (Mahy, Van
# Eycken and Oosterlinck, 1994). Of 120 photos at most 0.02 % fail then; with the blur alone up to 0.3 %, 9 above 0.1 %.
_COLOR_BLUR_DEGREES: Final = 0.494
_COLOR_STEP: Final = 2.3
# In dimmer light (candela a square meter) colors are not seen.
_LEAST_COLOR_LUMINANCE: Final = 10.0
_LEVELS: Final = 8
_BANDS: Final = _LEVELS - 2
_LEAST: Final = 1e-5
# Of Rec. 709, whose primaries sRGB has.
_LUMINANCE: Final = np.array((0.2126, 0.7152, 0.0722), np.float32)
_PYRAMID_KERNEL: Final = np.array((0.05, 0.25, 0.4, 0.25, 0.05), np.float32)
# The most that contrast hides, and the frequency (cycles a degree) to which the eye is most sensitive.
_MOST_ELEVATION: Final = 10.0
_MOST_SENSITIVE: Final = 3.248
_DEGREES: Final = math.degrees(2 * math.tan(math.radians(_FIELD_OF_VIEW_DEGREES) / 2))
# The level whose blur is wider than a degree by the project's count: to its light the eye adapts.
_ADAPTATION_LEVEL: Final = math.ceil(math.log2(_DEGREES))
# What depends on luminance alone is looked up: steps of 0.8 % are far below what the model is good for.
_GRID: Final = np.geomspace(_LEAST, _WHITE_LUMINANCE, 2048, dtype=np.float32)
_STEPS_PER_LOG: Final = (len(_GRID) - 1) / math.log(_WHITE_LUMINANCE / _LEAST)


def is_seen(a: Pixels, b: Pixels) -> NDArray[np.bool_]:
    """Return where two pictures differ to the eye, bool, shape (height, width); the same for b and a.

    Args:
        a, b: RGB, uint8, shape (height, width, 3), the same shape. Their width fills the field of view.
    """
    first, second = _pyramid(_luminance(a)), _pyramid(_luminance(b))
    adaptation = np.maximum(0.5 * (first[_ADAPTATION_LEVEL] + second[_ADAPTATION_LEVEL]), _LEAST)
    steps = np.rint(np.log(adaptation / _LEAST) * _STEPS_PER_LOG).astype(np.intp)
    factor = _elevation(first, second, steps, _finest_cycles(a.shape[1]))
    is_light = np.abs(first[0] - second[0]) > factor * _least_visible(_GRID)[steps]
    is_color = (_COLOR_FACTOR * _color_difference(a, b) > factor) & (adaptation >= _LEAST_COLOR_LUMINANCE)
    return np.asarray(is_light | is_color)


def _elevation(first: list[Floats], second: list[Floats], steps: NDArray[np.intp], finest: float) -> Floats:
    """Return how many times the least visible a difference may be: contrast around it hides it; 1 to 10."""
    most = _sensitivity(_MOST_SENSITIVE, np.array([_WHITE_LUMINANCE], np.float32))[0]
    total, weighted = np.zeros_like(first[0]), np.zeros_like(first[0])
    for band in range(_BANDS):
        cycles = finest / 2**band
        step = np.maximum(np.abs(first[band] - first[band + 1]), np.abs(second[band] - second[band + 1]))
        contrast = step / np.maximum(np.maximum(first[band + 2], second[band + 2]), _LEAST)
        by_frequency = most / _sensitivity(cycles, np.array([_WHITE_LUMINANCE], np.float32))[0]
        total += contrast
        weighted += contrast * by_frequency * _masking(contrast * _sensitivity(cycles, _GRID)[steps])
    return np.clip(weighted / np.maximum(total, _LEAST), 1.0, _MOST_ELEVATION)


def _luminance(rgb: Pixels) -> Floats:
    levels = (np.arange(256, dtype=np.float32) / 255) ** _GAMMA * _WHITE_LUMINANCE
    return np.asarray(levels[rgb] @ _LUMINANCE, np.float32)


def _pyramid(luminance: Floats) -> list[Floats]:
    """Return the picture ever more blurred, at full size."""
    levels = [luminance]
    for _ in range(_LEVELS - 1):
        blurred = cv2.sepFilter2D(levels[-1], -1, _PYRAMID_KERNEL, _PYRAMID_KERNEL, borderType=cv2.BORDER_REFLECT_101)
        levels.append(np.asarray(blurred, np.float32))
    return levels


def _finest_cycles(width: int) -> float:
    """Return how many cycles a degree the finest detail of a picture has: two pixels each."""
    return 0.5 * width / _DEGREES


def _sensitivity(cycles: float, luminance: Floats) -> Floats:
    """Return the contrast sensitivity at so many cycles a degree."""
    height = 440 * (1 + 0.7 / luminance) ** -0.2
    falloff = 0.3 * (1 + 100 / luminance) ** 0.15
    return np.asarray(
        height * cycles * np.exp(-falloff * cycles) * np.sqrt(1 + 0.06 * np.exp(falloff * cycles)), np.float32
    )


def _masking(contrast: Floats) -> Floats:
    """Return (1 + (0.0153 · (392.498 · contrast) ^ 0.7) ^ 4) ^ 0.25."""
    hidden = 1 + np.float32(0.0153**4) * cv2.pow(np.float32(392.498) * contrast, 2.8)
    return np.asarray(np.sqrt(np.sqrt(hidden)), np.float32)


def _least_visible(luminance: Floats) -> Floats:
    """Return the least step of luminance that is seen against so much of it."""
    log = np.log10(luminance.astype(np.float64))
    # Beyond its own piece a power has no value: what is below zero is not chosen.
    dim, bright = np.maximum(0.405 * log + 1.6, 0) ** 2.18 - 2.86, np.maximum(0.249 * log + 0.65, 0) ** 2.7 - 0.72
    pieces = [log < -3.94, log < -1.44, log < -0.0184, log < 1.9]
    return np.asarray(
        10 ** np.select(pieces, [np.full_like(log, -2.86), dim, log - 0.395, bright], log - 1.255), np.float32
    )


def _color_difference(a: Pixels, b: Pixels) -> Floats:
    """Return the squared distance in the plane of colors of CIELAB, as the eye blurs it, in steps just noticed."""
    first, second = (cv2.cvtColor(one.astype(np.float32) / 255, cv2.COLOR_RGB2LAB) for one in (a, b))
    blur_pixels = _COLOR_BLUR_DEGREES * a.shape[1] / _DEGREES
    away = cv2.GaussianBlur(first[..., 1:] - second[..., 1:], (0, 0), blur_pixels)
    return np.asarray(((away / _COLOR_STEP) ** 2).sum(axis=2), np.float32)
