"""Small pictures that look different in every orientation, stored in every format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image

pillow_heif.register_heif_opener()

SUFFIXES = {
    "jpeg": ".jpg",
    "png": ".png",
    "tiff": ".tif",
    "webp": ".webp",
    "avif": ".avif",
    "heic": ".heic",
    "gif": ".gif",
    "bmp": ".bmp",
}
_STORED_TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.fixture
def quarters() -> NDArray[np.uint8]:
    """Return 60 × 40 pixels with another color in each quarter: red, green, blue, yellow."""
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:20, :30] = (255, 0, 0)
    pixels[:20, 30:] = (0, 255, 0)
    pixels[20:, :30] = (0, 0, 255)
    pixels[20:, 30:] = (255, 255, 0)
    return pixels


@pytest.fixture
def stored(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that stores a picture: ``stored(image, "jpeg", orientation=6, quality=90)``."""

    def store(image: Image.Image, data_format: str, *, orientation: int | None = None, **how: object) -> Path:
        path = tmp_path / f"{data_format}-{orientation}{SUFFIXES[data_format]}"
        exif = how.pop("exif", Image.Exif())
        if orientation is not None:
            exif[0x0112] = orientation
            if orientation in _STORED_TURNED:
                image = image.transpose(_STORED_TURNED[orientation])
        name = "HEIF" if data_format == "heic" else data_format.upper()
        if data_format not in ("gif", "bmp"):
            how["exif"] = exif.tobytes()
        image.save(path, format=name, **how)
        return path

    return store
