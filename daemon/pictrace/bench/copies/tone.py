"""Edits of a picture's look that leave every pixel at its place: colors and light."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.bench.copies.canvas import Drawn, Pixels, Random, Step

Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def curve(change: Curve) -> Step:
    """Return the step that puts all levels, 0..1, through a curve."""
    table = (np.clip(change(np.arange(256) / 255), 0, 1) * 255).round().astype(np.uint8)
    return lambda copy, _: copy.looking(np.asarray(cv2.LUT(copy.rgb, table), np.uint8), "recolored")


def lighter(levels: int) -> Step:
    """Return the step that adds so many levels of 255."""
    return curve(lambda level: level + levels / 255)


def contrast(factor: float) -> Step:
    """Return the step that spreads levels around the mean of the picture."""

    def step(copy: Drawn, random: Random) -> Drawn:
        middle = float(copy.rgb.mean()) / 255
        return curve(lambda level: middle + (level - middle) * factor)(copy, random)

    return step


def gamma(power: float) -> Step:
    """Return the step that raises levels to a power."""
    return curve(lambda level: level**power)


def saturation(factor: float) -> Step:
    """Return the step that moves colors away from gray, or towards it."""
    mix = factor * np.eye(3, dtype=np.float32) + (1 - factor) * np.tile(_LUMA, (3, 1))
    return lambda copy, _: copy.looking(mixed(copy.rgb, mix), "recolored")


def gray(copy: Drawn, _: Random) -> Drawn:
    """Take the colors out."""
    return copy.looking(mixed(copy.rgb, np.tile(_LUMA, (3, 1))), "grayscale")


def mixed(rgb: Pixels, mix: NDArray[np.float32]) -> Pixels:
    """Return a picture with its channels mixed anew; ``mix``: (3, 3), a row for each new channel."""
    return np.asarray(cv2.transform(rgb, mix), np.uint8)
