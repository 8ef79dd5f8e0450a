"""One writer for each state folder, and one for each root."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from pictrace.errors import BusyError, StoreError, shown

_LOCK_FILE = "lock"


class StateLock:
    """Holds a state folder, and the roots worked on, while the block runs; the kernel lets go when the process dies.

    Args:
        state: made where it is missing.
        roots: folders that no other PicTrace may work on at the same time; those that are away are passed over.
    """

    def __init__(self, state: Path, roots: Sequence[Path] = ()) -> None:
        self._state = state
        self._roots = tuple(roots)
        self._held: list[int] = []

    def __enter__(self) -> StateLock:
        """Take the locks.

        Raises:
            BusyError: another PicTrace holds one; names its process.
            StoreError: the state folder cannot be made or written.
        """
        try:
            self._state.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self._state / _LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"{shown(self._state)}: the state folder cannot be written: {error.strerror}") from error
        self._held.append(descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
            self._release()
            raise BusyError(
                f"another pictrace (process {holder}) works with {shown(self._state)}: stop it, or use another --state"
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        for root in self._roots:
            self._lock_root(root)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go."""
        self._release()

    def _lock_root(self, root: Path) -> None:
        """Lock the root folder itself: nothing is written into it."""
        try:
            descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            return
        self._held.append(descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._release()
            raise BusyError(f"another pictrace works on {shown(root)}: stop it first") from error
        except OSError:
            # Some network file systems have no locks.
            return

    def _release(self) -> None:
        for descriptor in self._held:
            os.close(descriptor)
        self._held.clear()
