"""Small pictures in a terminal: as pixels where it says that it can, else as blocks of color, else none.

Two protocols that terminals have for it: kitty's (https://sw.kovidgoyal.net/kitty/graphics-protocol, 2017 on) and
iTerm2's inline images (https://iterm2.com/documentation-images.html); both are written without a library, since each
is one escape sequence around base64.
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.console import Console
from rich.style import Style
from rich.text import Text

from pictrace.errors import PhotoError
from pictrace.imaging import small_picture, thumbnail

# So large a picture is drawn: 20 columns are about 160 pixels wide.
_COLUMNS: Final = 20
_ROWS: Final = 8
_LONGEST_SIDE_PIXELS: Final = 160
# Kitty takes base64 in pieces of so many characters.
_PIECE: Final = 4096
_INDENT: Final = " " * 12

Submit = Callable[..., Future[Any]]
Pixels = NDArray[np.uint8]


class Way(StrEnum):
    """How a terminal shows pictures."""

    NONE = "none"
    KITTY = "kitty"
    ITERM = "iterm"
    BLOCKS = "blocks"


def way_of(environ: Mapping[str, str], *, is_terminal: bool) -> Way:
    """Return how a terminal shows pictures, by what it says of itself in the environment.

    Inside tmux and screen, which pass no pictures on, blocks of color are all there is.
    """
    term = environ.get("TERM", "")
    if not is_terminal or environ.get("NO_COLOR") or term in ("", "dumb"):
        return Way.NONE
    program = environ.get("TERM_PROGRAM", "")
    if not term.startswith(("tmux", "screen")) and "TMUX" not in environ:
        if term == "xterm-kitty" or "KITTY_WINDOW_ID" in environ or program == "ghostty":
            return Way.KITTY
        if program in ("iTerm.app", "WezTerm"):
            return Way.ITERM
    return Way.BLOCKS if environ.get("COLORTERM") in ("truecolor", "24bit") else Way.NONE


class Artist:
    """Draws small pictures of files on a terminal; one that draws nothing is an artist, too.

    Args:
        way: how.
        submit: has a worker read a picture.
        console: where blocks of color go; pixels go to the stream below it.
    """

    def __init__(self, way: Way, submit: Submit, console: Console) -> None:
        self._way, self._submit, self._console = way, submit, console

    def draw(self, path: Path) -> None:
        """Draw a picture; one that cannot be read is left out."""
        if self._way is Way.NONE:
            return
        try:
            text = self._drawn(path)
        except PhotoError:
            return
        if isinstance(text, Text):
            self._console.print(text)
        else:
            sys.stdout.write(f"{_INDENT}{text}\n")
            sys.stdout.flush()

    def _drawn(self, path: Path) -> str | Text:
        match self._way:
            case Way.KITTY:
                return as_kitty(self._submit(small_picture, path, _LONGEST_SIDE_PIXELS).result())
            case Way.ITERM:
                return as_iterm(self._submit(thumbnail, path, _LONGEST_SIDE_PIXELS).result())
            case _:
                return as_blocks(self._submit(small_picture, path, min(_COLUMNS, 2 * _ROWS)).result())


def as_kitty(rgb: Pixels) -> str:
    """Return a picture for kitty's protocol: uint8, shape (height, width, 3)."""
    height, width = rgb.shape[:2]
    data = base64.b64encode(np.ascontiguousarray(rgb).tobytes()).decode()
    parts = [data[at : at + _PIECE] for at in range(0, len(data), _PIECE)]
    head = f"a=T,f=24,s={width},v={height},r={_ROWS},q=2,"
    return "".join(
        f"\x1b_G{head if number == 0 else ''}m={int(number < len(parts) - 1)};{part}\x1b\\"
        for number, part in enumerate(parts)
    )


def as_iterm(jpeg: bytes) -> str:
    """Return a picture for iTerm2's protocol."""
    data = base64.b64encode(jpeg).decode()
    return f"\x1b]1337;File=inline=1;size={len(jpeg)};height={_ROWS};preserveAspectRatio=1:{data}\x07"


def as_blocks(rgb: Pixels) -> Text:
    """Return a picture as half blocks, two of its rows a line: uint8, shape (height, width, 3)."""
    even = rgb if len(rgb) % 2 == 0 else np.concatenate([rgb, rgb[-1:]])
    text = Text(_INDENT)
    for number in range(0, len(even), 2):
        if number:
            text.append("\n" + _INDENT)
        for upper, lower in zip(even[number].tolist(), even[number + 1].tolist(), strict=True):
            text.append("▀", Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower)))
    return text
