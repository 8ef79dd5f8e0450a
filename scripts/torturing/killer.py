"""Ends a process before one of its writes to the disk."""

from __future__ import annotations

import mmap
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

_WRITES = ("write", "fsync", "rename", "unlink", "link", "mkdir", "posix_fallocate", "fchmod", "utime", "setxattr")
_PLACE_BYTES = 256


class Killer:
    """Counts the writes of this process and ends it before one of them; another process can read where it is.

    Args:
        stop_at: number of the write before which it ends; None: never.
    """

    def __init__(self, stop_at: int | None = None) -> None:
        self._stop_at = stop_at
        self._shared = mmap.mmap(-1, _PLACE_BYTES)

    def at(self, place: str) -> None:
        """Note a place, and end here if this is the one."""
        number = self.count
        self._shared[:] = f"{number + 1}\n{place}".encode()[:_PLACE_BYTES].ljust(_PLACE_BYTES, b"\0")
        if number == self._stop_at:
            os.kill(os.getpid(), signal.SIGKILL)

    @property
    def count(self) -> int:
        """How many writes were reached."""
        return int(self._read()[0] or 0)

    @property
    def place(self) -> str:
        """The last write that was reached."""
        return self._read()[1]

    def watch_disk(self) -> None:
        """Have every function of `os` that alters a disk tell before it does; only ever in a child."""
        for name in _WRITES:
            setattr(os, name, self._watched(name, getattr(os, name)))
        really_open = os.open

        def opening(path: Any, flags: int, *rest: Any, **named: Any) -> int:
            if flags & os.O_CREAT:
                self.at(f"create in {_caller()}")
            return really_open(path, flags, *rest, **named)

        os.open = opening

    def _watched(self, name: str, really: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*values: Any, **named: Any) -> Any:
            caller = _caller()
            self.at(f"{name} in {caller}")
            if name == "write" and len(values[1]) > 1:
                half = len(values[1]) // 2
                written = really(values[0], values[1][:half])
                self.at(f"half of write in {caller}")
                return written
            return really(*values, **named)

        return watched

    def _read(self) -> tuple[str, str]:
        number, _, place = self._shared[:].rstrip(b"\0").decode().partition("\n")
        return number, place


def _caller() -> str:
    frame = sys._getframe(2)
    return frame.f_code.co_name.strip("_")
