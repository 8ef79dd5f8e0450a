"""How a copy is stored: format, quality, and what stands in its EXIF."""

from __future__ import annotations

import io
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image, ImageOps

from pictrace.bench.copies.canvas import Pixels

pillow_heif.register_heif_opener()

_ORIENTATION = 0x0112
# EXIF orientation → what turns upright pixels into the stored ones.
_STORED_TURNED = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """How a picture becomes a file.

    ``exif``: ``none``, ``kept`` (of the original, with its thumbnail), ``turned`` (the pixels lie on their side, with
    the flag that turns them back).
    """

    suffix: str = ".jpg"
    quality: int | None = 90
    exif: str = "none"

    def save(self, rgb: Pixels, target: Path, original: Path) -> None:
        """Store upright pixels as a file."""
        image = Image.fromarray(rgb)
        exif = _kept_exif(original) if self.exif == "kept" else Image.Exif()
        if self.exif == "turned":
            exif = Image.Exif()
            orientation = (3, 6, 8)[len(original.name) % 3]
            image = image.transpose(_STORED_TURNED[orientation])
            exif[_ORIENTATION] = orientation
        how: dict[str, Any] = {} if self.quality is None else {"quality": self.quality}
        image.save(target, exif=exif if isinstance(exif, bytes) else exif.tobytes(), **how)


PNG = Storage(suffix=".png", quality=None)


def read(path: Path) -> Pixels:
    """Return the upright pixels of a file, uint8 RGB (height, width, 3)."""
    with Image.open(path) as image:
        return np.array(ImageOps.exif_transpose(image).convert("RGB"))


def through_jpeg(rgb: Pixels, quality: int) -> Pixels:
    """Return pixels as they come back from a JPEG."""
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=quality)
    return np.array(Image.open(buffer))


def stored_bytes(original: Path, target: Path) -> None:
    """Store the same bytes again."""
    shutil.copyfile(original, target)


def stored_lossless(original: Path, target: Path) -> None:
    """Store a JPEG again without its metadata, the compressed pixels untouched; other formats as PNG."""
    data = original.read_bytes()
    if data[:2] != b"\xff\xd8":
        Image.fromarray(read(original)).save(target, "PNG")
        return
    with Image.open(original) as image:
        orientation = image.getexif().get(_ORIENTATION, 1)
    target.write_bytes(_without_metadata(data, orientation))


def _kept_exif(original: Path) -> Image.Exif | bytes:
    """Return the EXIF of a photograph, less a flag that would turn the copy once more."""
    with Image.open(original) as source:
        exif = source.getexif()
        if exif.pop(_ORIENTATION, 1) == 1:
            return source.info.get("exif", b"") or exif  # as it is, with the thumbnail
    return exif


def _without_metadata(data: bytes, orientation: int) -> bytes:
    """Return a JPEG without APP1 to APP13, APP15 and comments, but with color profile and orientation."""
    kept, at = [data[:2]], 2
    if orientation != 1:
        exif = Image.Exif()
        exif[_ORIENTATION] = orientation
        kept.append(b"\xff\xe1" + (len(exif.tobytes()) + 2).to_bytes(2, "big") + exif.tobytes())
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        length = int.from_bytes(data[at + 2 : at + 4], "big") + 2
        segment = data[at : at + length]
        is_profile = segment[4:15] == b"ICC_PROFILE"
        if is_profile or not (0xE1 <= data[at + 1] <= 0xED or data[at + 1] in (0xEF, 0xFE)):
            kept.append(segment)
        at += length
    return b"".join(kept) + data[at:]
