"""What an ONNX file says of itself, read off its bytes: which input it wants, and the names of all it computes.

OpenCV runs a network on a picture of the wrong size or layout without a word, and gives wrong numbers; so this is
looked at before. The format is protobuf; the numbers are those of the fields in onnx.proto3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_MODEL_GRAPH: Final = 7
_GRAPH_NODE, _GRAPH_WEIGHTS, _GRAPH_INPUT, _GRAPH_OUTPUT = 1, 5, 11, 12
_NODE_OUTPUT: Final = 2
_WEIGHTS_NAME: Final = 8
_VALUE_NAME, _VALUE_TYPE, _TYPE_TENSOR, _TENSOR_SHAPE, _SHAPE_SIDE, _SIDE_NUMBER = 1, 2, 1, 2, 1, 1
_TENSOR_KIND, _FLOAT = 1, 1
_VARINT, _EIGHT_BYTES, _SIZED, _FOUR_BYTES = 0, 1, 2, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """``inputs``: the sides of each by its name, None for one that is free. ``outputs``, ``tensors``: their names."""

    inputs: dict[str, tuple[int | None, ...]]
    outputs: tuple[str, ...]
    tensors: tuple[str, ...]


def outline(data: bytes) -> Outline:
    """Return what an ONNX file says of itself.

    Raises:
        ValueError: these bytes are none.
    """
    weights: set[str] = set()
    inputs: dict[str, tuple[int | None, ...]] = {}
    outputs: list[str] = []
    tensors: list[str] = []
    for number, part in (field for graph in _parts(memoryview(data), _MODEL_GRAPH) for field in _fields(graph)):
        if number == _GRAPH_NODE:
            tensors += [_text(name) for name in _parts(part, _NODE_OUTPUT)]
        elif number == _GRAPH_WEIGHTS:
            weights |= {_text(name) for name in _parts(part, _WEIGHTS_NAME)}
        elif number == _GRAPH_INPUT:
            inputs |= {_text(name): _sides(part) for name in _parts(part, _VALUE_NAME)}
        elif number == _GRAPH_OUTPUT:
            outputs += [_text(name) for name in _parts(part, _VALUE_NAME)]
    if not inputs or not tensors:
        raise ValueError("no graph with an input")
    asked = {name: sides for name, sides in inputs.items() if name not in weights}
    return Outline(inputs=asked, outputs=tuple(outputs), tensors=tuple(tensors))


def with_output(data: bytes, name: str) -> bytes:
    """Return an ONNX file whose graph gives one more tensor: protobuf adds up messages that follow each other.

    Of a tensor inside the graph OpenCV may give what another one left in the same memory (seen in 5.0, without an
    error); what the graph gives, it keeps.
    """
    any_shape = _sized(_TYPE_TENSOR, _varint(_TENSOR_KIND << 3) + _varint(_FLOAT) + _sized(_TENSOR_SHAPE, b""))
    value = _sized(_VALUE_NAME, name.encode()) + _sized(_VALUE_TYPE, any_shape)
    return data + _sized(_MODEL_GRAPH, _sized(_GRAPH_OUTPUT, value))


def _sides(value: memoryview) -> tuple[int | None, ...]:
    for kind in _parts(value, _VALUE_TYPE):
        for tensor in _parts(kind, _TYPE_TENSOR):
            for shape in _parts(tensor, _TENSOR_SHAPE):
                return tuple(_side(side) for side in _parts(shape, _SHAPE_SIDE))
    return ()


def _side(dimension: memoryview) -> int | None:
    at = 0
    while at < len(dimension):
        key, at = _read_varint(dimension, at)
        if key == _SIDE_NUMBER << 3 | _VARINT:
            side, _ = _read_varint(dimension, at)
            return side if 0 < side < 1 << 31 else None
        _, at = _value(dimension, at, key & 7)
    return None


def _parts(message: memoryview, wanted: int) -> Iterator[memoryview]:
    return (part for number, part in _fields(message) if number == wanted)


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Yield the number and the bytes of each field that has a length of its own."""
    at = 0
    while at < len(message):
        key, at = _read_varint(message, at)
        part, at = _value(message, at, key & 7)
        if part is not None:
            yield key >> 3, part


def _value(message: memoryview, at: int, kind: int) -> tuple[memoryview | None, int]:
    """Return the bytes of a value that has a length, else None; and where it ends."""
    length = 0
    if kind == _VARINT:
        _, end = _read_varint(message, at)
        return None, end
    if kind == _SIZED:
        length, at = _read_varint(message, at)
    elif kind in (_EIGHT_BYTES, _FOUR_BYTES):
        length = 8 if kind == _EIGHT_BYTES else 4
    else:
        raise ValueError(f"no field is of kind {kind}")
    if at + length > len(message):
        raise ValueError("cut off")
    return (message[at : at + length] if kind == _SIZED else None), at + length


def _read_varint(message: memoryview, at: int) -> tuple[int, int]:
    number = 0
    for place in range(10):
        if at + place >= len(message):
            raise ValueError("cut off")
        byte = message[at + place]
        number |= (byte & 127) << 7 * place
        if byte < 128:
            return number, at + place + 1
    raise ValueError("a number beyond measure")


def _varint(number: int) -> bytes:
    packed = bytearray()
    while number > 127:
        packed.append(number & 127 | 128)
        number >>= 7
    return bytes([*packed, number])


def _sized(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | _SIZED) + _varint(len(data)) + data


def _text(data: memoryview) -> str:
    return bytes(data).decode("utf-8", "replace")
