"""Copies to another file system, verified before anything counts on them."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

from pictrace.errors import ActError, shown

_BLOCK_BYTES = 1024 * 1024
_ROOM_FACTOR = 1.05
_KEPT = ("user.", "system.")  # access control lists are named system.*


def copy_whole(  # noqa: PLR0913 – a copy has these ends
    source: Path,
    source_descriptor: int,
    target_folder: int,
    temporary: str,
    content_hash: bytes,
    checkpoint: Callable[[str], None],
    *,
    keeps_owner: bool = True,
) -> None:
    """Store a verified copy of an open file under a temporary name: bytes, times, mode, attributes, perhaps owner.

    Raises:
        OSError: no space, or the target cannot be written; the temporary file is gone again.
        ActError: what was read back is not what was wanted; the temporary file is gone again.
    """
    status = os.fstat(source_descriptor)
    room = os.fstatvfs(target_folder)
    free_bytes = room.f_bavail * room.f_frsize
    if free_bytes < status.st_size * _ROOM_FACTOR:
        raise ActError(
            f"{shown(source)}: no space left where it was to go: {status.st_size} bytes are needed, {free_bytes} free",
            errno=errno.ENOSPC,
        )
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    copy = os.open(temporary, flags, 0o600, dir_fd=target_folder)
    try:
        checkpoint("temporary made")
        _copy_bytes(source_descriptor, copy, status.st_size)
        copy_attributes(source, source_descriptor, copy, status, keeps_owner=keeps_owner)
        os.fsync(copy)
        checkpoint("copied")
        if read_back(copy) != content_hash:
            raise ActError(f"{shown(source)}: the copy read back is not what was written; is the target disk failing?")
    except Exception:
        os.unlink(temporary, dir_fd=target_folder)
        raise
    finally:
        os.close(copy)


def _copy_bytes(source: int, copy: int, size_bytes: int) -> None:
    if size_bytes:
        # Finds out that there is no room before a byte is written.
        os.posix_fallocate(copy, 0, size_bytes)
    os.lseek(source, 0, os.SEEK_SET)
    while block := os.read(source, _BLOCK_BYTES):
        view = memoryview(block)
        while view:
            view = view[os.write(copy, view) :]


def copy_attributes(path: Path, source: int, copy: int, status: os.stat_result, *, keeps_owner: bool = True) -> None:
    """Give a copy owner, attributes, mode and times of its source, in an order in which none undoes another.

    Raises:
        ActError: the target's file system cannot keep one of them.
    """
    if keeps_owner and (status.st_uid, status.st_gid) != (os.fstat(copy).st_uid, os.fstat(copy).st_gid):
        try:
            os.fchown(copy, status.st_uid, status.st_gid)
        except PermissionError as error:
            raise ActError(
                f"{shown(path)}: its owner cannot be kept on another file system", errno=error.errno
            ) from error
    # Before the mode: what is read-only takes no attributes from anybody but root.
    copy_xattrs(path, source, copy)
    os.fchmod(copy, stat.S_IMODE(status.st_mode))
    os.utime(copy, ns=(status.st_atime_ns, status.st_mtime_ns))
    kept = os.fstat(copy)
    if (kept.st_mtime_ns, kept.st_mode) != (status.st_mtime_ns, status.st_mode):
        # Some keep times to two seconds, or no permissions at all, and say nothing.
        raise ActError(f"{shown(path)}: its time or mode cannot be kept on another file system")


def copy_xattrs(path: Path, source: int, copy: int) -> None:
    """Copy extended attributes from one open file to another: a user's own, and access control lists.

    Others, such as security labels, are the target system's to give.

    Raises:
        ActError: one cannot be kept.
    """
    for name in os.listxattr(source):
        try:
            os.setxattr(copy, name, os.getxattr(source, name))
        except OSError as error:
            if name.startswith(_KEPT):
                raise ActError(
                    f"{shown(path)}: its attribute {name} cannot be kept on another file system", errno=error.errno
                ) from error


def read_back(copy: int) -> bytes:
    """Return the SHA-256 of an open file, read from the disk rather than from memory where the system lets us."""
    os.posix_fadvise(copy, 0, 0, os.POSIX_FADV_DONTNEED)
    os.lseek(copy, 0, os.SEEK_SET)
    digest = hashlib.sha256()
    while block := os.read(copy, _BLOCK_BYTES):
        digest.update(block)
    return digest.digest()
