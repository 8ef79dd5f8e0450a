"""Edits of a picture's look that leave every pixel at its place: those of ``pictrace bench``, and more of them."""

from __future__ import annotations

import cv2
import numpy as np

from pictrace.bench.copies.canvas import Drawn, Random, Step
from pictrace.bench.copies.tone import contrast, curve, gamma, gray, mixed, saturation

__all__ = [
    "auto_contrast",
    "balance",
    "blur",
    "brightness",
    "clarendon",
    "contrast",
    "curve",
    "fade",
    "gamma",
    "gray",
    "negative",
    "noise",
    "saturation",
    "sepia",
    "sharpen",
    "vignette",
]

_SEPIA = np.array([(0.393, 0.769, 0.189), (0.349, 0.686, 0.168), (0.272, 0.534, 0.131)], np.float32)


def brightness(factor: float) -> Step:
    """Return the step that multiplies all levels."""
    return curve(lambda level: level * factor)


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


def sepia(copy: Drawn, _: Random) -> Drawn:
    """Turn the picture brown."""
    return copy.looking(mixed(copy.rgb, _SEPIA), "recolored")


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
