"""How much softer one picture is than the other: the blur that makes the sharper one agree with it best."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.match import blocks

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

_SIGMAS: Final = (0.4, 0.55, 0.75, 1.0, 1.35, 1.8, 2.4, 3.2)
# A blur has to explain so much of the difference, or there is none.
_LEAST_GAIN: Final = 0.03
_MOST_LEVELS: Final = 25.0
_VISIBLE_SIGMA: Final = 0.3


def blur_between(expected: Floats, found: Floats, mask: Mask) -> float:
    """Return the standard deviation in pixels of the blur: positive makes ``expected`` agree, negative ``found``."""
    unblurred = least = _difference(expected, found, mask)
    best = 0.0
    for sign in (1, -1):
        before = unblurred
        for sigma in _SIGMAS:
            now = (
                _difference(softened(expected, sigma), found, mask)
                if sign > 0
                else _difference(expected, softened(found, sigma), mask)
            )
            if now < least * (1 - _LEAST_GAIN):
                least, best = now, sign * sigma
            if now > before:
                break
            before = now
    return best


def softened(values: Floats, sigma: float) -> Floats:
    """Return a picture blurred by a Gaussian; too small a one changes nothing."""
    return values if sigma < _VISIBLE_SIGMA else np.asarray(cv2.GaussianBlur(values, (0, 0), sigma), np.float32)


def _difference(a: Floats, b: Floats, mask: Mask) -> float:
    """Return the mean difference; what is covered counts no more than so many levels."""
    difference = blocks.where(mask, cv2.absdiff(a, b))
    return float(np.minimum(difference, _MOST_LEVELS, out=difference).mean())
