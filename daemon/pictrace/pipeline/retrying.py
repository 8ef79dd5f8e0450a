"""When a failed act is tried again: after half a minute, then each time after twice as long, at most after an hour."""

from __future__ import annotations

import errno
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pictrace.model import Change

FIRST_SECONDS: Final = 30.0
LONGEST_SECONDS: Final = 3600.0
# These are said of a disk, not of one file on it. EPERM and EACCES are not among them: one file that nobody may move
# must not keep the others waiting.
_OF_THE_DISK: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE, errno.ENODEV, errno.ENXIO, errno.EHOSTDOWN}
)
# How the journal's reasons end where the operating system refused.
_NUMBER: Final = re.compile(r"\(errno (\d+)\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedActs:
    """The files of one root that an act failed on, and why; ``is_resting``: nothing in that root is moved for now."""

    root: str  # RootInfo.identity
    count: int
    cause: str
    is_resting: bool


@dataclass(slots=True)
class _Waiting:
    root: str
    cause: str
    pause_seconds: float
    due: float


@dataclass(slots=True)
class _Rest:
    cause: str
    pause_seconds: float
    until: float


class Retries:
    """The files that an act failed on, and the roots whose disk refuses: full, read-only, broken.

    A root whose disk refuses rests: nothing in it is tried meanwhile, and then one file first.

    Args:
        monotonic: seconds.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._files: dict[Path, _Waiting] = {}
        self._rests: dict[str, _Rest] = {}

    def is_resting(self, root: str) -> bool:
        """Return whether nothing in a root is to be tried now."""
        rest = self._rests.get(root)
        return rest is not None and self._now() < rest.until

    def note(self, path: Path, change: Change) -> None:
        """Take note of a change for a file that could not be made."""
        cause = change.error or "for a reason that nobody wrote down"
        found = _NUMBER.search(cause)
        if found is not None and int(found[1]) in _OF_THE_DISK:
            self._let_rest(change.root, cause)
            self.put_off(path, change.root)
        else:
            self._wait(path, change.root, cause)

    def note_busy(self, path: Path, root: str, cause: str) -> None:
        """Take note of a file that was not tried because another program makes a change; its root rests."""
        self._let_rest(root, cause)
        self.put_off(path, root)

    def put_off(self, path: Path, root: str) -> None:
        """Have a file wait that was not tried, because its root rests."""
        rest = self._rests[root]
        self._files[path] = _Waiting(root, rest.cause, 0.0, rest.until)

    def later(self, path: Path) -> None:
        """Have a file that could not be looked at wait on."""
        waiting = self._files[path]
        self._wait(path, waiting.root, waiting.cause)

    def succeeded(self, root: str) -> None:
        """Take note that something in a root was moved: what waits for its disk is due."""
        if self._rests.pop(root, None) is None:
            return
        for waiting in self._files.values():
            if waiting.root == root and not waiting.pause_seconds:
                waiting.due = self._now()

    def forget(self, path: Path) -> None:
        """Take note that nothing is left to do about a file."""
        waiting = self._files.pop(path, None)
        if waiting is not None and all(other.root != waiting.root for other in self._files.values()):
            self._rests.pop(waiting.root, None)

    def wake(self) -> None:
        """Have everything be due: a person says that it is time, or a disk is there again."""
        self._rests.clear()
        for waiting in self._files.values():
            waiting.due = self._now()

    def due(self, most: int) -> list[Path]:
        """Return files to be tried now, at most so many."""
        now = self._now()
        return [path for path, waiting in self._files.items() if waiting.due <= now][:most]

    def failed(self) -> list[FailedActs]:
        """Return what fails, one for each root."""
        by_root: dict[str, list[_Waiting]] = {}
        for waiting in self._files.values():
            by_root.setdefault(waiting.root, []).append(waiting)
        return [
            FailedActs(root=root, count=len(files), cause=self._cause(root, files), is_resting=root in self._rests)
            for root, files in by_root.items()
        ]

    def _cause(self, root: str, files: list[_Waiting]) -> str:
        return self._rests[root].cause if root in self._rests else files[0].cause

    def _wait(self, path: Path, root: str, cause: str) -> None:
        before = self._files.get(path)
        pause = FIRST_SECONDS if before is None else _longer(before.pause_seconds)
        self._files[path] = _Waiting(root, cause, pause, self._now() + pause)

    def _let_rest(self, root: str, cause: str) -> None:
        """Leave a root in peace; what waits for its disk waits with it."""
        before = self._rests.get(root)
        pause = FIRST_SECONDS if before is None else _longer(before.pause_seconds)
        self._rests[root] = _Rest(cause, pause, self._now() + pause)
        for path, waiting in self._files.items():
            if waiting.root == root and not waiting.pause_seconds:
                self.put_off(path, root)


def _longer(pause_seconds: float) -> float:
    return min(LONGEST_SECONDS, max(FIRST_SECONDS, 2 * pause_seconds))
