"""How long fingerprinting takes; runs in a worker process with nothing beside it."""

from __future__ import annotations

import io
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from PIL import Image

from pictrace.fingerprint import LONGEST_SIDE_PIXELS, describe, hash_file
from pictrace.imaging import describe_picture, read_photo
from pictrace.model import CLOCK

_TWELVE_MEGAPIXELS: Final = (4000, 3000)
_REPEATS: Final = 5


class Fingerprinting(NamedTuple):
    """Milliseconds for one photo: reading and decoding it, and all that is computed beyond."""

    decode_ms: float
    beyond_ms: float


def twelve_megapixels(photo: Path) -> bytes:
    """Return a photo enlarged or reduced to 4000 × 3000 pixels, as a JPEG of quality 90.

    Raises:
        PhotoError: it cannot be read.
    """
    picture = Image.fromarray(read_photo(photo, longest_side=_TWELVE_MEGAPIXELS[0]).rgb)
    buffer = io.BytesIO()
    picture.resize(_TWELVE_MEGAPIXELS, Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def fingerprinting(photo: Path) -> Fingerprinting:
    """Return how long decoding and fingerprinting a photo take, medians of five.

    Raises:
        PhotoError: it cannot be read.
    """
    decodes, wholes = [], []
    for _ in range(_REPEATS):
        started = CLOCK.monotonic()
        describe_picture(photo, longest_side=LONGEST_SIDE_PIXELS)
        decoded = CLOCK.monotonic()
        content_hash, key = hash_file(photo)
        describe(photo, content_hash, key)
        decodes.append((decoded - started) * 1000)
        wholes.append((CLOCK.monotonic() - decoded) * 1000)
    return Fingerprinting(median(decodes), max(0.0, median(wholes) - median(decodes)))
