"""Edits of a picture's shape: those of ``pictrace bench``, a largest size, and perspective."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from pictrace.bench.copies.canvas import Drawn, Random, Step, corners
from pictrace.bench.copies.shape import crop, cut, flip, mirror, quarter, resize, resized, shifted, tilt, warped

__all__ = ["crop", "cut", "flip", "longest_side", "mirror", "perspective", "quarter", "resize", "resized", "tilt"]

_BLACK = (0, 0, 0)


def longest_side(pixels: int) -> Step:
    """Return the step that makes larger pictures as large as that."""

    def step(copy: Drawn, random: Random) -> Drawn:
        scale = pixels / max(copy.size)
        return resize(scale)(copy, random) if scale < 1 else copy

    return step


def perspective(most: float) -> Step:
    """Return the step that moves each corner inwards by at most that share of the sides, black around."""

    def step(copy: Drawn, random: Random) -> Drawn:
        width, height = copy.size
        inwards = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)])
        frame = corners(width, height)
        target = frame + inwards * random.uniform(0.2 * most, most, (4, 2)) * (width, height)
        there = cv2.getPerspectiveTransform(frame.astype(np.float32), target.astype(np.float32))
        box = (*np.ceil(target.min(axis=0)), *np.floor(target.max(axis=0)))
        left, top, right, bottom = (int(value) for value in box)
        there = shifted(-left, -top) @ there
        size = right - left + 1, bottom - top + 1
        return replace(copy.moved(warped(copy.rgb, there, size, _BLACK), there), has_perspective=True)

    return step
