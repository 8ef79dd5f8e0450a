"""One writer for each state folder, and one for each root."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType

from pictrace.errors import BusyError, StoreError, shown
from pictrace.patience import asker_of, real_path
from pictrace.watch import mount_of

log = logging.getLogger(__name__)

_LOCK_FILE = "lock"
_PID_BYTES = 32
_NAME_CHARACTERS = 32


def _mount_point(path: Path) -> Path:
    return mount_of(path).point


class StateLock:
    """Holds a state folder, and the roots worked on, while the block runs; the kernel lets go when the process dies.

    Args:
        state: made where it is missing.
        roots: folders that no other PicTrace may work on at the same time.
        mount_point: says on which mount a folder lies.
    """

    def __init__(
        self, state: Path, roots: Sequence[Path] = (), *, mount_point: Callable[[Path], Path] = _mount_point
    ) -> None:
        self._state = state
        self._roots = tuple(roots)
        self._mount_point = mount_point
        self._held: list[int] = []

    def __enter__(self) -> StateLock:
        """Take the locks, all or none.

        Raises:
            BusyError: another PicTrace holds one; names its process where that is known.
            StoreError: the state folder cannot be made, written or locked.
        """
        try:
            self._lock_state()
            for folder in _one_name_each(self._roots):
                self._lock_root(folder)
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
                "stop it, or use another --state"
            )

    def _lock_root(self, root: Path) -> None:
        """Lock a root, without a write to it, and without an open file on a disk that somebody may want to unmount."""
        if self._mount_point(root) == Path("/"):
            self._lock_folder(root)
        else:
            self._lock_name(root)

    def _lock_name(self, root: Path) -> None:
        """Lock a file that stands for a root; another user's PicTrace, or one in a container, does not see it."""
        folder = _runtime_folder(os.environ)
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            if folder.lstat().st_uid != os.geteuid():
                return  # somebody else's, in a folder where everybody may write
            name = hashlib.sha256(os.fsencode(real_path(root))).hexdigest()
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            descriptor = os.open(folder / f"root-{name[:_NAME_CHARACTERS]}.lock", flags, 0o600)
        except OSError as error:
            log.warning("%s: whether another PicTrace works on it cannot be told: %s", shown(root), error.strerror)
            return
        self._held.append(descriptor)
        if not _take(descriptor):
            raise BusyError(_elsewhere(root))

    def _lock_folder(self, root: Path) -> None:
        try:
            descriptor = asker_of(root).ask(partial(os.open, root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
        except OSError:
            return  # away, or it does not answer: nobody can work on it
        self._held.append(descriptor)
        try:
            is_free = _take(descriptor)
        except OSError:
            return  # NFS, CIFS and some FUSE file systems lock no folders: the state's lock has to do
        if not is_free:
            raise BusyError(_elsewhere(root))

    def _release(self) -> None:
        while self._held:
            os.close(self._held.pop())


def _elsewhere(root: Path) -> str:
    return f"another pictrace, with another state folder, works on {shown(root)}: stop it first"


def _runtime_folder(environ: Mapping[str, str]) -> Path:
    """Return where this user's programs keep what ends with them."""
    given = environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]  # systemd's, for a service
    if given:
        return Path(given)
    session = environ.get("XDG_RUNTIME_DIR", "")
    return Path(session, "pictrace") if session.startswith("/") else Path(f"/tmp/pictrace-{os.geteuid()}")  # noqa: S108


def _one_name_each(roots: Sequence[Path]) -> list[Path]:
    """Return the roots without second names of one folder, which would find themselves locked."""
    return list({real_path(root): root for root in roots}.values())


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
