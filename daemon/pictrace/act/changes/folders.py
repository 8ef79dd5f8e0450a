"""Folders by descriptor: what is renamed later is in the folder that was looked at, whatever its path says then."""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pictrace.errors import ActError, shown

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Of <linux/openat2.h>; the number is the same on every architecture.
_OPENAT2 = 437
_NO_MAGICLINKS, _NO_SYMLINKS, _BENEATH = 0x02, 0x04, 0x08
# An old kernel has no such call, and a sandbox may not let it through.
_UNSUPPORTED = (errno.ENOSYS, errno.EPERM, errno.EINVAL, errno.E2BIG)


@contextmanager
def open_folder(top: Path, folder: Path) -> Iterator[int]:
    """Give a descriptor of a folder, reached from a top one step at a time: a link anywhere between is refused.

    Args:
        top: a root, or a quarantine folder named in the config; links in its own path are the owner's choice.
        folder: the top itself or a folder below it.

    Raises:
        ActError: the folder is not there, is no folder, or lies behind a link.
    """
    descriptor = os.open(top, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        relative = folder.relative_to(top)
        if relative.parts:
            below = _opened_below(descriptor, relative, folder)
            os.close(descriptor)
            descriptor = below
        yield descriptor
    finally:
        os.close(descriptor)


def _opened_below(top: int, relative: Path, folder: Path) -> int:
    """Return a descriptor of a folder below an open one, by one call of the kernel where it has it, else by steps."""
    try:
        return _openat2(top, relative)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise _refused(folder, relative.name, error) from error
    return _opened_by_steps(top, relative, folder)


def _opened_by_steps(top: int, relative: Path, folder: Path) -> int:
    descriptor = os.dup(top)
    for part in relative.parts:
        try:
            if part == "..":
                raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
            below = os.open(part, _FOLDER, dir_fd=descriptor)
        except OSError as error:
            raise _refused(folder, part, error) from error
        finally:
            os.close(descriptor)
        descriptor = below
    return descriptor


def _openat2(top: int, relative: Path) -> int:
    """Open a folder below an open one; neither a link nor ``..`` on the way leads anywhere (Linux 5.6)."""
    how = struct.pack("=QQQ", _FOLDER, 0, _BENEATH | _NO_SYMLINKS | _NO_MAGICLINKS)
    call = _syscall()
    if call is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    number, folder, size = ctypes.c_long(_OPENAT2), ctypes.c_long(top), ctypes.c_size_t(len(how))
    descriptor = call(number, folder, os.fsencode(relative), how, size)
    if descriptor < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return int(descriptor)


@functools.cache
def _syscall() -> Callable[..., int] | None:
    try:
        function = ctypes.CDLL(None, use_errno=True).syscall
    except (OSError, AttributeError):
        return None
    function.restype = ctypes.c_long
    found: Callable[..., int] = function
    return found


def _refused(folder: Path, part: str, error: OSError) -> ActError:
    return ActError(f"{shown(folder)}: {shown(part)} is no plain folder: {error.strerror}", errno=error.errno)


def make_folder(top: Path, folder: Path) -> int:
    """Make a folder below a top, and those between, readable by the owner alone.

    Returns:
        How many were not there: that many at the end of the path are ours.

    Raises:
        OSError: it cannot be made.
        ActError: something else has its name.
    """
    made, count = top, 0
    for part in folder.relative_to(top).parts:
        with open_folder(top, made) as descriptor:
            try:
                os.mkdir(part, 0o700, dir_fd=descriptor)
            except FileExistsError:
                pass
            else:
                os.fsync(descriptor)
                count += 1
        made = made / part
    with open_folder(top, folder):
        pass
    return count


def remove_empty(top: Path, folder: Path) -> None:
    """Remove a folder below a top in which nothing is.

    Raises:
        OSError: something is in it, or it is not there.
        ActError: it lies behind a link.
    """
    with open_folder(top, folder.parent) as descriptor:
        os.rmdir(folder.name, dir_fd=descriptor)


def sync_folder(descriptor: int) -> None:
    """Have the names in a folder on the disk."""
    os.fsync(descriptor)
