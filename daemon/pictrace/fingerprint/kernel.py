"""Calls into the kernel that Python has no function for; tests hand in another kernel."""

from __future__ import annotations

import ctypes
import os
import platform
from collections.abc import Callable

# (number, arguments) → what the kernel returns; raises OSError.
Syscall = Callable[..., int]


class KernelLacksError(Exception):
    """This kernel cannot do what was wanted; says why, in words for a person."""


def syscall(number: int, *args: object) -> int:
    """Make a system call.

    Args:
        number: the call's number on this machine.
        args: whole numbers or ctypes pointers.

    Raises:
        OSError: what the kernel said.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    words = [ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in args]
    returned: int = libc.syscall(ctypes.c_long(number), *words)
    if returned < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return returned


def prctl(option: int, argument: int = 0) -> int:
    """Ask something of this process, or set it.

    Raises:
        OSError: what the kernel said.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    returned: int = libc.prctl(option, *(ctypes.c_ulong(word) for word in (argument, 0, 0, 0)))
    if returned < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return returned


def machine() -> str:
    """Return the machine's name: ``x86_64``, ``aarch64``."""
    is_wide = ctypes.sizeof(ctypes.c_void_p) == 8
    return platform.machine() if is_wide else f"32-bit {platform.machine()}"
