"""Lowers the priority of this process: whatever else the machine does comes first."""

from __future__ import annotations

import ctypes
import logging
import os
import platform

log = logging.getLogger(__name__)

_NICENESS = 10
# ioprio_set(2): best-effort class, lowest of its levels.
_IOPRIO_SET = {"x86_64": 251, "aarch64": 30}
_IOPRIO_WHO_PROCESS = 1
_BEST_EFFORT_LOWEST = (2 << 13) | 7


def lower_priority() -> None:
    """Give way to others, as far as the system lets us."""
    try:
        os.nice(max(0, _NICENESS - os.nice(0)))
        number = _IOPRIO_SET.get(platform.machine())
        if number is not None:
            ctypes.CDLL(None).syscall(number, _IOPRIO_WHO_PROCESS, 0, _BEST_EFFORT_LOWEST)
    except OSError as problem:
        log.debug("priority not lowered: %s", problem)
