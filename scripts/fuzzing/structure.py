"""Ways to spoil a file that know what it is made of: what they leave gets deep into a decoder."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable
from typing import Final

# Sides that are near a limit, or beyond.
_SIDES: Final = (0, 1, 2, 3, 15, 16, 17, 255, 4096, 8192, 16_383, 20_000, 32_768, 65_500, 65_535, 2**24, 2**31 - 1)
_NUMBERS: Final = (0, 1, 2, 7, 8, 16, 255, 256, 65_535, 2**24, 2**31 - 1, 2**31, 2**32 - 1)
_PNG: Final = b"\x89PNG\r\n\x1a\n"
Piece = bytearray  # a chunk, segment or box as a whole


def spoil(dice: random.Random, file: bytearray, other: bytes) -> None:
    """Spoil a file as its format calls for; one whose format is not known is left as it is."""
    for begins, way in _FORMATS.items():
        at = 4 if begins == b"ftyp" else 0
        if file[at : at + len(begins)] == begins:
            way(dice, file, other)
            return


# -- PNG


def _png(dice: random.Random, file: bytearray, _: bytes) -> None:
    chunks, at = [], len(_PNG)
    while at + 12 <= len(file):
        (size,) = struct.unpack_from(">I", file, at)
        chunks.append(bytearray(file[at + 4 : at + 8 + size]))
        at += 12 + size
    if not chunks:
        return
    _shuffle(dice, chunks)
    chunk = dice.choice(chunks) if dice.random() < 0.6 or not chunks else chunks[0]
    if chunk[:4] == b"IHDR" and len(chunk) >= 17:
        _png_head(dice, chunk)
    elif chunk[:4] in (b"IDAT", b"fdAT", b"iCCP", b"zTXt") and dice.random() < 0.5:
        _repack(dice, chunk)
    else:
        _scratch(dice, chunk, start=4)
    file[len(_PNG) :] = b"".join(
        struct.pack(">I", max(0, len(one) - 4)) + bytes(one) + struct.pack(">I", zlib.crc32(one)) for one in chunks
    )


def _png_head(dice: random.Random, chunk: Piece) -> None:
    at = dice.choice((4, 8, 12, 13, 16))
    if at <= 8:
        struct.pack_into(">I", chunk, at, dice.choice(_SIDES))
    else:
        chunk[at] = dice.choice((0, 1, 2, 3, 4, 6, 8, 16, 255))


def _repack(dice: random.Random, chunk: Piece) -> None:
    """Spoil what is compressed, and compress it again: its sums are right then."""
    try:
        inner = bytearray(zlib.decompress(bytes(chunk[4:])))
    except zlib.error:
        return
    if inner:
        _scratch(dice, inner, start=0)
        chunk[4:] = zlib.compress(bytes(inner[: 1 << 20]))


# -- JPEG


def _jpeg(dice: random.Random, file: bytearray, _: bytes) -> None:
    segments, at = [], 2
    while at + 4 <= len(file) and file[at] == 0xFF and file[at + 1] != 0xDA:
        (size,) = struct.unpack_from(">H", file, at + 2)
        segments.append(bytearray(file[at : at + 2 + max(2, size)]))
        at += 2 + max(2, size)
    rest = bytearray(file[at:])
    if not segments:
        return
    frame = next((one for one in segments if one[1] in (0xC0, 0xC1, 0xC2) and len(one) > 10), None)
    _shuffle(dice, segments)
    if frame is not None and dice.random() < 0.4:
        where = dice.choice((5, 7, 4, 9, *range(10, len(frame))))
        if where in (5, 7):
            struct.pack_into(">H", frame, where, dice.choice(_SIDES) & 0xFFFF)
        else:
            frame[where] = dice.choice((0, 1, 2, 3, 4, 8, 0x11, 0x22, 0x44, 0xFF))
    elif segments and dice.random() < 0.7:
        _scratch(dice, dice.choice(segments), start=2)
    elif len(rest) > 16:
        rest[dice.randrange(16, len(rest))] = 0xFF
    file[2:] = b"".join(segments) + rest


# -- boxes: HEIC, AVIF


def _boxes(dice: random.Random, file: bytearray, _: bytes) -> None:
    places = [at for at in range(4, len(file) - 12) if bytes(file[at : at + 4]) in _BOXES]
    if not places:
        return
    at = dice.choice(places)
    kind = bytes(file[at : at + 4])
    if kind == b"ispe" and dice.random() < 0.7 and at + 16 <= len(file):
        struct.pack_into(">I", file, at + dice.choice((8, 12)), dice.choice(_SIDES))
    elif dice.random() < 0.3:
        struct.pack_into(">I", file, at - 4, dice.choice((0, 1, 8, len(file), *_NUMBERS)))
    elif dice.random() < 0.3:
        (size,) = struct.unpack_from(">I", file, at - 4)
        file[at - 4 : at - 4] = file[at - 4 : at - 4 + min(size, 1 << 16)] * dice.choice((1, 3, 50))
    else:
        where = min(len(file) - 4, at + 4 + dice.randrange(48))
        struct.pack_into(dice.choice((">I", ">H", "B")), file, where, dice.choice((0, 1, 2, 0xFF)))


_BOXES: Final = frozenset(
    b"ftyp meta hdlr pitm iinf infe iref iprp ipco ipma ispe pixi colr irot imir clap auxC hvcC av1C iloc idat mdat "
    b"grid dimg thmb cdsc moov trak mdia minf stbl stsd stts stsz stco stsc tkhd mdhd iovl jxlc jxlp".split()
)


# -- RIFF: WebP


def _webp(dice: random.Random, file: bytearray, _: bytes) -> None:
    chunks, at = [], 12
    while at + 8 <= len(file):
        (size,) = struct.unpack_from("<I", file, at + 4)
        chunks.append(bytearray(file[at : at + 8 + size + size % 2]))
        at += 8 + size + size % 2
    if not chunks:
        return
    _shuffle(dice, chunks)
    chunk = dice.choice(chunks)
    if chunk[:4] == b"VP8X" and len(chunk) >= 18 and dice.random() < 0.7:
        where = dice.choice((8, 12, 15))
        chunk[where : where + 3] = (dice.choice(_SIDES) & 0xFFFFFF).to_bytes(3, "little")
    else:
        _scratch(dice, chunk, start=8)
    if dice.random() < 0.2:
        struct.pack_into("<I", chunk, 4, dice.choice(_NUMBERS))
    body = b"".join(chunks)
    size = dice.choice(_NUMBERS) if dice.random() < 0.1 else len(body) + 4
    file[:] = b"RIFF" + struct.pack("<I", size) + b"WEBP" + body


# -- TIFF, and most camera RAW


def _tiff(dice: random.Random, file: bytearray, _: bytes) -> None:
    end = "<" if file[:2] == b"II" else ">"
    if len(file) < 16:
        return
    (at,) = struct.unpack_from(f"{end}I", file, 4)
    if at + 2 > len(file):
        return
    (count,) = struct.unpack_from(f"{end}H", file, at)
    for _n in range(dice.choice((1, 1, 2, 4))):
        entry = at + 2 + 12 * dice.randrange(max(1, min(count, 100)))
        if entry + 12 > len(file):
            return
        what = dice.choice(("tag", "type", "count", "value", "value", "value"))
        number = dice.choice((*_NUMBERS, *_SIDES, at, len(file)))
        match what:
            case "tag":
                struct.pack_into(f"{end}H", file, entry, dice.choice(_TAGS))
            case "type":
                struct.pack_into(f"{end}H", file, entry + 2, dice.randrange(20))
            case "count":
                struct.pack_into(f"{end}I", file, entry + 4, number % 2**32)
            case _:
                struct.pack_into(f"{end}I", file, entry + 8, number % 2**32)


_TAGS: Final = (254, 256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 317, 320, 322, 323, 324, 325, 330, 338, 339,
                347, 530, 34665, 34675, 34853)  # fmt: skip


# -- GIF and BMP: heads of fixed numbers


def _gif(dice: random.Random, file: bytearray, _: bytes) -> None:
    """Set sides, flags or the place of a frame."""
    frames = [at for at in range(13, len(file) - 10) if file[at] == 0x2C]
    at = dice.choice((6, 8, *(at + step for at in frames[:4] for step in (1, 3, 5, 7))))
    if at + 2 <= len(file):
        struct.pack_into("<H", file, at, dice.choice(_SIDES) & 0xFFFF)


def _bmp(dice: random.Random, file: bytearray, _: bytes) -> None:
    at = dice.choice((2, 10, 14, 18, 22, 26, 28, 30, 34, 46, 50))
    if at + 4 <= len(file):
        struct.pack_into("<I", file, at, dice.choice((*_NUMBERS, *_SIDES)) % 2**32)


_FORMATS: Final[dict[bytes, Callable[[random.Random, bytearray, bytes], None]]] = {
    _PNG: _png,
    b"\xff\xd8": _jpeg,
    b"ftyp": _boxes,
    b"RIFF": _webp,
    b"II": _tiff,
    b"MM": _tiff,
    b"GIF8": _gif,
    b"BM": _bmp,
}


def _shuffle(dice: random.Random, pieces: list[Piece]) -> None:
    """Leave one out, or have one twice or elsewhere; mostly leave them as they are."""
    at = dice.randrange(len(pieces))
    match dice.randrange(8):
        case 0 if len(pieces) > 1:
            del pieces[at]
        case 1:
            pieces[at:at] = [bytearray(pieces[at]) for _ in range(dice.choice((1, 2, 100)))]
        case 2:
            pieces.insert(dice.randrange(len(pieces)), pieces.pop(at))


def _scratch(dice: random.Random, piece: Piece, *, start: int) -> None:
    """Change some bytes of a piece behind its head, or its length."""
    if len(piece) <= start:
        piece += dice.randbytes(dice.randrange(8))
        return
    match dice.randrange(4):
        case 0:
            del piece[dice.randrange(start, len(piece)) :]
        case 1:
            piece += dice.randbytes(dice.choice((1, 7, 300)))
        case _:
            for _ in range(dice.choice((1, 2, 8))):
                piece[dice.randrange(start, len(piece))] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))
