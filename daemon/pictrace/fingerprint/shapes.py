"""Gives plain values the shape that a function's annotation promises: dataclasses, enums, arrays of the right kind."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from pictrace.fingerprint.answers import AnswerError


def shaped(wanted: Any, value: Any) -> Any:  # Any: an annotation, and what it is to describe
    """Return a plain value as an annotation wants it, dataclasses and enums built.

    Raises:
        AnswerError: it is something else.
    """
    if wanted is Any:
        return value
    origin = typing.get_origin(wanted)
    if origin in (typing.Union, types.UnionType):
        return _one_of(typing.get_args(wanted), value)
    build = _BUILDERS.get(origin)
    if build is not None:
        return build(typing.get_args(wanted), value)
    if isinstance(wanted, type):
        return _made(wanted, value)
    raise AnswerError(f"cannot tell what {wanted} is")


@cache
def wanted_of(function: Callable[..., Any]) -> Any:
    """Return what a function is annotated to return; Any where it does not say: its plain value is taken as it is."""
    if isinstance(function, type) or not hasattr(function, "__annotations__"):
        return Any
    return typing.get_type_hints(function).get("return", Any)


def _one_of(arms: tuple[Any, ...], value: Any) -> Any:
    for arm in arms:
        try:
            return shaped(arm, value)
        except AnswerError:
            continue
    raise AnswerError(f"{type(value).__name__} where none of {len(arms)} kinds fits")


def _as_list(arguments: tuple[Any, ...], value: Any) -> list[Any]:
    _require(list, value)
    return [shaped(arguments[0], item) for item in value]


def _as_tuple(arguments: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    _require(tuple, value)
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        arguments = arguments[:1] * len(value)
    return _fields(arguments, value)


def _as_dict(arguments: tuple[Any, ...], value: Any) -> dict[Any, Any]:
    _require(dict, value)
    key, item = arguments
    return {shaped(key, one): shaped(item, other) for one, other in value.items()}


def _as_array(arguments: tuple[Any, ...], value: Any) -> Any:
    _require(np.ndarray, value)
    (scalar,) = typing.get_args(arguments[1])
    if value.dtype != np.dtype(scalar):
        raise AnswerError(f"an array of {value.dtype} instead of {scalar.__name__}")
    return value


_BUILDERS: Final[dict[Any, Callable[[tuple[Any, ...], Any], Any]]] = {
    list: _as_list,
    tuple: _as_tuple,
    dict: _as_dict,
    np.ndarray: _as_array,
}


def _made(wanted: type, value: Any) -> Any:
    if issubclass(wanted, Enum):
        try:
            return wanted(value)
        except ValueError as error:
            raise AnswerError(f"no {wanted.__name__} is called so") from error
    if dataclasses.is_dataclass(wanted) or issubclass(wanted, tuple):
        _require(tuple, value)
        layout = _layout(wanted)
        made = _fields(layout.kinds, value)
        return wanted(**dict(zip(layout.names, made, strict=True)))
    if wanted is float and type(value) is int:
        return float(value)
    _require(wanted, value)
    return value


class _Layout(NamedTuple):
    names: tuple[str, ...]
    kinds: tuple[Any, ...]


@cache
def _layout(wanted: type) -> _Layout:
    hints = typing.get_type_hints(wanted)
    names = (
        tuple(field.name for field in dataclasses.fields(wanted))
        if dataclasses.is_dataclass(wanted)
        else tuple(getattr(wanted, "_fields", ()))
    )
    return _Layout(names, tuple(hints[name] for name in names))


def _fields(kinds: tuple[Any, ...], value: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(kinds) != len(value):
        raise AnswerError(f"{len(value)} values instead of {len(kinds)}")
    return tuple(shaped(kind, one) for kind, one in zip(kinds, value, strict=True))


def _require(wanted: type, value: Any) -> None:
    # bool is an int, and a path may come as its own subclass.
    if type(value) is not wanted and not (wanted in (Path, np.ndarray) and isinstance(value, wanted)):
        raise AnswerError(f"{type(value).__name__} instead of {wanted.__name__}")
