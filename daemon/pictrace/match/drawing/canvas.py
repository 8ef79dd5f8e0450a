"""A white sheet that takes text, pictures, lines and outlines."""

from __future__ import annotations

import functools
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Points = NDArray[np.float64]
Color = tuple[int, int, int]  # red, green, blue

PAPER: Final[Color] = (255, 255, 255)
INK: Final[Color] = (28, 32, 38)
FAINT: Final[Color] = (104, 112, 122)
PALE: Final[Color] = (222, 226, 231)

REGULAR: Final = 400
BOLD: Final = 700

# OpenCV takes coordinates as whole numbers of these parts of a pixel.
_SHIFT: Final = 4
_ELLIPSIS: Final = "…"
_FEWEST_LETTERS: Final = 4
# Far outside; OpenCV's integers would run over.
_FARTHEST_PIXELS: Final = 20000.0


class Canvas:
    """A sheet to draw on; ``pixels`` is uint8 RGB, (height, width, 3)."""

    def __init__(self, width: int, height: int) -> None:
        self.pixels: Pixels = np.full((height, width, 3), PAPER, np.uint8)

    def text(self, words: str, at: tuple[int, int], size: int, color: Color = INK, weight: int = REGULAR) -> int:
        """Write one line; ``at`` is the left end of its baseline. Returns where it ends, in pixels from the left.

        Letters that the font has not come out as question marks.
        """
        cv2.putText(self.pixels, words, at, color, _font(), size, weight)
        return at[0] + text_width(words, size, weight)

    def paste(self, picture: Pixels, at: tuple[int, int]) -> None:
        """Put a picture on the sheet, its top left corner at a point."""
        left, top = at
        self.pixels[top : top + picture.shape[0], left : left + picture.shape[1]] = picture

    def box(self, at: tuple[int, int], size: tuple[int, int], color: Color, thickness: int = 1) -> None:
        """Draw a frame just outside a rectangle; thickness -1 fills the rectangle."""
        (left, top), (width, height) = at, size
        if thickness < 0:
            self.pixels[top : top + height, left : left + width] = color
            return
        for ring in range(1, thickness + 1):
            cv2.rectangle(
                self.pixels, (left - ring, top - ring), (left + width - 1 + ring, top + height - 1 + ring), color
            )

    def badge(self, words: str, at: tuple[int, int], size: int, color: Color) -> int:
        """Write white words on a colored, rounded plate; ``at`` is its top left corner. Returns where it ends."""
        left, top = at
        width, height = text_width(words, size, BOLD) + size, size * 17 // 10
        radius = height // 2
        right, bottom = left + max(width, height), top + height
        cv2.rectangle(self.pixels, (left + radius, top), (right - radius, bottom), color, -1, cv2.LINE_AA)
        for x in (left + radius, right - radius):
            cv2.circle(self.pixels, (x, top + radius), radius, color, -1, cv2.LINE_AA)
        self.text(words, (left + size // 2, top + radius + size * 36 // 100), size, PAPER, BOLD)
        return right

    def polygon(self, corners: Points, color: Color, thickness: int) -> None:
        """Draw a closed line with a white edge, so that it stands out from any picture."""
        path = [_fixed(corners)]
        cv2.polylines(self.pixels, path, True, PAPER, thickness + 3, cv2.LINE_AA, _SHIFT)
        cv2.polylines(self.pixels, path, True, color, thickness, cv2.LINE_AA, _SHIFT)

    def lines(self, starts: Points, ends: Points, colors: list[Color], opacity: float) -> None:
        """Join points by thin see-through lines with a dot at either end; (n, 2) each."""
        sheet = self.pixels.copy()
        for start, end, color in zip(_fixed(starts), _fixed(ends), colors, strict=True):
            cv2.line(sheet, tuple(start), tuple(end), color, 1, cv2.LINE_AA, _SHIFT)
        cv2.addWeighted(sheet, opacity, self.pixels, 1 - opacity, 0, dst=self.pixels)
        for points in (starts, ends):
            for point, color in zip(_fixed(points), colors, strict=True):
                cv2.circle(self.pixels, tuple(point), 4 << _SHIFT, PAPER, -1, cv2.LINE_AA, _SHIFT)
                cv2.circle(self.pixels, tuple(point), 3 << _SHIFT, color, -1, cv2.LINE_AA, _SHIFT)


def hatched(width: int, height: int) -> Pixels:
    """Return gray slanted stripes: nothing can be said here."""
    down, across = np.mgrid[0:height, 0:width]
    is_stripe = (down + across) % 12 < 2
    return np.where(is_stripe[..., None], np.uint8(186), np.uint8(226)).repeat(3, axis=2)


def text_width(words: str, size: int, weight: int = REGULAR) -> int:
    """Return how many pixels a line of text takes."""
    if not words:
        return 0
    left, _, width, _ = cv2.getTextSize((1, 1), words, (0, 0), _font(), size, weight)
    return int(left + width)


def fitted(words: str, width: int, size: int, weight: int = REGULAR) -> str:
    """Return text that is no wider than so many pixels: what is too long loses its middle."""
    kept = len(words)
    short = words
    while text_width(short, size, weight) > width and kept > _FEWEST_LETTERS:
        kept -= 1
        short = words[: (kept + 1) // 2] + _ELLIPSIS + words[len(words) - kept // 2 :]
    return short


def wrapped(words: str, width: int, size: int) -> list[str]:
    """Return text as lines no wider than so many pixels, broken between words."""
    lines = [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return [fitted(line, width, size) for line in lines]


def _fixed(points: Points) -> NDArray[np.int32]:
    near = np.clip(points, -_FARTHEST_PIXELS, _FARTHEST_PIXELS)
    return np.round(near * (1 << _SHIFT)).astype(np.int32)


@functools.cache
def _font() -> cv2.FontFace:
    # One of the fonts that are built into OpenCV 5: Latin, Greek and Cyrillic letters, Chinese and Japanese ones.
    return cv2.FontFace("sans")
