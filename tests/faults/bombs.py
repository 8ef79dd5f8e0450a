"""Small files that are huge pictures."""

from __future__ import annotations

import zlib

_BLOCK_BYTES = 1 << 20
_COLORS = {1: 0, 3: 2}  # bytes for each pixel → PNG's name for gray, RGB


def png_bomb(side_pixels: int, bytes_per_pixel: int) -> bytes:
    """Return a PNG of a black square: whole, and some thousand times smaller than its pixels.

    The same compressed block is put there again and again: nobody here unpacks or packs all of it.
    """
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(_BLOCK_BYTES)) + packer.flush(zlib.Z_FULL_FLUSH)
    size_bytes = side_pixels * (side_pixels * bytes_per_pixel + 1)
    blocks, rest = divmod(size_bytes, _BLOCK_BYTES)
    tail = packer.compress(bytes(rest)) + packer.flush()
    # Adler-32 of nothing but zeros: 1 in its low half, how many there are in its high one.
    checksum = (size_bytes % 65521) << 16 | 1
    data = head + block * blocks + tail[:-4] + checksum.to_bytes(4, "big")
    header = side_pixels.to_bytes(4, "big") * 2 + bytes((8, _COLORS[bytes_per_pixel], 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")
