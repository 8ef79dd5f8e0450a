"""Reads the pixels of a photo."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from pictrace.imaging.arrays import Pixels, resized
from pictrace.imaging.opening import opened, upright

_SWAPPING_ORIENTATIONS = (5, 6, 7, 8)
_EXIF_ORIENTATION = 0x0112


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
        UnreadableError: the file cannot be opened.
        UndecodableError: it cannot be decoded; says why in one line.
    """
    with opened(path) as (image, data_format):
        return picture_of(image, data_format, longest_side=longest_side)


def picture_of(image: Image.Image, data_format: str, *, longest_side: int | None) -> Picture:
    """Return the pixels of an opened picture; see `read_photo`."""
    full = upright_size(image)
    frames = frame_count(image)
    if longest_side is not None and max(image.size) > longest_side:
        part = longest_side / max(image.size)
        # Never below the size wanted: the decoder halves, the rest is averaged.
        image.draft("RGB", (max(1, round(image.width * part)), max(1, round(image.height * part))))
    rgb = np.asarray(to_rgb(image))
    if longest_side is not None and max(rgb.shape[:2]) > longest_side:
        part = longest_side / max(rgb.shape[:2])
        rgb = resized(rgb, max(1, round(rgb.shape[1] * part)), max(1, round(rgb.shape[0] * part)))
    turned = np.asarray(upright(_carrying_orientation(rgb, image)))
    return Picture(
        rgb=np.ascontiguousarray(turned),
        width_pixels=full[0],
        height_pixels=full[1],
        format=data_format,
        frames=frames,
    )


def to_rgb(image: Image.Image) -> Image.Image:
    """Return a picture in RGB, 8 bits: transparency on white, 16-bit grey scaled down."""
    if image.mode in ("I;16", "I;16L", "I;16B", "I", "F"):
        values = np.asarray(image, dtype=np.float64)
        top = 65535.0 if values.max(initial=0.0) > 255 else 255.0
        image = Image.fromarray(np.clip(values * (255.0 / top), 0, 255).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        layered = image.convert("RGBA")
        white = Image.new("RGBA", layered.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, layered)
    return image if image.mode == "RGB" else image.convert("RGB")


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Return width and height in pixels after the EXIF orientation is applied."""
    if orientation_of(image) in _SWAPPING_ORIENTATIONS:
        return image.height, image.width
    return image.width, image.height


def orientation_of(image: Image.Image) -> int:
    """Return the EXIF orientation, 1..8; 1 where it is missing or makes no sense."""
    value = image.getexif().get(_EXIF_ORIENTATION, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def frame_count(image: Image.Image) -> int:
    """Return how many pictures an animation or a document holds; the previews beside a JPEG do not count."""
    return 1 if image.format in ("JPEG", "MPO", "HEIF") else int(getattr(image, "n_frames", 1))


def _carrying_orientation(rgb: Pixels, image: Image.Image) -> Image.Image:
    turned = Image.fromarray(rgb)
    turned.getexif()[_EXIF_ORIENTATION] = orientation_of(image)
    return turned
