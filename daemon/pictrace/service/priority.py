"""Lowers the priority of this process: whatever else the machine does comes first."""

from __future__ import annotations

import ctypes
import logging
import os
import platform

log = logging.getLogger(__name__)

_NICENESS = 10
# Neither libc nor Python wraps ioprio_set(2); its number differs per architecture.
_IOPRIO_SET = {"x86_64": 251, "aarch64": 30, "armv7l": 314, "i686": 289}
_IOPRIO_WHO_PROCESS = 1
_THIS_PROCESS = 0
_BEST_EFFORT_LOWEST = (2 << 13) | 7  # class best-effort, level 7 of 0 to 7


def lower_priority(*, machine: str | None = None) -> None:
    """Give way to others in CPU and disk, as far as the system lets us; what it refuses is only noted.

    Threads and processes started later inherit it, those that run already do not.

    Args:
        machine: the processor architecture, that of this machine where left out.
    """
    try:
        os.nice(max(0, _NICENESS - os.nice(0)))
    except OSError as problem:
        log.debug("CPU priority stays as it is: %s", problem.strerror)
    number = _IOPRIO_SET.get(machine or platform.machine())
    if number is None:
        log.debug("disk priority stays as it is: the call's number is not known here")
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(number, _IOPRIO_WHO_PROCESS, _THIS_PROCESS, _BEST_EFFORT_LOWEST) != 0:
        log.debug("disk priority stays as it is: %s", os.strerror(ctypes.get_errno()))
