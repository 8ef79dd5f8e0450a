"""The clocks, handed to whoever asks for the time, so that a jump of time is a test and not a hope."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


def boottime() -> float:
    """Return the seconds since the machine was started, sleep included; nobody can set this clock."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Three clocks, all in seconds.

    ``monotonic`` never jumps, and is what decisions about time are made by; ``boottime`` is like it, and goes on while
    the machine sleeps. ``wall`` is seconds since 1970 and may be set at any moment: it only labels.
    """

    monotonic: Callable[[], float] = time.monotonic
    boottime: Callable[[], float] = boottime
    wall: Callable[[], float] = time.time


CLOCK: Final = Clock()
