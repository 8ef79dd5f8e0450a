"""The content identifier that Apple writes into both halves of a Live Photo: here, that of the still."""

from __future__ import annotations

import struct
from typing import Final

# Apple's maker note: its name, a version, the byte order, and a directory as in TIFF; offsets count from its start.
# Tag numbers after exiftool's Image::ExifTool::Apple.
_NAME: Final = b"Apple iOS\x00"
_DIRECTORY: Final = 14
_ENTRY_BYTES: Final = 12
_MOST_ENTRIES: Final = 256
_CONTENT_IDENTIFIER: Final = 0x0011
_ASCII: Final = 2
_MOST_BYTES: Final = 128


def content_identifier(maker_note: object) -> bytes | None:
    """Return the content identifier in a maker note as a stranger wrote it; None where there is none.

    Args:
        maker_note: what stands in the EXIF tag, of whatever type.
    """
    if not isinstance(maker_note, bytes) or not maker_note.startswith(_NAME):
        return None
    order = ">" if maker_note[12:14] == b"MM" else "<"
    try:
        (count,) = struct.unpack_from(f"{order}H", maker_note, _DIRECTORY)
        for number in range(min(count, _MOST_ENTRIES)):
            at = _DIRECTORY + 2 + number * _ENTRY_BYTES
            tag, kind, length, value = struct.unpack_from(f"{order}HHII", maker_note, at)
            if tag == _CONTENT_IDENTIFIER and kind == _ASCII and 4 < length <= _MOST_BYTES:
                return maker_note[value : value + length].rstrip(b"\x00") or None
    except struct.error:
        return None
    return None
