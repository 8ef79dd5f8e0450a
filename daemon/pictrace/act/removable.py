"""Says, before a file is copied to another disk, whether it could be taken away afterwards."""

from __future__ import annotations

import errno
import fcntl
import os
import struct
from pathlib import Path
from typing import Final

from pictrace.errors import ActError, shown

_LONG: Final = struct.calcsize("l")
# FS_IOC_GETFLAGS of linux/fs.h: _IOR('f', 1, long). The kernel fills in an int.
_GET_FLAGS: Final = 2 << 30 | _LONG << 16 | ord("f") << 8 | 1
_IMMUTABLE_OR_APPEND_ONLY: Final = 0x10 | 0x20


def require_removable(path: Path, folder: int, descriptor: int) -> None:
    """Refuse to copy what could not be taken away afterwards: else each try leaves one more copy behind.

    Args:
        path: the file, for the message.
        folder: descriptor of the folder it lies in.
        descriptor: of the file.

    Raises:
        OSError: the disk is mounted read-only, or the file or its folder is set to be changed by nobody.
        ActError: this user may not.
    """
    if os.fstatvfs(folder).f_flag & os.ST_RDONLY:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), os.fspath(path))
    if (_flags(folder) | _flags(descriptor)) & _IMMUTABLE_OR_APPEND_ONLY:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM), os.fspath(path))
    status = os.fstat(folder)
    is_sticky = bool(status.st_mode & 0o1000)
    owners = (os.fstat(descriptor).st_uid, status.st_uid, 0)
    if not os.access(f"/proc/self/fd/{folder}", os.W_OK) or (is_sticky and os.geteuid() not in owners):
        raise ActError(f"{shown(path)}: its folder cannot be written, so the file cannot be moved out of it")


def _flags(descriptor: int) -> int:
    """Return the attributes that ``chattr`` sets; none where the file system has none."""
    try:
        answer = fcntl.ioctl(descriptor, _GET_FLAGS, bytes(_LONG))
    except OSError:
        return 0
    return int(struct.unpack_from("i", answer)[0])
