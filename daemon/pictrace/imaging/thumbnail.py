"""A small picture of a photo, to be shown on a page."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pictrace.imaging.reading import read_photo

_QUALITY: Final = 70


def thumbnail(path: Path, longest_side: int) -> bytes:
    """Return a photo upright as a JPEG, its longer side so many pixels at most; it carries no metadata.

    Raises:
        UnreadableError: the file cannot be opened or read.
        UndecodableError: it cannot be decoded; says why in one line.
    """
    buffer = io.BytesIO()
    picture = read_photo(path, longest_side=longest_side)
    Image.fromarray(picture.rgb).save(buffer, "JPEG", quality=_QUALITY, optimize=True)
    return buffer.getvalue()


def small_picture(path: Path, longest_side: int) -> NDArray[np.uint8]:
    """Return a photo upright, its longer side so many pixels at most: uint8, shape (height, width, 3), sRGB.

    Raises:
        UnreadableError: the file cannot be opened or read.
        UndecodableError: it cannot be decoded; says why in one line.
    """
    return read_photo(path, longest_side=longest_side).rgb
