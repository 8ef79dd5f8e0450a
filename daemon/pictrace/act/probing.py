"""Looks whether a file could be taken away, before a copy of it is made: else each try would make one more."""

from __future__ import annotations

import errno
import fcntl
import os
import struct
from pathlib import Path

from pictrace.errors import ActError, shown

# Of <linux/fs.h>, as every 64-bit Linux has them.
_GET_FLAGS = 0x80086601
_IMMUTABLE, _APPEND_ONLY = 0x10, 0x20
_STICKY = 0o1000


def require_removable(path: Path, folder: int, file: int) -> None:
    """Refuse a file whose name could not be taken out of its folder.

    Args:
        path: for the message.
        folder, file: descriptors of both.

    Raises:
        ActError: its folder or file system is read-only, or one of the two is protected; nothing was changed.
    """
    if os.fstatvfs(folder).f_flag & os.ST_RDONLY:
        raise ActError(f"{shown(path)}: its file system is read-only, so the file stays", errno=errno.EROFS)
    if (_flags(file) | _flags(folder)) & (_IMMUTABLE | _APPEND_ONLY):
        raise ActError(f"{shown(path)}: is protected by `chattr +i` or `+a`, so the file stays", errno=errno.EPERM)
    if not os.access(f"/proc/self/fd/{folder}", os.W_OK | os.X_OK, effective_ids=True):
        raise ActError(f"{shown(path)}: its folder cannot be written, so the file stays", errno=errno.EACCES)
    status = os.fstat(folder)
    if status.st_mode & _STICKY and os.geteuid() not in (os.fstat(file).st_uid, status.st_uid, 0):
        raise ActError(f"{shown(path)}: is another's in a sticky folder, so the file stays", errno=errno.EPERM)


def _flags(descriptor: int) -> int:
    """Return the inode flags of an open file, 0 where its file system has none."""
    try:
        answer = fcntl.ioctl(descriptor, _GET_FLAGS, bytes(8))
    except OSError:
        return 0
    flags: int = struct.unpack("=I", answer[:4])[0]
    return flags
