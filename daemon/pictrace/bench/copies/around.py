"""Pictures put into bigger ones: borders, screenshots, collages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from pictrace.bench.copies.canvas import Drawn, Pixels, Random, Step, drawn, through
from pictrace.bench.copies.overlay import font
from pictrace.bench.copies.shape import resized

WithOthers = Callable[[Drawn, Random, "Others"], Drawn]
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
        return bordered(copy, rgb.astype(np.uint8), (top, right, bottom, left))

    return step


def phone_screenshot(copy: Drawn, random: Random) -> Drawn:
    """Show the picture in an app on a phone: status bar, name, buttons and a line of text."""
    width = int(random.choice((720, 1080)))
    shown = resized(copy, width, round(width * copy.size[1] / copy.size[0]))
    height = max(round(width * 1.9), shown.size[1] + width // 2)
    ground, ink = (_DARK, (235, 235, 235)) if random.random() < 0.5 else (_LIGHT, (25, 25, 25))
    screen = Image.new("RGB", (width, height), ground)
    pen, unit = ImageDraw.Draw(screen), width // 30
    pen.text((unit, unit / 2), f"{random.integers(8, 20)}:{random.integers(10, 60)}", fill=ink, font=font(unit))
    pen.text((width - 6 * unit, unit / 2), f"LTE {random.integers(10, 99)}%", fill=ink, font=font(unit))
    pen.ellipse((unit, 2.2 * unit, 3.6 * unit, 4.8 * unit), fill=(110, 150, 220))
    pen.text((4.5 * unit, 2.8 * unit), "anna.walks", fill=ink, font=font(unit * 1.2))
    top = int((height - shown.size[1]) * float(random.uniform(0.35, 0.6)))
    below = top + shown.size[1] + unit
    for number in range(3):
        x = unit * (1 + 3 * number)
        pen.ellipse((x, below, x + 1.8 * unit, below + 1.8 * unit), outline=ink, width=3)
    pen.text((unit, below + 2.5 * unit), "Liked by tom and 41 others", fill=ink, font=font(unit))
    return pasted(shown, np.array(screen), (0, top))


def collage(rows: tuple[int, ...], gap_pixels: int, *, is_filled: bool, row_height_pixels: int = 0) -> WithOthers:
    """Return the step that puts it among other photographs.

    Args:
        rows: how many photographs each row holds.
        gap_pixels: between them.
        is_filled: crop it until it fills its tile, as collage programs do; else show all of it.
        row_height_pixels: of each row; 0: so that the whole is a square.
    """

    def step(copy: Drawn, random: Random, others: Others) -> Drawn:
        width, row_height = 1200, row_height_pixels or 1200 // len(rows) - gap_pixels
        sheet = np.full((len(rows) * (row_height + gap_pixels) + gap_pixels, width, 3), 245, np.uint8)
        spot, tile, placed = int(random.integers(sum(rows))), 0, copy
        names: list[str] = []
        for row, count in enumerate(rows):
            tile_width = (width - gap_pixels) // count - gap_pixels
            for column in range(count):
                x, y = gap_pixels + column * (tile_width + gap_pixels), gap_pixels + row * (row_height + gap_pixels)
                if tile == spot:
                    placed = (filling if is_filled else _fitting)(copy, tile_width, row_height)
                    place = x + (tile_width - placed.size[0]) // 2, y + (row_height - placed.size[1]) // 2
                else:
                    name, rgb = others(len(names))
                    names.append(name)
                    other = filling(drawn(rgb), tile_width, row_height).rgb
                    sheet[y : y + row_height, x : x + tile_width] = other
                tile += 1
        return replace(pasted(placed, sheet, place), others=tuple(names))

    return step


def filling(copy: Drawn, width: int, height: int) -> Drawn:
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


def _in_pixels(margins: Margins, copy: Drawn) -> tuple[int, ...]:
    shorter = min(copy.size)
    return tuple(max(_LEAST_BORDER_PIXELS, round(margin * shorter)) if margin else 0 for margin in margins)


def bordered(copy: Drawn, rgb: Pixels, margins: tuple[int, ...]) -> Drawn:
    """Return a picture inside a larger one that is its border; margins in pixels: top, right, bottom, left."""
    there = np.array([(1.0, 0, margins[3]), (0, 1, margins[0]), (0, 0, 1)])
    sides = tuple(side for side, margin in zip(_SIDES, margins, strict=True) if margin)
    return replace(_placed(copy, rgb, there), sides=sides)


def pasted(copy: Drawn, sheet: Pixels, corner: tuple[int, int]) -> Drawn:
    """Return a picture put onto a sheet, which is altered, with its left top corner there."""
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
