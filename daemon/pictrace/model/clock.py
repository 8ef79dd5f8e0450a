"""The clocks, handed to whoever asks for the time, so that a jump of time is a test and not a hope."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Two clocks, both in seconds.

    ``monotonic`` never jumps, and is what decisions about time are made by. ``wall`` is seconds since 1970 and may be
    set at any moment: it only labels.
    """

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time


CLOCK: Final = Clock()
