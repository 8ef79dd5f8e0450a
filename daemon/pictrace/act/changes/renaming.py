"""Moves on one file system, by names that must not exist yet."""

from __future__ import annotations

import ctypes
import errno
import functools
import os
from collections.abc import Callable
from dataclasses import dataclass

from pictrace.errors import ActError

_RENAME_NOREPLACE, _RENAME_EXCHANGE = 1, 2
_UNSUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Both ends of a move: a folder's descriptor and a name in it."""

    source_folder: int
    source: str
    target_folder: int
    target: str


def move_file(ends: Ends, checkpoint: Callable[[str], None]) -> None:
    """Give a file a new name that does not exist yet, durably; without ``renameat2`` by a second link first.

    Raises:
        FileExistsError: the new name is taken; nothing was changed.
        OSError: it cannot be moved (EXDEV: the other end is another file system); nothing was changed.
    """
    checkpoint("before rename")
    try:
        rename_noreplace(ends)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
        _link_and_unlink(ends, checkpoint)
    checkpoint("after rename")
    # The target first: a power cut between the two then shows the file twice rather than not at all.
    os.fsync(ends.target_folder)
    os.fsync(ends.source_folder)
    checkpoint("after fsync")


def rename_noreplace(ends: Ends) -> None:
    """Rename where the new name is free (Linux ``renameat2``).

    Raises:
        OSError: as the system call gives it.
    """
    _rename(ends, _RENAME_NOREPLACE)


def exchange_files(ends: Ends) -> None:
    """Have two names of one file system change their files with each other in one step, durably: neither is ever away.

    Raises:
        ActError: this file system cannot do that; nothing was changed.
        OSError: as the system call gives it; nothing was changed.
    """
    try:
        _rename(ends, _RENAME_EXCHANGE)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
        raise ActError(
            f"{ends.target}: this file system cannot have two names change their files, so the file stays",
            errno=error.errno,
        ) from error
    os.fsync(ends.target_folder)
    os.fsync(ends.source_folder)


def _rename(ends: Ends, flag: int) -> None:
    call = _renameat2()
    if call is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    source, target = os.fsencode(ends.source), os.fsencode(ends.target)
    if call(ends.source_folder, source, ends.target_folder, target, flag) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), ends.source, None, ends.target)


def _link_and_unlink(ends: Ends, checkpoint: Callable[[str], None]) -> None:
    try:
        os.link(
            ends.source,
            ends.target,
            src_dir_fd=ends.source_folder,
            dst_dir_fd=ends.target_folder,
            follow_symlinks=False,
        )
    except PermissionError as error:
        raise ActError(
            f"{ends.source}: this file system can neither rename without overwriting nor link: {error.strerror}",
            errno=error.errno,
        ) from error
    os.fsync(ends.target_folder)
    checkpoint("linked")
    try:
        os.unlink(ends.source, dir_fd=ends.source_folder)
    except OSError:
        # One file with two names is no move: the new one goes again.
        os.unlink(ends.target, dir_fd=ends.target_folder)
        raise


@functools.cache
def _renameat2() -> Callable[..., int] | None:
    try:
        function: Callable[..., int] = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return None
    return function
