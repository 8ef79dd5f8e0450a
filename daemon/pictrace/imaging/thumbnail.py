"""A small picture of a photo, to be shown on a page."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

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
