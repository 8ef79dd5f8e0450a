"""Small pictures in a terminal: only where it says that it can show them."""

from __future__ import annotations

import base64
import re

import numpy as np
import pytest
from rich.console import Console

from pictrace.cli.thumbnails import Way, as_blocks, as_iterm, as_kitty, way_of

TRUE_COLOR = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


@pytest.mark.parametrize(
    ("environ", "way"),
    [
        ({"TERM": "xterm-kitty"}, Way.KITTY),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, Way.KITTY),
        ({"TERM": "xterm-ghostty", "TERM_PROGRAM": "ghostty"}, Way.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, Way.ITERM),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, Way.ITERM),
        (TRUE_COLOR, Way.BLOCKS),
        ({**TRUE_COLOR, "TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"}, Way.BLOCKS),
        ({**TRUE_COLOR, "TMUX": "/tmp/x", "TERM_PROGRAM": "iTerm.app"}, Way.BLOCKS),
        ({"TERM": "xterm-256color"}, Way.NONE),
        ({**TRUE_COLOR, "NO_COLOR": "1"}, Way.NONE),
        ({**TRUE_COLOR, "TERM": "dumb"}, Way.NONE),
        ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, Way.NONE),
        ({}, Way.NONE),
    ],
)
def test_the_environment_says_what_a_terminal_can(environ: dict[str, str], way: Way) -> None:
    assert way_of(environ, is_terminal=True) is way
    assert way_of(environ, is_terminal=False) is Way.NONE


def test_kitty_gets_every_pixel_in_pieces_it_takes() -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (60, 90, 3), np.uint8)

    pieces = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", as_kitty(rgb))

    assert "s=90,v=60" in pieces[0][0]
    assert [head[-3:] for head, _ in pieces] == ["m=1"] * (len(pieces) - 1) + ["m=0"]
    assert all(len(data) <= 4096 for _, data in pieces)
    assert base64.b64decode("".join(data for _, data in pieces)) == rgb.tobytes()


def test_iterm_gets_the_whole_file() -> None:
    head, _, data = as_iterm(b"\xff\xd8 a picture").rstrip("\x07").rpartition(":")

    assert head.startswith("\x1b]1337;File=inline=1;size=12;")
    assert base64.b64decode(data) == b"\xff\xd8 a picture"


def test_blocks_show_two_rows_of_pixels_a_line() -> None:
    rgb = np.zeros((3, 2, 3), np.uint8)
    rgb[0, 0] = (255, 0, 0)
    rgb[2, 1] = (0, 0, 255)
    console = Console(force_terminal=True, color_system="truecolor", width=40)

    with console.capture() as told:
        console.print(as_blocks(rgb))

    first, second = told.get().splitlines()
    assert "38;2;255;0;0;48;2;0;0;0m▀" in first
    assert "38;2;0;0;255;48;2;0;0;255m▀" in second  # an odd last row stands twice
