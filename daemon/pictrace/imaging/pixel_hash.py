"""The pixel hash: equal for two files that show exactly the same upright pixels."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from pictrace.imaging.opening import opened
from pictrace.imaging.orientation import upright_image
from pictrace.imaging.reading import frame_count

_TIFF_BITS_PER_SAMPLE = 258
_PNG_DEPTH_AT = 24
_AV1_CONFIG_HEAD_BYTES = 4096
_AV1_HIGH_BITDEPTH = 0x40
# So many are converted and hashed at a time: a picture of 200 Mpx is never in memory twice.
_BAND_PIXELS: Final = 4_000_000


def pixel_hash(path: Path) -> bytes | None:
    """Return the SHA-256 of width, height, mode and upright pixels; None where 8-bit pixels do not tell all.

    One decoder (Pillow) serves every format, so a JPEG and the PNG of its decoded pixels are equal. Grey, palette and
    CMYK are converted to RGB; alpha counts where it hides anything. Colour profiles are not applied: two files with
    the same numbers and different profiles are equal here. None is returned for more than 8 bits a channel and for
    animations, where equal first frames of 8 bits would prove nothing.

    Raises:
        UnreadableError: the file cannot be opened or read.
        UndecodableError: it cannot be decoded.
    """
    with opened(path) as (image, data_format):
        if frame_count(image) > 1 or _is_deep(path, image, data_format):
            return None
        picture = upright_image(image)
        mode = "RGBA" if _hides_anything(picture) else "RGB"
        digest = hashlib.sha256(f"{picture.width}x{picture.height}x{len(mode)}:".encode())
        for band in _bands(picture):
            digest.update(np.asarray(_converted(band, mode)).tobytes())
    return digest.digest()


def _bands(image: Image.Image) -> Iterator[Image.Image]:
    rows = max(1, _BAND_PIXELS // image.width)
    for top in range(0, image.height, rows):
        yield image.crop((0, top, image.width, min(image.height, top + rows)))


def _converted(image: Image.Image, mode: str) -> Image.Image:
    if mode == "RGB" and _has_alpha(image):
        # Straight from a palette with alpha to RGB would be the same; Pillow warns about it.
        image = image.convert("RGBA")
    return image if image.mode == mode else image.convert(mode)


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _hides_anything(image: Image.Image) -> bool:
    image.load()
    if not _has_alpha(image):
        return False
    return any(np.asarray(band.convert("RGBA").getchannel("A")).min() < 255 for band in _bands(image))


def _is_deep(path: Path, image: Image.Image, data_format: str) -> bool:
    """Return whether a file holds more than 8 bits a channel, which the decoder would cut off."""
    if image.mode in ("I;16", "I;16L", "I;16B", "I", "F"):
        return True
    with path.open("rb") as file:
        head = file.read(_AV1_CONFIG_HEAD_BYTES)
    if data_format == "png":
        return head[_PNG_DEPTH_AT] > 8
    if data_format == "avif":
        at = head.find(b"av1C")
        return at < 0 or bool(head[at + 6] & _AV1_HIGH_BITDEPTH)
    if data_format == "tiff":
        bits = getattr(image, "tag_v2", {}).get(_TIFF_BITS_PER_SAMPLE, (8,))
        return bool(max(bits if isinstance(bits, tuple) else (bits,)) > 8)
    return int(image.info.get("bit_depth", 8)) > 8 or data_format in ("jxl", "raw")
