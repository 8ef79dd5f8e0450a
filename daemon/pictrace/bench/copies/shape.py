"""Edits of a picture's shape: size, crop, turn, mirror."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.bench.copies.canvas import Drawn, Matrix, Pixels, Random, Step, corners, through

_BLACK = (0, 0, 0)
_FEWEST_PIXELS = 24


def resize(scale: float, wider: float = 1.0) -> Step:
    """Return the step that changes the size, and the width by a factor of its own."""

    def step(copy: Drawn, _: Random) -> Drawn:
        width, height = copy.size
        return resized(copy, round(width * scale * wider), round(height * scale))

    return step


def resized(copy: Drawn, width: int, height: int) -> Drawn:
    """Return a picture at another size."""
    width, height = max(_FEWEST_PIXELS, width), max(_FEWEST_PIXELS, height)
    across, down = width / copy.size[0], height / copy.size[1]
    how = cv2.INTER_AREA if min(across, down) < 1 else cv2.INTER_CUBIC
    there = np.array([(across, 0, (across - 1) / 2), (0, down, (down - 1) / 2), (0, 0, 1.0)])
    return copy.moved(np.asarray(cv2.resize(copy.rgb, (width, height), interpolation=how), np.uint8), there)


def crop(kept: float, aspect: float | None = None) -> Step:
    """Return the step that keeps a share of the area at a random place.

    Args:
        kept: share of the area.
        aspect: width / height afterwards; None: as before.
    """

    def step(copy: Drawn, random: Random) -> Drawn:
        width, height = copy.size
        wanted = width / height if aspect is None else aspect
        new_width = min(width, round(math.sqrt(kept * width * height * wanted)))
        new_height = min(height, round(kept * width * height / new_width))
        left, top = (int(random.integers(0, room + 1)) for room in (width - new_width, height - new_height))
        return cut(copy, (left, top, left + new_width, top + new_height))

    return step


def cut(copy: Drawn, box: tuple[int, int, int, int]) -> Drawn:
    """Return what lies in a box of pixels: left, top, right, bottom."""
    left, top, right, bottom = box
    rgb = np.ascontiguousarray(copy.rgb[top:bottom, left:right])
    return replace(copy.moved(rgb, shifted(-left, -top)), is_cropped=True)


def quarter(degrees: int) -> Step:
    """Return the step that turns clockwise by quarters, without loss."""

    def step(copy: Drawn, _: Random) -> Drawn:
        rgb = np.ascontiguousarray(np.rot90(copy.rgb, -degrees // 90))
        turn = _turn(degrees)
        return copy.moved(rgb, _centered(turn, copy.size, (rgb.shape[1], rgb.shape[0])))

    return step


def mirror(copy: Drawn, _: Random) -> Drawn:
    """Swap left and right."""
    there = np.array([(-1.0, 0, copy.size[0] - 1), (0, 1, 0), (0, 0, 1)])
    return copy.moved(np.ascontiguousarray(copy.rgb[:, ::-1]), there)


def flip(copy: Drawn, _: Random) -> Drawn:
    """Swap top and bottom."""
    there = np.array([(1.0, 0, 0), (0, -1, copy.size[1] - 1), (0, 0, 1)])
    return copy.moved(np.ascontiguousarray(copy.rgb[::-1]), there)


def tilt(degrees: float, fill: tuple[int, int, int] | None = None) -> Step:
    """Return the step that turns freely, to either side.

    Args:
        degrees: how far.
        fill: the color of the corners of the grown canvas; None: crop to the largest upright rectangle instead.
    """

    def step(copy: Drawn, random: Random) -> Drawn:
        signed = degrees if random.random() < 0.5 else -degrees
        turn = _turn(signed)
        if fill is None:
            size = _inner_size(*copy.size, math.radians(degrees))
        else:
            spread = np.ptp(through(turn, corners(*copy.size)), axis=0)
            size = math.ceil(spread[0]), math.ceil(spread[1])
        there = _centered(turn, copy.size, size)
        turned = copy.moved(warped(copy.rgb, there, size, fill or _BLACK), there)
        return replace(turned, is_cropped=copy.is_cropped or fill is None)

    return step


def warped(rgb: Pixels, there: Matrix, size: tuple[int, int], fill: tuple[int, int, int]) -> Pixels:
    """Return a picture taken through a homography onto a canvas of a size and a color."""
    return np.asarray(cv2.warpPerspective(rgb, there, size, flags=cv2.INTER_CUBIC, borderValue=fill), np.uint8)


def shifted(x: float, y: float) -> NDArray[np.float64]:
    """Return the matrix that moves by so many pixels."""
    return np.array([(1.0, 0, x), (0, 1, y), (0, 0, 1)])


def _turn(degrees: float) -> NDArray[np.float64]:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([(cosine, -sine, 0), (sine, cosine, 0), (0, 0, 1.0)])


def _centered(turn: Matrix, size: tuple[int, int], new_size: tuple[int, int]) -> Matrix:
    """Return a turn around the middle of a picture that ends in the middle of the new one."""
    (width, height), (new_width, new_height) = size, new_size
    return (
        shifted((new_width - 1) / 2, (new_height - 1) / 2) @ turn @ shifted(-(width - 1) / 2, -(height - 1) / 2)
    ).astype(np.float64)


def _inner_size(width: int, height: int, radians: float) -> tuple[int, int]:
    """Return the largest upright rectangle in a turned one, less a pixel at each side."""
    sine, cosine = math.sin(radians), math.cos(radians)
    longer, shorter = max(width, height), min(width, height)
    if shorter <= 2 * sine * cosine * longer:
        half = shorter / 2
        inner = (half / sine, half / cosine) if width >= height else (half / cosine, half / sine)
    else:
        double = cosine * cosine - sine * sine
        inner = (width * cosine - height * sine) / double, (height * cosine - width * sine) / double
    return int(inner[0]) - 2, int(inner[1]) - 2
