"""One PicTrace for each root, and none inside another's: locks by the folders' names, and on the folders themselves.

A lock by name is a byte of a file that stands for all folders, so that no file is left behind for each. It needs no
open folder, which on a disk of its own would keep the disk from being unmounted. A lock on the folder itself is seen by
other users as well, and by a service in a mount namespace of its own.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import logging
import os
import struct
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from pictrace.errors import BusyError, shown
from pictrace.patience import asker_of, real_path
from pictrace.watch import mount_of

log = logging.getLogger(__name__)

_LOCK_FILE: Final = "roots.lock"
# RuntimeDirectory= of the shipped unit: the service has a /tmp of its own, so this is where its user meets it.
_OF_THE_SERVICE: Final = Path("/run/pictrace")


def on_system_disk(folder: Path) -> bool:
    """Return whether a folder lies on the file system of ``/``, which nobody unmounts; a bind mount of it counts."""
    return mount_of(folder).device == mount_of(Path("/")).device


class RootLocks:
    """Holds roots for this process alone, and the folders above them together with others that do the same.

    Args:
        places: folders for the files of locks by name; each is tried, and made where it is missing.
        may_be_open: says whether an open folder is in nobody's way.
    """

    def __init__(self, places: Sequence[Path], *, may_be_open: Callable[[Path], bool] = on_system_disk) -> None:
        self._places = places
        self._may_be_open = may_be_open
        self._held: list[int] = []

    def take(self, roots: Iterable[Path]) -> None:
        """Take the locks of all roots; what was taken before a failure is held until `release`.

        Raises:
            BusyError: another PicTrace works on a root, on a folder that holds one, or on one inside it.
        """
        own = {real_path(root) for root in roots}
        if not own:
            return
        above = {parent for root in own for parent in root.parents}
        files = [file for place in self._places if (file := self._file_in(place)) is not None]
        if not files:
            log.warning("whether another PicTrace works on the same folders cannot be told: no place for locks")
        for folder in sorted(own | above):
            self._lock(folder, files, is_own=folder in own)

    def release(self) -> None:
        """Let go of all."""
        while self._held:
            os.close(self._held.pop())

    def _lock(self, folder: Path, files: Iterable[int], *, is_own: bool) -> None:
        is_free = all(_take_byte(file, folder, is_own=is_own) for file in files)
        if is_free and self._may_be_open(folder):
            is_free = self._take_folder(folder, is_own=is_own)
        if not is_free:
            where = f"{shown(folder)}, or on a folder in it" if is_own else f"all of {shown(folder)}"
            raise BusyError(f"another pictrace, with another state folder, works on {where}: stop it first")

    def _file_in(self, place: Path) -> int | None:
        """Return the open file in a place, None where there can be none."""
        try:
            place.mkdir(mode=0o700, exist_ok=True)
            descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            # Held open and locked: so the system's tidying of /tmp leaves the folder alone, see systemd-tmpfiles(8).
            self._held.append(descriptor)
            if os.fstat(descriptor).st_uid != os.geteuid():
                log.warning("%s is somebody else's, so it is no place for locks", shown(place))
                return None
            _flock(descriptor, is_own=False)
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            file = os.open(_LOCK_FILE, flags, 0o600, dir_fd=descriptor)
        except OSError as error:
            log.warning("%s is no place for locks: %s", shown(place), error.strerror)
            return None
        self._held.append(file)
        return file

    def _take_folder(self, folder: Path, *, is_own: bool) -> bool:
        try:
            descriptor = asker_of(folder).ask(partial(os.open, folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
        except OSError:
            return True  # away, not to be read, or it does not answer: the lock by name has to do
        self._held.append(descriptor)
        try:
            return _flock(descriptor, is_own=is_own)
        except OSError:
            return True  # some file systems lock no folders


def lock_places() -> list[Path]:
    """Return where this user's PicTraces meet, whatever started them; each is one that some of them may not see."""
    user = os.geteuid()
    session = Path(f"/run/user/{user}")
    places = [session / "pictrace"] if session.is_dir() else []
    if _OF_THE_SERVICE.is_dir() and _OF_THE_SERVICE.stat().st_uid == user:
        places.append(_OF_THE_SERVICE)
    return [*places, Path(f"/tmp/pictrace-{user}")]  # noqa: S108 – whose it is, is looked at


def _flock(descriptor: int, *, is_own: bool) -> bool:
    kind = fcntl.LOCK_EX if is_own else fcntl.LOCK_SH
    return _is_taken(partial(fcntl.flock, descriptor, kind | fcntl.LOCK_NB))


def _take_byte(file: int, folder: Path, *, is_own: bool) -> bool:
    """Lock the byte that stands for a folder; it is the open file's, not the process's, and no other close drops it."""
    place = int.from_bytes(hashlib.sha256(os.fsencode(folder)).digest()[:7])
    # struct flock: kind, whence, start, length, process
    wanted = struct.pack("hhqqi4x", fcntl.F_WRLCK if is_own else fcntl.F_RDLCK, os.SEEK_SET, place, 1, 0)
    return _is_taken(partial(fcntl.fcntl, file, fcntl.F_OFD_SETLK, wanted))


def _is_taken(take: Callable[[], object]) -> bool:
    """Return whether the lock is ours now; False where another process has it."""
    try:
        take()
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES):
            return False
        raise
    return True
