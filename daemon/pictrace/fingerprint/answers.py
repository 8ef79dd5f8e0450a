"""What a worker answers, as plain values with checked lengths: it is not trusted once a stranger's bytes ran in it.

Nothing here can name a class or call a function: it knows none, bool, int, float, text, bytes, paths, lists, tuples,
mappings and arrays of numbers. What they mean is told by ``shapes``.
"""

from __future__ import annotations

import dataclasses
import os
import struct
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Final

import numpy as np

# The largest true answer is that of `examine`: two pictures of 960 pixels in 3 bytes, and some lists.
MOST_BYTES: Final = 32 * 1024 * 1024
_MOST_VALUES: Final = 100_000
_MOST_DEPTH: Final = 16
_MOST_INT_BYTES: Final = 16
_MOST_DIMENSIONS: Final = 4
# Whole and broken numbers and truth; never objects, never records.
_ARRAY_KINDS: Final = "biuf"
_COUNT: Final = struct.Struct("<I")
_FLOAT: Final = struct.Struct("<d")


class AnswerError(ValueError):
    """An answer is not what it has to be."""


def encoded(value: object) -> bytes:
    """Return a value as bytes; a dataclass becomes the tuple of its fields, an enum its value.

    Raises:
        TypeError: it holds something that is no plain value.
    """
    return b"".join(_pieces(value))


def decoded(data: bytes) -> Any:  # Any: whatever plain value it is
    """Return the plain value that bytes hold.

    Raises:
        AnswerError: they hold none, or more than one.
    """
    reader = _Reader(memoryview(data))
    value = reader.value(0)
    if reader.left:
        raise AnswerError(f"{reader.left} bytes too many")
    return value


def _pieces(value: object) -> Iterator[bytes]:
    match value:
        case None | True | False:
            yield b"N" if value is None else b"T" if value else b"F"
        case Enum():
            yield from _pieces(value.value)
        case np.generic():
            yield from _pieces(value.item())
        case int():
            yield from _sized(b"i", value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True))
        case float():
            yield b"f" + _FLOAT.pack(value)
        case str():
            yield from _sized(b"s", value.encode("utf-8", "surrogatepass"))
        case bytes() | bytearray():
            yield from _sized(b"b", bytes(value))
        case Path():
            yield from _sized(b"p", os.fsencode(value))
        case np.ndarray():
            yield from _array(value)
        case _:
            yield from _several(value)


def _several(value: object) -> Iterator[bytes]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = tuple(getattr(value, field.name) for field in dataclasses.fields(value))
    if isinstance(value, dict):
        items = [part for pair in value.items() for part in pair]
        yield b"m" + _COUNT.pack(len(items))
    elif isinstance(value, (tuple, list)):
        items = list(value)
        yield (b"t" if isinstance(value, tuple) else b"l") + _COUNT.pack(len(items))
    else:
        raise TypeError(f"{type(value).__name__} is no plain value")
    for item in items:
        yield from _pieces(item)


def _sized(tag: bytes, data: bytes) -> Iterator[bytes]:
    yield tag + _COUNT.pack(len(data))
    yield data


def _array(array: np.ndarray[Any, Any]) -> Iterator[bytes]:
    if array.dtype.kind not in _ARRAY_KINDS:
        raise TypeError(f"an array of {array.dtype} holds no plain numbers")
    yield b"a"
    yield from _pieces((array.dtype.str, list(array.shape), np.ascontiguousarray(array).tobytes()))


class _Reader:
    """Reads values off bytes, never beyond their end."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._at = 0
        self._values = 0

    @property
    def left(self) -> int:
        """How many bytes have not been read."""
        return len(self._data) - self._at

    def value(self, depth: int) -> Any:
        """Return the next value.

        Args:
            depth: how deep it lies in others, counted from 0.

        Raises:
            AnswerError: the bytes are none that `encoded` gives, or hold too much.
        """
        self._values += 1
        if depth > _MOST_DEPTH or self._values > _MOST_VALUES:
            raise AnswerError("values beyond measure")
        match tag := self._take(1):
            case b"N":
                return None
            case b"T" | b"F":
                return tag == b"T"
            case b"f":
                return _FLOAT.unpack(self._take(_FLOAT.size))[0]
            case b"i" | b"s" | b"b" | b"p":
                return _scalar(tag, self._take(self._count()))
            case b"a":
                return _array_of(self.value(depth + 1))
            case b"t" | b"l" | b"m":
                items = [self.value(depth + 1) for _ in range(self._count())]
                return tuple(items) if tag == b"t" else items if tag == b"l" else _mapping(items)
        raise AnswerError(f"no value begins with {tag.hex()}")

    def _count(self) -> int:
        count: int = _COUNT.unpack(self._take(_COUNT.size))[0]
        if count > self.left:  # each item takes a byte at least
            raise AnswerError(f"{count} items announced, {self.left} bytes left")
        return count

    def _take(self, count: int) -> bytes:
        if count > self.left:
            raise AnswerError(f"{count} bytes expected, {self.left} left")
        self._at += count
        return bytes(self._data[self._at - count : self._at])


def _scalar(tag: bytes, data: bytes) -> object:
    if tag == b"i":
        if len(data) > _MOST_INT_BYTES:
            raise AnswerError("a number beyond measure")
        return int.from_bytes(data, "little", signed=True)
    if tag == b"s":
        try:
            return data.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise AnswerError("text that is none") from error
    return data if tag == b"b" else Path(os.fsdecode(data))


def _array_of(parts: object) -> np.ndarray[Any, Any]:
    match parts:
        case (str(name), [*shape], bytes(data)) if len(shape) <= _MOST_DIMENSIONS:
            pass
        case _:
            raise AnswerError("an array without its parts")
    if len(name) != len("<f8") or name[1] not in _ARRAY_KINDS or not name[2].isdigit():
        raise AnswerError(f"an array of {name!r}")
    try:
        dtype = np.dtype(name)
        sides = [side for side in shape if isinstance(side, int) and side >= 0]
        if len(sides) != len(shape):
            raise AnswerError("an array with impossible sides")
        return np.frombuffer(data, dtype).reshape(sides).copy()
    except (TypeError, ValueError) as error:
        raise AnswerError(f"an array that is none: {error}") from error


def _mapping(items: list[Any]) -> dict[Any, Any]:
    if len(items) % 2:
        raise AnswerError("a mapping with a key too many")
    try:
        return dict(zip(items[::2], items[1::2], strict=True))
    except TypeError as error:
        raise AnswerError("a mapping with a key that can be none") from error
