"""Photos by the hundred, the size of a run, and a daemon that is held still."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from ..conftest import draw_photo  # type: ignore[import-not-found]  # noqa: TID252 – as in conftest.py
from .conftest import House  # type: ignore[import-not-found]

FULL = os.environ.get("PICTRACE_FULL_FAULTS") == "1"
FULL_SECONDS = 1800


def sized(fast: int, full: int) -> int:
    """Return how many, or how much: little in the suite, all of it where ``PICTRACE_FULL_FAULTS=1`` asks for it."""
    return full if FULL else fast


def jpeg(seed: int, *, size: tuple[int, int] = (320, 240), quality: int = 90) -> bytes:
    """Return a drawn photo as a file; each seed another."""
    return encoded(draw_photo(seed, *size), quality=quality)


def encoded(image: Image.Image, *, quality: int = 90) -> bytes:
    """Return an image as a JPEG file."""
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def stock(house: House, count: int) -> list[bytes]:
    """Put photos ``photo-N.jpg`` into a library; returns their contents."""
    contents = [jpeg(seed) for seed in range(count)]
    for number, content in enumerate(contents):
        (house.library / f"photo-{number}.jpg").write_bytes(content)
    return contents


@contextmanager
def held_still(process: subprocess.Popen[str]) -> Iterator[None]:
    """Have the daemon do nothing meanwhile (SIGSTOP), and go on afterwards."""
    process.send_signal(signal.SIGSTOP)
    # Whether it stands still already is in the third field of its stat.
    while Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        os.sched_yield()
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


def told(house: House, event: str) -> list[dict[str, Any]]:
    """Return what the daemon told of one kind: ``finding``, ``change``, ..."""
    lines = (house.state.parent / "daemon.log").read_text().splitlines()
    events = [json.loads(line) for line in lines if line.startswith("{")]
    return [one for one in events if one["event"] == event]
