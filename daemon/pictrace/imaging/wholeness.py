"""Whether a file is as long as its own headers say: some decoders fill up what is missing and say nothing."""

from __future__ import annotations

import struct
from typing import BinaryIO, Final

# The boxes a picture is made of. The walk ends at any other: phones append data that looks like boxes and is none.
_PICTURE_BOXES: Final = (b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip", b"idat")


def missing_bytes(file: BinaryIO, data_format: str, size_bytes: int) -> int:
    """Return how many bytes a file is too short by its own headers; 0 where it is whole or they do not say.

    Args:
        file: opened at its beginning; it is left anywhere.
        data_format: what `sniff` found.
        size_bytes: of the file.
    """
    if data_format == "webp":
        file.seek(4)
        return int(max(0, 8 + struct.unpack("<I", file.read(4))[0] - size_bytes))
    if data_format in ("heic", "avif"):
        return max(0, _end_of_boxes(file, size_bytes) - size_bytes)
    return 0


def _end_of_boxes(file: BinaryIO, size_bytes: int) -> int:
    end = 0
    while end + 8 <= size_bytes:
        file.seek(end)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if head[4:8] not in _PICTURE_BOXES or length == 0:  # 0: to the end of the file
            break
        length = int.from_bytes(head[8:16], "big") if length == 1 else length
        if length < 8:
            break
        end += length
    return end
