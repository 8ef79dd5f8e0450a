"""Reads the pixels of a photo."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from pictrace.imaging.arrays import Pixels, resized
from pictrace.imaging.opening import opened
from pictrace.imaging.orientation import pending_orientation, upright_array, upright_size

# Beyond this Pillow shrinks a picture before it becomes an array: 200 Mpx then take 0.8 GB instead of 2.
# Below it is not done, because blocks of whole pixels move what they show by a fraction of a pixel.
_LARGE_PIXELS: Final = 50_000_000
_DEEP_GRAY_MODES: Final = ("I;16", "I;16L", "I;16B", "I", "F")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Pixels of a photo: ``rgb`` uint8, shape (height, width, 3), upright, sRGB assumed.

    ``width_pixels`` and ``height_pixels`` are those of the full upright picture, of which ``rgb`` may be a smaller
    rendering. ``frames`` > 1: an animation or a document, of which this is the first.
    """

    rgb: Pixels
    width_pixels: int
    height_pixels: int
    format: str
    frames: int = 1


def read_photo(path: Path, *, longest_side: int | None = None) -> Picture:
    """Read a photo upright; transparent parts are laid on white.

    Args:
        path: the file; its first bytes decide the format, not its name.
        longest_side: pixels; a larger picture is made smaller, which a JPEG decoder does at a fraction of the cost.

    Raises:
        UnreadableError: the file cannot be opened or read.
        UndecodableError: it cannot be decoded; says why in one line.
    """
    with opened(path) as (image, data_format):
        return picture_of(image, data_format, longest_side=longest_side)


def picture_of(image: Image.Image, data_format: str, *, longest_side: int | None) -> Picture:
    """Return the pixels of an opened picture; see `read_photo`."""
    full = upright_size(image)
    frames = frame_count(image)
    orientation = pending_orientation(image)
    rgb = _rgb(image, longest_side)
    return Picture(
        rgb=upright_array(rgb, orientation),
        width_pixels=full[0],
        height_pixels=full[1],
        format=data_format,
        frames=frames,
    )


def _rgb(image: Image.Image, longest_side: int | None) -> Pixels:
    if longest_side is None or max(image.size) <= longest_side:
        return np.asarray(to_rgb(image))
    # Never below the size wanted: the decoder halves, the rest is averaged.
    image.draft("RGB", _fitting(image.width, image.height, longest_side))
    if image.width * image.height > _LARGE_PIXELS:
        image = _without_palette(image).reduce(max(1, max(image.size) // (2 * longest_side)))
    rgb = np.asarray(to_rgb(image))
    height, width = rgb.shape[:2]
    return resized(rgb, *_fitting(width, height, longest_side))


def _fitting(width: int, height: int, longest_side: int) -> tuple[int, int]:
    part = min(1.0, longest_side / max(width, height))
    return max(1, round(width * part)), max(1, round(height * part))


def _without_palette(image: Image.Image) -> Image.Image:
    """Return a picture whose pixels can be averaged: palette entries and single bits cannot."""
    if image.mode not in ("1", "P", "PA"):
        return image
    return image.convert("RGBA" if "transparency" in image.info or image.mode == "PA" else "RGB")


def to_rgb(image: Image.Image) -> Image.Image:
    """Return a picture in RGB, 8 bits: transparency on white, deep grey scaled down."""
    if image.mode in _DEEP_GRAY_MODES:
        image = _shallow(image)
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        layered = image if image.mode == "RGBA" else image.convert("RGBA")
        white = Image.new("RGBA", layered.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, layered)
    return image if image.mode == "RGB" else image.convert("RGB")


def _shallow(image: Image.Image) -> Image.Image:
    """Return deep grey in 8 bits; numbers without a known top are held against 1, 255 or 65535, what fits first."""
    values = np.nan_to_num(np.asarray(image, dtype=np.float32))
    most = float(values.max(initial=0.0))
    top = 65535.0 if image.mode.startswith("I;16") else next((t for t in (1.0, 255.0, 65535.0) if most <= t), most)
    return Image.fromarray(np.clip(values * (255.0 / top) + 0.5, 0, 255).astype(np.uint8))


def frame_count(image: Image.Image) -> int:
    """Return how many pictures an animation or a document holds; the previews beside a JPEG do not count."""
    return 1 if image.format in ("JPEG", "MPO", "HEIF") else int(getattr(image, "n_frames", 1))
