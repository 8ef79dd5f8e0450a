"""Whether a decoder that failed may have lacked memory: most of them only say that the picture is broken."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Final

# Measured at 48 megapixels, of all formats: WebP 17, PNG with alpha 15, HEIC, AVIF and PNG 10, progressive JPEG 3.
_MOST_BYTES_PER_PIXEL: Final = 20
# What they say where they say more.
_WORDS: Final = (
    "out of memory",
    "memory allocation",
    "allocation failed",
    "cannot allocate",
    "could not create decoder object",
)
_DATA_PAGES_AT: Final = 5


def may_have_lacked(pixels: int | None, words: str) -> bool:
    """Return whether a failure may be for want of memory; never where a process has no limit.

    Args:
        pixels: of the picture; None where nothing is known of it yet.
        words: what the decoder said.
    """
    limit = resource.getrlimit(resource.RLIMIT_DATA)[0]
    if limit == resource.RLIM_INFINITY:
        return False
    if any(one in words.lower() for one in _WORDS):
        return True
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[_DATA_PAGES_AT])
    return (pixels or 0) * _MOST_BYTES_PER_PIXEL > limit - pages * resource.getpagesize()
