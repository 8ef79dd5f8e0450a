"""Pictures put into bigger ones: those of ``pictrace bench``, more formats, and photographs of a print."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from pairs.shape import longest_side
from pictrace.bench.copies.around import border, bordered, collage, filling, pasted, phone_screenshot
from pictrace.bench.copies.canvas import Drawn, Pixels, Random, Step, corners, drawn
from pictrace.bench.copies.overlay import font
from pictrace.bench.copies.shape import resized

__all__ = ["border", "collage", "desktop_screenshot", "letterbox", "phone_screenshot", "photo_of_print"]


def letterbox(aspect: float, *, is_blurred: bool) -> Step:
    """Return the step that fills a format of its own.

    Args:
        aspect: width / height of the whole.
        is_blurred: fill with the picture itself, enlarged and blurred, as social networks do; else with black.
    """

    def step(copy: Drawn, _: Random) -> Drawn:
        width, height = copy.size
        whole = (round(height * aspect), height) if width / height < aspect else (width, round(width / aspect))
        left, top = (whole[0] - width) // 2, (whole[1] - height) // 2
        margins = (top, whole[0] - width - left, whole[1] - height - top, left)
        rgb = _blurred(copy.rgb, whole) if is_blurred else np.zeros((whole[1], whole[0], 3), np.uint8)
        rgb[top : top + height, left : left + width] = copy.rgb
        return bordered(copy, rgb, margins)

    return step


def desktop_screenshot(copy: Drawn, random: Random) -> Drawn:
    """Show the picture in a window with a title bar, on a desktop with a task bar."""
    width, height = 1600, 900
    scale = min(width * 0.7 / copy.size[0], height * 0.72 / copy.size[1])
    shown = resized(copy, round(copy.size[0] * scale), round(copy.size[1] * scale))
    shade = np.linspace(0, 1, width, dtype=np.float32)[None, :, None]
    desk = (np.array([40, 70, 120]) * (1 - shade) + np.array([110, 60, 130]) * shade).repeat(height, axis=0)
    screen = Image.fromarray(desk.astype(np.uint8))
    pen = ImageDraw.Draw(screen)
    x = int(random.integers(20, width - shown.size[0] - 20))
    y = int(random.integers(50, max(51, height - shown.size[1] - 80)))
    pen.rectangle((x - 6, y - 36, x + shown.size[0] + 5, y + shown.size[1] + 5), fill=(225, 225, 228))
    pen.text((x + 6, y - 30), "Picture viewer", fill=(30, 30, 30), font=font(18))
    pen.rectangle((0, height - 44, width, height), fill=(30, 30, 34))
    for number in range(6):
        pen.rounded_rectangle((14 + number * 50, height - 38, 46 + number * 50, height - 8), 6, fill=(90, 120, 200))
    return pasted(shown, np.array(screen), (x, y))


def photo_of_print(copy: Drawn, random: Random) -> Drawn:
    """Photograph a print of it on a table: from aside, in uneven light, slightly soft and noisy."""
    shown = longest_side(1000)(copy, random)
    width, height = shown.size
    whole = round(width * 1.35), round(height * 1.4)
    table = _table(whole, random)
    low, high = np.array(whole) * 0.12, np.array(whole) * 0.88
    target = np.array([low, (high[0], low[1]), high, (low[0], high[1])])
    target = target + random.uniform(-0.05, 0.05, (4, 2)) * whole
    there = cv2.getPerspectiveTransform(corners(width, height).astype(np.float32), target.astype(np.float32))
    seen = cv2.warpPerspective(shown.rgb, there, whole, flags=cv2.INTER_AREA).astype(np.float32)
    inside = cv2.warpPerspective(np.ones((height, width), np.float32), there, whole, flags=cv2.INTER_LINEAR)
    scene = seen * inside[:, :, None] + table * (1 - inside[:, :, None])
    x, y = np.linspace(0, 1, whole[0])[None, :], np.linspace(0, 1, whole[1])[:, None]
    scene *= (0.78 + 0.3 * x * y + 0.06 * x).astype(np.float32)[:, :, None]
    scene = cv2.GaussianBlur(scene, (0, 0), 0.7)
    scene += random.standard_normal(scene.shape, dtype=np.float32) * 4
    rgb = np.clip(scene, 0, 255).round().astype(np.uint8)
    return replace(
        shown.moved(rgb, there).looking(rgb, "recolored"),
        is_part=True,
        has_perspective=True,
    )


def _table(size: tuple[int, int], random: Random) -> NDArray[np.float32]:
    """Return a brown table top with grain along one way, float32 (height, width, 3)."""
    rough = random.standard_normal((size[1], size[0]), dtype=np.float32)
    grain = cv2.GaussianBlur(rough, (0, 0), sigmaX=25, sigmaY=1.2)
    grain = grain / max(1e-6, float(grain.std()))
    color = np.array([120, 85, 55]) * float(random.uniform(0.7, 1.3))
    return np.asarray(color + 14 * grain[:, :, None], np.float32)


def _blurred(rgb: Pixels, size: tuple[int, int]) -> Pixels:
    """Return a picture enlarged until it fills a size, strongly blurred and a little darker."""
    filled = filling(drawn(rgb), *size).rgb
    small = cv2.resize(filled, (max(8, size[0] // 16), max(8, size[1] // 16)), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), 2.0)
    return np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_CUBIC) * 0.75, np.uint8)
