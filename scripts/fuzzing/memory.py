"""How much memory a process and all that it started take, looked at many times a second."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType

_SECONDS = 0.02
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Meter:
    """Watches a tree of processes while a block runs; pages that two share count twice.

    ``tree_bytes``: the most that all took together. ``worker_bytes``: the most that one below the top took, by the
    kernel's own mark, so that no peak is missed while the process lives. ``top_bytes``: the most the top itself took.
    """

    def __init__(self, top: int) -> None:
        self._top = top
        self.tree_bytes = self.worker_bytes = self.top_bytes = 0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Meter:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(_SECONDS):
            below = _below(self._top)
            now = [_resident(process) for process in (self._top, *below)]
            self.tree_bytes = max(self.tree_bytes, sum(now))
            self.top_bytes = max(self.top_bytes, now[0])
            self.worker_bytes = max(self.worker_bytes, *(_highest(process) for process in below), 0)


def _below(process: int) -> list[int]:
    found: list[int] = []
    for task in _listed(Path(f"/proc/{process}/task")):
        for word in _read(task / "children").split():
            found += [int(word), *_below(int(word))]
    return found


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError:  # it ended in between
        return ""


def _resident(process: int) -> int:
    words = _read(Path(f"/proc/{process}/statm")).split()
    return int(words[1]) * _PAGE if words else 0


def _highest(process: int) -> int:
    lines = (line for line in _read(Path(f"/proc/{process}/status")).splitlines() if line.startswith("VmHWM"))
    return next((int(line.split()[1]) * 1024 for line in lines), 0)
