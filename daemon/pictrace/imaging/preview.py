"""A small upright picture of a photo, to compare with once its file is away: JPEG bytes, 40 KB at most."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from pictrace.errors import UndecodableError
from pictrace.imaging.arrays import Pixels, resized
from pictrace.imaging.opening import DECODER_ERRORS

MOST_BYTES: Final = 40 * 1024
LONGEST_SIDE_PIXELS: Final = 640
# What is not small enough with the last of these is made smaller.
_QUALITIES: Final = (90, 80, 70, 60)
_SHRINK: Final = 0.8
_LEAST_SIDE_PIXELS: Final = 64


def preview_of(rgb: Pixels) -> bytes:
    """Return a picture as a small JPEG.

    Args:
        rgb: uint8, shape (height, width, 3), upright.
    """
    height, width = rgb.shape[:2]
    scale = min(1.0, LONGEST_SIDE_PIXELS / max(height, width))
    while True:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        small = Image.fromarray(resized(rgb, *size))
        for quality in _QUALITIES:
            data = _encoded(small, quality)
            if len(data) <= MOST_BYTES or max(size) <= _LEAST_SIDE_PIXELS:
                return data
        scale *= _SHRINK


def read_preview(preview: bytes) -> Pixels:
    """Return the pixels of what `preview_of` made: uint8, shape (height, width, 3).

    Raises:
        UndecodableError: these are no such bytes.
    """
    try:
        with Image.open(io.BytesIO(preview), formats=("JPEG",)) as image:
            return np.asarray(image.convert("RGB"))
    except DECODER_ERRORS as error:
        raise UndecodableError(Path("preview"), f"a stored preview cannot be read: {error}") from error


def _encoded(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling=0 if quality >= 80 else 2, optimize=True)
    return buffer.getvalue()
