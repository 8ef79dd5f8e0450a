"""Edits of a picture's look that leave every pixel at its place: colors, light, softness, noise."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from pairs.canvas import Drawn, Pixels

Random = np.random.Generator
Step = Callable[[Drawn, Random], Drawn]
Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_SEPIA = np.array([(0.393, 0.769, 0.189), (0.349, 0.686, 0.168), (0.272, 0.534, 0.131)], np.float32)


def curve(change: Curve) -> Step:
    """Return the step that puts all levels, 0..1, through a curve."""
    table = (np.clip(change(np.arange(256) / 255), 0, 1) * 255).round().astype(np.uint8)
    return lambda copy, _: copy.looking(cv2.LUT(copy.rgb, table), "recolored")


def brightness(factor: float) -> Step:
    """Return the step that multiplies all levels."""
    return curve(lambda level: level * factor)


def contrast(factor: float) -> Step:
    """Return the step that spreads levels around the mean of the picture."""

    def step(copy: Drawn, random: Random) -> Drawn:
        middle = float(copy.rgb.mean()) / 255
        return curve(lambda level: middle + (level - middle) * factor)(copy, random)

    return step


def gamma(power: float) -> Step:
    """Return the step that raises levels to a power."""
    return curve(lambda level: level**power)


def fade(copy: Drawn, random: Random) -> Drawn:
    """Lift the shadows and lower the lights, as old prints look."""
    return curve(lambda level: 0.16 + 0.70 * level)(copy, random)


def auto_contrast(copy: Drawn, _: Random) -> Drawn:
    """Stretch each channel from its darkest percent to its brightest."""
    tables = []
    for channel in range(3):
        low, high = np.percentile(copy.rgb[:, :, channel], (1, 99))
        tables.append(np.clip((np.arange(256) - low) * 255 / max(1.0, high - low), 0, 255).round())
    table = np.stack(tables, axis=1).astype(np.uint8).reshape(1, 256, 3)
    return copy.looking(cv2.LUT(copy.rgb, table), "recolored")


def balance(red: float, blue: float) -> Step:
    """Return the step that multiplies the red and the blue channel."""

    def step(copy: Drawn, _: Random) -> Drawn:
        factors = np.array([red, 1.0, blue])
        table = np.clip(np.arange(256)[:, None] * factors, 0, 255).round().astype(np.uint8)
        return copy.looking(cv2.LUT(copy.rgb, table.reshape(1, 256, 3)), "recolored")

    return step


def saturation(factor: float) -> Step:
    """Return the step that moves colors away from gray, or towards it."""
    mix = factor * np.eye(3, dtype=np.float32) + (1 - factor) * np.tile(_LUMA, (3, 1))
    return lambda copy, _: copy.looking(_mixed(copy.rgb, mix), "recolored")


def gray(copy: Drawn, _: Random) -> Drawn:
    """Take the colors out."""
    return copy.looking(_mixed(copy.rgb, np.tile(_LUMA, (3, 1))), "grayscale")


def sepia(copy: Drawn, _: Random) -> Drawn:
    """Turn the picture brown."""
    return copy.looking(_mixed(copy.rgb, _SEPIA), "recolored")


def negative(copy: Drawn, _: Random) -> Drawn:
    """Turn every level around."""
    return copy.looking(255 - copy.rgb, "recolored")


def vignette(copy: Drawn, _: Random) -> Drawn:
    """Darken the corners to less than half."""
    width, height = copy.size
    x, y = np.linspace(-1, 1, width)[None, :], np.linspace(-1, 1, height)[:, None]
    light = (1 - 0.55 * ((x * x + y * y) / 2)).astype(np.float32)
    return copy.looking((copy.rgb * light[:, :, None]).round().astype(np.uint8), "recolored")


def clarendon(copy: Drawn, random: Random) -> Drawn:
    """More contrast, more color, cold shadows: like the filter of that name."""
    vivid = saturation(1.3)(contrast(1.2)(copy, random), random).rgb.astype(np.float32)
    cold = np.array([127, 187, 227], np.float32)
    return copy.looking((vivid * 0.88 + cold * 0.12).round().astype(np.uint8), "recolored")


def blur(sigma_pixels: float) -> Step:
    """Return the step that softens."""
    return lambda copy, _: copy.looking(cv2.GaussianBlur(copy.rgb, (0, 0), sigma_pixels), "blurred")


def sharpen(copy: Drawn, _: Random) -> Drawn:
    """Sharpen by an unsharp mask of 1.5 pixels."""
    soft = cv2.GaussianBlur(copy.rgb, (0, 0), 1.5)
    return copy.looking(cv2.addWeighted(copy.rgb, 1.8, soft, -0.8, 0), "sharpened")


def noise(levels: float) -> Step:
    """Return the step that adds noise of so many levels."""

    def step(copy: Drawn, random: Random) -> Drawn:
        grain = random.standard_normal(copy.rgb.shape, dtype=np.float32) * levels
        return copy.looking(np.clip(copy.rgb + grain, 0, 255).round().astype(np.uint8), "noised")

    return step


def _mixed(rgb: Pixels, mix: NDArray[np.float32]) -> Pixels:
    return np.asarray(cv2.transform(rgb, mix), np.uint8)
