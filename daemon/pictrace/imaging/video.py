"""What a video says of the photo it belongs to: a few small boxes of a file that a stranger wrote, no picture."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# Boxes after ISO/IEC 14496-12 and Apple's QuickTime file format (`mvhd`, and `meta` with `keys` and `ilst`).
_MOST_BOXES: Final = 200
_MOST_META_BYTES: Final = 256 * 1024
_MOST_IDENTIFIER_BYTES: Final = 128
_KEY: Final = b"com.apple.quicktime.content.identifier"
_SECONDS_1904_TO_1970: Final = 2_082_844_800


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFacts:
    """``content_identifier`` is what Apple writes into both halves of a Live Photo; ``made_at`` seconds since 1970."""

    content_identifier: str | None = None
    made_at: int | None = None


def read_video_facts(descriptor: int) -> VideoFacts:
    """Return what an open video says of itself; broken or hostile boxes say nothing.

    At most `_MOST_BOXES` heads on each of two levels and one box of `_MOST_META_BYTES` are read, wherever they lie.
    """
    size = os.fstat(descriptor).st_size
    identifier, made_at = None, None
    for kind, start, end in _boxes(descriptor, 0, size):
        if kind != b"moov":
            continue
        for inner, inner_start, inner_end in _boxes(descriptor, start, end):
            if inner == b"mvhd":
                made_at = _made_at(os.pread(descriptor, 12, inner_start))
            elif inner == b"meta" and inner_end - inner_start <= _MOST_META_BYTES:
                identifier = _identifier(os.pread(descriptor, inner_end - inner_start, inner_start)) or identifier
        break
    return VideoFacts(content_identifier=identifier, made_at=made_at)


def _boxes(descriptor: int, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, start and end of what is inside each box between two places of a file."""
    for _ in range(_MOST_BOXES):
        head = os.pread(descriptor, 16, start) if start + 8 <= end else b""
        if len(head) < 8:
            return
        size, kind = struct.unpack_from(">I4s", head)
        inside = 8
        if size == 1 and len(head) == 16:
            size, inside = struct.unpack_from(">Q", head, 8)[0], 16
        stop = end if size == 0 else start + size
        if stop > end or stop < start + inside:
            return
        yield kind, start + inside, stop
        start = stop


def _made_at(head: bytes) -> int | None:
    """Return when the video was made; 0 stands for not known."""
    if len(head) < 12:
        return None
    seconds: int = struct.unpack_from(">Q" if head[0] == 1 else ">I", head, 4)[0]
    return seconds - _SECONDS_1904_TO_1970 if seconds > _SECONDS_1904_TO_1970 else None


def _identifier(meta: bytes) -> str | None:
    """Return the content identifier in the inside of a `meta` box, which is a full box in some files."""
    for start in (0, 4):
        parts = dict(_parts(meta[start:]))
        if b"keys" in parts and b"ilst" in parts:
            return _value(parts[b"ilst"], _number_of_key(parts[b"keys"]))
    return None


def _parts(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    for _ in range(_MOST_BOXES):
        if at + 8 > len(data):
            return
        size, kind = struct.unpack_from(">I4s", data, at)
        if size < 8 or at + size > len(data):
            return
        yield kind, data[at + 8 : at + size]
        at += size


def _number_of_key(keys: bytes) -> int | None:
    """Return which number the key has, counted from 1."""
    return next((number for number, (_, key) in enumerate(_parts(keys[8:]), start=1) if key == _KEY), None)


def _value(items: bytes, number: int | None) -> str | None:
    for kind, item in _parts(items):
        if number is not None and kind == struct.pack(">I", number):
            for name, value in _parts(item):
                if name == b"data" and 8 < len(value) <= 8 + _MOST_IDENTIFIER_BYTES:
                    return value[8:].rstrip(b"\x00").decode("ascii", "replace")
    return None
