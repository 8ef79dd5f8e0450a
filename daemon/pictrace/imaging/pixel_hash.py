"""The pixel hash: equal for two files that show exactly the same upright pixels."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image

from pictrace.imaging.opening import opened, upright
from pictrace.imaging.reading import frame_count

_TIFF_BITS_PER_SAMPLE = 258
_PNG_DEPTH_AT = 24
_AV1_CONFIG_HEAD_BYTES = 4096
_AV1_HIGH_BITDEPTH = 0x40


def pixel_hash(path: Path) -> bytes | None:
    """Return the SHA-256 of width, height, mode and upright pixels; None where 8-bit pixels do not tell all.

    One decoder (Pillow) serves every format, so a JPEG and the PNG of its decoded pixels are equal. Grey, palette and
    CMYK are converted to RGB; alpha counts where it hides anything. Colour profiles are not applied: two files with
    the same numbers and different profiles are equal here. None is returned for more than 8 bits a channel and for
    animations, where equal first frames of 8 bits would prove nothing.

    Raises:
        UnreadableError: the file cannot be opened.
        UndecodableError: it cannot be decoded.
    """
    with opened(path) as (image, data_format):
        if frame_count(image) > 1 or _is_deep(path, image, data_format):
            return None
        picture = upright(image)
        pixels = _plain(picture)
    digest = hashlib.sha256(f"{pixels.shape[1]}x{pixels.shape[0]}x{pixels.shape[2]}:".encode())
    digest.update(np.ascontiguousarray(pixels).tobytes())
    return digest.digest()


def _plain(image: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    pixels = np.asarray(image.convert("RGBA" if has_alpha else "RGB"))
    if has_alpha and pixels[..., 3].min() == 255:
        return pixels[..., :3]
    return pixels


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
