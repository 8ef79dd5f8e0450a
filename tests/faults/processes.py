"""A process and all that it started, looked at from outside."""

from __future__ import annotations

import os
import threading
from pathlib import Path

_PAUSE_SECONDS = 0.02


def family(pid: int) -> list[int]:
    """Return a process, and all that it and they started; nothing where it ended."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(name) for thread in threads for name in (thread / "children").read_text().split()]
    except OSError:
        return []
    return [pid, *(one for child in children for one in family(child))]


def resident_bytes(pid: int) -> int:
    """Return the memory that a process takes, with what it shares with others; 0 where it ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


class Memory:
    """The most memory that a process and all that it started took together, while the block ran."""

    def __init__(self, pid: int) -> None:
        self.most_bytes = 0
        self._pid = pid
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._is_over.wait(_PAUSE_SECONDS):
            self.most_bytes = max(self.most_bytes, sum(map(resident_bytes, family(self._pid))))
