"""Paints where two pictures disagree."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pictrace.imaging import gray
from pictrace.match.drawing.canvas import Pixels, hatched

Floats = NDArray[np.float32]
View = tuple[float, float, float, float]  # left, top, right, bottom; relative to a picture, 0..1

WHOLE: Final[View] = (0.0, 0.0, 1.0, 1.0)

# Disagreement from 0 (agrees) over 1 (clearly different) to twice that: red, green, blue, and how much it covers.
# Ends that people who cannot tell red from green can tell apart: teal is lighter and bluer than red is.
_AT: Final = (0.0, 0.35, 0.6, 1.0, 2.0)
_COLORS: Final = ((0, 150, 160), (0, 150, 160), (250, 200, 40), (226, 40, 32), (130, 0, 60))
_COVERS: Final = (0.30, 0.16, 0.50, 0.72, 0.82)
# The picture below is pale, so that the colors stand out.
_PALER: Final = 0.45
# So much of a cell's weight has to come from cells that say something.
_LEAST_KNOWN: Final = 0.5


def heat_map(picture: Pixels, disagreement: Floats, view: View = WHOLE) -> Pixels:
    """Return a picture in gray with what disagrees in yellow and red over it, and hatched where nothing can be said.

    Args:
        picture: uint8 RGB, (height, width, 3).
        disagreement: float32 (rows, columns): 0 agrees, 1 is clearly different, NaN unknown.
        view: which part of what the disagreement lies over the picture shows.
    """
    height, width = picture.shape[:2]
    light = gray(picture).astype(np.float32) * (1 - _PALER) + 255 * _PALER
    ground = np.repeat(light[..., None], 3, axis=2)
    values, is_known = _spread(disagreement, width, height, view)
    colors, cover = painted(values)
    shown = ground * (1 - cover[..., None]) + colors * cover[..., None]
    unknown = 0.45 * ground + 0.55 * hatched(width, height)
    return np.where(is_known[..., None], shown, unknown).round().astype(np.uint8)


def scale_bar(width: int, height: int) -> Pixels:
    """Return the colors from agreement (left) to clear disagreement (right), as they come out over light gray."""
    values = np.tile(np.linspace(0, 1.3, width, dtype=np.float32), (height, 1))
    colors, cover = painted(values)
    return (205 * (1 - cover[..., None]) + colors * cover[..., None]).round().astype(np.uint8)


def painted(values: Floats) -> tuple[Floats, Floats]:
    """Return the color, (…, 3), and how much it covers, 0..1, for each value of disagreement."""
    channels = [np.interp(values, _AT, [color[channel] for color in _COLORS]) for channel in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32), np.interp(values, _AT, _COVERS).astype(np.float32)


def share_different(disagreement: Floats) -> float | None:
    """Return which share of what can be compared is clearly different, 0..1; None where nothing can be compared."""
    known = disagreement[np.isfinite(disagreement)]
    return float((known >= 1).mean()) if known.size else None


def _spread(disagreement: Floats, width: int, height: int, view: View) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the values at every pixel, smooth between the cells that are known, and where they are known."""
    if disagreement.size == 0:
        return np.zeros((height, width), np.float32), np.zeros((height, width), np.bool_)
    known = np.isfinite(disagreement)
    filled = np.where(known, np.clip(disagreement, 0, _AT[-1]), 0)
    rows, columns = disagreement.shape
    left, top, right, bottom = view
    across = (left + (np.arange(width) + 0.5) / width * (right - left)) * columns - 0.5
    down = (top + (np.arange(height) + 0.5) / height * (bottom - top)) * rows - 0.5
    x, y = (axis.astype(np.float32) for axis in np.meshgrid(across, down))
    weight, total = (
        cv2.remap(cells.astype(np.float32), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        for cells in (known, filled)
    )
    return np.asarray(total / np.maximum(weight, 1e-3), np.float32), np.asarray(weight >= _LEAST_KNOWN)
