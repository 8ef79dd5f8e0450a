"""Ways to spoil the bytes of a file, whatever is in it. The same dice give the same bytes."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from typing import Final

from fuzzing import structure

Spoil = Callable[[random.Random, bytearray, bytes], None]  # dice, the file, another file

# Header fields of every format lie here.
_HEAD_BYTES: Final = 512
_EXTREMES: Final = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 2**63)


def spoilt(dice: random.Random, data: bytes, other: bytes) -> bytes:
    """Return a file spoilt in one to four ways."""
    file = bytearray(data)
    for way in dice.choices(_WAYS, _WEIGHTS, k=dice.choice((1, 1, 1, 2, 2, 3, 4))):
        if file:
            way(dice, file, other)
    return bytes(file)


def _flip_bits(dice: random.Random, file: bytearray, _: bytes) -> None:
    for _n in range(dice.choice((1, 2, 8, 64))):
        file[dice.randrange(len(file))] ^= 1 << dice.randrange(8)


def _run(dice: random.Random, file: bytearray, _: bytes) -> None:
    at, length = _part(dice, file)
    byte = dice.choice((0, 0xFF, None))
    file[at : at + length] = dice.randbytes(length) if byte is None else bytes([byte]) * length


def _truncate(dice: random.Random, file: bytearray, _: bytes) -> None:
    del file[dice.randrange(len(file)) :]


def _insert(dice: random.Random, file: bytearray, _: bytes) -> None:
    at = dice.randrange(len(file) + 1)
    file[at:at] = dice.randbytes(dice.choice((1, 2, 4, 100, 5000)))


def _remove(dice: random.Random, file: bytearray, _: bytes) -> None:
    at, length = _part(dice, file)
    del file[at : at + length]


def _duplicate(dice: random.Random, file: bytearray, _: bytes) -> None:
    at, length = _part(dice, file)
    block = file[at : at + length]
    file[at:at] = block * dice.choice((1, 1, 2, 20))


def _swap(dice: random.Random, file: bytearray, _: bytes) -> None:
    at, length = _part(dice, file)
    block = file[at : at + length]
    del file[at : at + length]
    to = dice.randrange(len(file) + 1)
    file[to:to] = block


def _extreme(dice: random.Random, file: bytearray, _: bytes) -> None:
    """Set a number somewhere, most often in the head, to an end of its range."""
    top = len(file) if dice.random() < 0.3 else min(len(file), _HEAD_BYTES)
    for _n in range(dice.choice((1, 1, 2, 4))):
        form = dice.choice((">H", "<H", ">I", "<I", "<Q", ">Q", "B"))
        size = struct.calcsize(form)
        at = dice.randrange(max(1, top - size + 1))
        value = (dice.choice(_EXTREMES) + dice.choice((-1, 0, 0, 1))) % 2 ** (8 * size)
        file[at : at + size] = struct.pack(form, value)


def _splice(dice: random.Random, file: bytearray, other: bytes) -> None:
    """Go over into another file half-way, or lay a part of it over this one."""
    at, start = dice.randrange(len(file)), dice.randrange(len(other) or 1)
    if dice.random() < 0.5:
        file[at:] = other[start:]
    else:
        part = other[start : start + dice.choice((16, 256, 4096))]
        file[at : at + len(part)] = part


def _part(dice: random.Random, file: bytearray) -> tuple[int, int]:
    """Return where a part begins and how long it is: mostly short ones."""
    at = dice.randrange(len(file))
    return at, min(len(file) - at, dice.choice((1, 4, 16, 64, 512, 4096, 1 + len(file) // 3)))


_TABLE: Final[dict[Spoil, int]] = {
    _flip_bits: 3,
    _run: 3,
    _truncate: 1,
    _insert: 1,
    _remove: 1,
    _duplicate: 1,
    _swap: 1,
    _extreme: 4,
    _splice: 1,
    structure.spoil: 8,
}
_WAYS, _WEIGHTS = list(_TABLE), list(_TABLE.values())
