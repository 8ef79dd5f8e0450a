"""One writer for each state folder, and one for each root."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from pictrace.errors import BusyError, StoreError, shown
from pictrace.service.root_lock import RootLocks, lock_places

_LOCK_FILE = "lock"
_PID_BYTES = 32


class StateLock:
    """Holds a state folder, and the roots worked on, while the block runs; the kernel lets go when the process dies.

    Args:
        state: made where it is missing.
        roots: folders that no other PicTrace may work on at the same time.
        root_locks: how they are held.
    """

    def __init__(self, state: Path, roots: Sequence[Path] = (), *, root_locks: RootLocks | None = None) -> None:
        self._state = state
        self._roots = tuple(roots)
        self._root_locks = root_locks or RootLocks(lock_places())
        self._held: list[int] = []

    def __enter__(self) -> StateLock:
        """Take the locks, all or none.

        Raises:
            BusyError: another PicTrace holds one; names its process where that is known.
            StoreError: the state folder cannot be made, written or locked.
        """
        try:
            self._lock_state()
            self._root_locks.take(self._roots)
        except BaseException:
            self._release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go."""
        self._release()

    def _lock_state(self) -> None:
        try:
            self._state.mkdir(parents=True, exist_ok=True, mode=0o700)
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            descriptor = os.open(self._state / _LOCK_FILE, flags, 0o600)
            self._held.append(descriptor)
            is_free = _take(descriptor)
            if is_free:
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        except OSError as error:
            raise StoreError(f"{shown(self._state)}: the state folder cannot be used: {error.strerror}") from error
        if not is_free:
            raise BusyError(
                f"another pictrace (process {_holder(descriptor)}) works with {shown(self._state)}: "
                "a daemon scans by itself, so wait, or stop it first"
            )

    def _release(self) -> None:
        self._root_locks.release()
        while self._held:
            os.close(self._held.pop())


def _take(descriptor: int) -> bool:
    """Return whether the lock is ours now; False where another process has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EAGAIN):
            return False
        raise
    return True


def _holder(descriptor: int) -> str:
    text = os.pread(descriptor, _PID_BYTES, 0).decode("ascii", "replace").strip()
    return text if text.isdigit() else "unknown"
