"""The lock that lets one program at a time make changes by a journal."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pictrace.errors import BusyError, shown

# Three seconds: a change takes as long as hashing three photos, and the daemon's loop waits as well, which has its
# watchdog to tell.
_MOST_WAITS: Final = 60
_WAIT_SECONDS: Final = 0.05
_sleep = time.sleep


class ActingLock:
    """A lock between programs, in a file; the kernel frees it when its holder ends, however that happens.

    Who waited in vain once does not wait the next time: a holder that is stopped, or hangs in a share that does not
    answer, holds nobody up again and again.

    Args:
        path: of the file; made where it is missing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._most_waits = _MOST_WAITS

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock.

        Raises:
            BusyError: another program does not let go of it in time.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            self._wait(descriptor)
            yield
        finally:
            os.close(descriptor)

    def _wait(self, descriptor: int) -> None:
        waits = 0
        while not _is_locked(descriptor):
            if waits >= self._most_waits:
                self._most_waits = 0
                raise BusyError(
                    f"another pictrace makes a change and does not end it: {shown(self._path)} is locked; "
                    "let that one go on or end it, and try again"
                )
            _sleep(_WAIT_SECONDS)
            waits += 1
        self._most_waits = _MOST_WAITS


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
