"""Pictures put into bigger ones: borders, screenshots, collages, photographs of a print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pairs.canvas import Drawn, Pixels, corners, through
from pairs.shape import longest_side, resized
from pairs.tone import Random, Step

Margins = tuple[float, float, float, float]  # top, right, bottom, left; share of the shorter side

_SIDES = ("top", "right", "bottom", "left")
_LEAST_BORDER_PIXELS = 3
_DARK, _LIGHT = (18, 18, 20), (248, 248, 248)


class Others(Protocol):
    """Hands out other photographs."""

    def __call__(self, number: int) -> tuple[str, Pixels]:
        """Return the name and the pixels of one."""


def border(margins: Margins, color: tuple[int, int, int]) -> Step:
    """Return the step that puts one color around."""

    def step(copy: Drawn, _: Random) -> Drawn:
        top, right, bottom, left = _in_pixels(margins, copy)
        rgb = np.asarray(cv2.copyMakeBorder(copy.rgb, top, bottom, left, right, cv2.BORDER_CONSTANT, value=color))
        return _bordered(copy, rgb.astype(np.uint8), (top, right, bottom, left))

    return step


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
        return _bordered(copy, rgb, margins)

    return step


def phone_screenshot(copy: Drawn, random: Random) -> Drawn:
    """Show the picture in an app on a phone: status bar, name, buttons and a line of text."""
    width = int(random.choice((720, 1080)))
    shown = resized(copy, width, round(width * copy.size[1] / copy.size[0]))
    height = max(round(width * 1.9), shown.size[1] + width // 2)
    ground, ink = (_DARK, (235, 235, 235)) if random.random() < 0.5 else (_LIGHT, (25, 25, 25))
    screen = Image.new("RGB", (width, height), ground)
    pen, unit = ImageDraw.Draw(screen), width // 30
    pen.text((unit, unit / 2), f"{random.integers(8, 20)}:{random.integers(10, 60)}", fill=ink, font=_font(unit))
    pen.text((width - 6 * unit, unit / 2), f"LTE {random.integers(10, 99)}%", fill=ink, font=_font(unit))
    pen.ellipse((unit, 2.2 * unit, 3.6 * unit, 4.8 * unit), fill=(110, 150, 220))
    pen.text((4.5 * unit, 2.8 * unit), "anna.walks", fill=ink, font=_font(unit * 1.2))
    top = int((height - shown.size[1]) * float(random.uniform(0.35, 0.6)))
    below = top + shown.size[1] + unit
    for number in range(3):
        x = unit * (1 + 3 * number)
        pen.ellipse((x, below, x + 1.8 * unit, below + 1.8 * unit), outline=ink, width=3)
    pen.text((unit, below + 2.5 * unit), "Liked by tom and 41 others", fill=ink, font=_font(unit))
    return _pasted(shown, np.array(screen), (0, top))


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
    pen.text((x + 6, y - 30), "Picture viewer", fill=(30, 30, 30), font=_font(18))
    pen.rectangle((0, height - 44, width, height), fill=(30, 30, 34))
    for number in range(6):
        pen.rounded_rectangle((14 + number * 50, height - 38, 46 + number * 50, height - 8), 6, fill=(90, 120, 200))
    return _pasted(shown, np.array(screen), (x, y))


def collage(rows: tuple[int, ...], gap_pixels: int, *, is_filled: bool) -> Callable[[Drawn, Random, Others], Drawn]:
    """Return the step that puts it among other photographs.

    Args:
        rows: how many photographs each row holds.
        gap_pixels: between them.
        is_filled: crop it until it fills its tile, as collage programs do; else show all of it.
    """

    def step(copy: Drawn, random: Random, others: Others) -> Drawn:
        width, row_height = 1200, 1200 // len(rows) - gap_pixels
        sheet = np.full((len(rows) * (row_height + gap_pixels) + gap_pixels, width, 3), 245, np.uint8)
        spot, tile, names = int(random.integers(sum(rows))), 0, []
        placed = copy
        for row, count in enumerate(rows):
            tile_width = (width - gap_pixels) // count - gap_pixels
            for column in range(count):
                x, y = gap_pixels + column * (tile_width + gap_pixels), gap_pixels + row * (row_height + gap_pixels)
                if tile == spot:
                    placed = (_filling if is_filled else _fitting)(copy, tile_width, row_height)
                    place = x + (tile_width - placed.size[0]) // 2, y + (row_height - placed.size[1]) // 2
                else:
                    name, rgb = others(len(names))
                    names.append(name)
                    other = _filling(_as_copy(rgb), tile_width, row_height).rgb
                    sheet[y : y + row_height, x : x + tile_width] = other
                tile += 1
        return replace(_pasted(placed, sheet, place), others=tuple(names))

    return step


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
    filled = _filling(_as_copy(rgb), *size).rgb
    small = cv2.resize(filled, (max(8, size[0] // 16), max(8, size[1] // 16)), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), 2.0)
    return np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_CUBIC) * 0.75, np.uint8)


def _filling(copy: Drawn, width: int, height: int) -> Drawn:
    """Return a picture scaled and cropped in the middle until it fills a size."""
    scale = max(width / copy.size[0], height / copy.size[1])
    grown = resized(copy, max(width, round(copy.size[0] * scale)), max(height, round(copy.size[1] * scale)))
    left, top = (grown.size[0] - width) // 2, (grown.size[1] - height) // 2
    there = np.array([(1.0, 0, -left), (0, 1, -top), (0, 0, 1)])
    return grown.moved(np.ascontiguousarray(grown.rgb[top : top + height, left : left + width]), there)


def _fitting(copy: Drawn, width: int, height: int) -> Drawn:
    """Return a picture scaled until it just fits into a size."""
    scale = min(width / copy.size[0], height / copy.size[1])
    return resized(copy, min(width, round(copy.size[0] * scale)), min(height, round(copy.size[1] * scale)))


def _as_copy(rgb: Pixels) -> Drawn:
    height, width = rgb.shape[:2]
    return Drawn(rgb=rgb, to_original=np.eye(3), region=corners(width, height), original_size=(width, height))


def _in_pixels(margins: Margins, copy: Drawn) -> tuple[int, ...]:
    shorter = min(copy.size)
    return tuple(max(_LEAST_BORDER_PIXELS, round(margin * shorter)) if margin else 0 for margin in margins)


def _bordered(copy: Drawn, rgb: Pixels, margins: tuple[int, ...]) -> Drawn:
    there = np.array([(1.0, 0, margins[3]), (0, 1, margins[0]), (0, 0, 1)])
    sides = tuple(side for side, margin in zip(_SIDES, margins, strict=True) if margin)
    return replace(_placed(copy, rgb, there), sides=sides)


def _pasted(copy: Drawn, sheet: Pixels, corner: tuple[int, int]) -> Drawn:
    left, top = corner
    width, height = copy.size
    sheet[top : top + height, left : left + width] = copy.rgb
    there = np.array([(1.0, 0, left), (0, 1, top), (0, 0, 1)])
    return replace(_placed(copy, sheet, there), is_part=True)


def _placed(copy: Drawn, rgb: Pixels, there: NDArray[np.float64]) -> Drawn:
    """Return a picture inside a larger one; its region does not grow with the canvas."""
    return replace(
        copy, rgb=rgb, to_original=copy.to_original @ np.linalg.inv(there), region=through(there, copy.region)
    )


def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
