"""Reads the recipe of a neural network: how pictures are handed to an ONNX model, and what is taken of its answer."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from pictrace.config.located import Located
from pictrace.config.rule_files import check_version
from pictrace.config.yaml_reader import read_yaml
from pictrace.model import ArrayLayout, ChannelOrder, MapPool, Network, ResizeForm

RECIPE_KEYS: Final = (
    *("version", "name", "model", "size", "channels", "layout", "resize", "shorter-side", "scale", "mean", "std"),
    *("output", "pool"),
)
_SMALLEST_SIDE, _LARGEST_SIDE = 8, 1024
_SIDE: Final = f"a side in pixels from {_SMALLEST_SIDE} to {_LARGEST_SIDE}"
_SIZE: Final = f"{_SIDE}, or a list of width and height"
_SCALE: Final = "a factor above 0, such as 1 or 1/255"
_FRACTION: Final = re.compile(r"1/([1-9][0-9]{0,5})")
_THREE: Final = "a number, or a list of three, one for each channel"
_LARGEST_NUMBER: Final = 1e6

Choice = TypeVar("Choice", bound=StrEnum)


def load_network(path: Path) -> Network:
    """Return what a recipe says; the model itself is not opened.

    Raises:
        ConfigError: with file, line and column.
    """
    file = Path(os.path.abspath(path))  # noqa: PTH100 – keeps links
    keys = read_yaml(file).section("a network's recipe", RECIPE_KEYS, required=("version", "model", "size"))
    check_version(keys["version"])
    width, height = _size(keys["size"])
    resize = _choice(keys.get("resize"), ResizeForm.SQUASH, "way to resize")
    return Network(
        name=keys["name"].text() if "name" in keys else file.stem,
        model=_beside(keys["model"]),
        width_pixels=width,
        height_pixels=height,
        shorter_side_pixels=_shorter_side(keys.get("shorter-side"), resize, max(width, height)),
        channels=_choice(keys.get("channels"), ChannelOrder.RGB, "order of channels"),
        layout=_choice(keys.get("layout"), ArrayLayout.NCHW, "layout"),
        resize=resize,
        scale=_scale(keys["scale"]) if "scale" in keys else 1.0,
        mean=_three(keys["mean"], _number) if "mean" in keys else (0.0, 0.0, 0.0),
        std=_three(keys["std"], _divisor) if "std" in keys else (1.0, 1.0, 1.0),
        output=keys["output"].text("the name of an output") if "output" in keys else None,
        pool=_choice(keys.get("pool"), MapPool.NONE, "way to pool"),
    )


def network_beside(node: Located) -> Network:
    """Return what the recipe says that a config names; a relative name is taken from the config's folder.

    Raises:
        ConfigError: with file, line and column, of the config or of the recipe.
    """
    return load_network(_beside(node))


def _beside(node: Located) -> Path:
    text = node.text("the name of a file")
    if "\0" in text:
        raise node.expected("the name of a file")
    folder = Path() if node.file is None else node.file.parent
    return folder / Path(os.path.expanduser(text))  # noqa: PTH111 – leaves an unknown ~user as it is


def _size(node: Located) -> tuple[int, int]:
    if not isinstance(node.value, tuple):
        side = node.whole_number(_SIZE, low=_SMALLEST_SIDE, high=_LARGEST_SIDE)
        return side, side
    if len(node.value) != 2:
        raise node.expected(_SIZE)
    width, height = (one.whole_number(_SIDE, low=_SMALLEST_SIDE, high=_LARGEST_SIDE) for one in node.value)
    return width, height


def _shorter_side(node: Located | None, resize: ResizeForm, least: int) -> int:
    if node is None:
        return least
    if resize is not ResizeForm.CENTER_CROP:
        raise node.error("`shorter-side` is for `resize: center-crop`")
    return node.whole_number(f"a side in pixels from {least}, the size, to 2048", low=least, high=2 * _LARGEST_SIDE)


def _choice(node: Located | None, usual: Choice, what: str) -> Choice:
    return usual if node is None else type(usual)(node.choice(tuple(type(usual)), what))


def _scale(node: Located) -> float:
    if isinstance(node.value, str):
        found = _FRACTION.fullmatch(node.value)
        if found is None:
            raise node.expected(_SCALE)
        return 1 / int(found[1])
    return node.number(_SCALE, low=1e-6, high=_LARGEST_NUMBER)


def _three(node: Located, read: Callable[[Located], float]) -> tuple[float, float, float]:
    if not isinstance(node.value, tuple):
        one = read(node)
        return one, one, one
    if len(node.value) != 3:
        raise node.expected(_THREE)
    first, second, third = (read(item) for item in node.value)
    return first, second, third


def _number(node: Located) -> float:
    return float(node.number(_THREE, low=-_LARGEST_NUMBER, high=_LARGEST_NUMBER))


def _divisor(node: Located) -> float:
    return float(node.number(f"{_THREE}, above 0", low=1e-6, high=_LARGEST_NUMBER))
