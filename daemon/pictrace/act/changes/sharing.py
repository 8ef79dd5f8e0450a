"""Makes a second name or a clone of a file: a twin, whose data is that of the keeper."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from pictrace.act.changes.copying import copy_attributes, read_back
from pictrace.errors import ActError, shown

# Of <linux/fs.h>, as every architecture of Linux but a few old ones has it.
_FICLONE = 0x40049409
_CANNOT_SHARE = (errno.EOPNOTSUPP, errno.EINVAL, errno.ENOTTY, errno.ENOSYS, errno.EXDEV)


def link_twin(keeper_folder: int, keeper: str, folder: int, twin: str) -> None:
    """Give the keeper's file a second name that does not exist yet.

    Raises:
        ActError: the file system cannot, or the two folders are not on one; nothing was changed.
    """
    try:
        os.link(keeper, twin, src_dir_fd=keeper_folder, dst_dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        raise ActError(f"{shown(keeper)}: cannot get a second name: {error.strerror}", errno=error.errno) from error
    os.fsync(folder)


def clone_twin(keeper: int, folder: int, twin: str, alike: tuple[Path, int], checkpoint: Callable[[str], None]) -> None:
    """Store a file that shares the keeper's data until one of the two is written, and looks like the one it replaces.

    Args:
        keeper: open.
        folder: where the twin is stored.
        twin: its name, which does not exist yet.
        alike: path and descriptor of the file whose owner, attributes, mode and times it gets.
        checkpoint: told when the file is there, and when it is whole.

    Raises:
        ActError: the file system cannot share data, or does not give back what was shared; the twin is gone again.
        OSError: it cannot be written; the twin is gone again.
    """
    path, old = alike
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    made = os.open(twin, flags, 0o600, dir_fd=folder)
    try:
        checkpoint("twin made")
        _clone(keeper, made, path)
        copy_attributes(path, old, made, os.fstat(old))
        os.fsync(made)
        if read_back(made) != read_back(old):
            raise ActError(f"{shown(path)}: the shared data read back is not the photo; is the disk failing?")
    except Exception:
        os.unlink(twin, dir_fd=folder)
        raise
    finally:
        os.close(made)
    os.fsync(folder)


def _clone(keeper: int, made: int, path: Path) -> None:
    try:
        fcntl.ioctl(made, _FICLONE, keeper)
    except OSError as error:
        if error.errno not in _CANNOT_SHARE:
            raise
        raise ActError(
            f"{shown(path)}: this file system cannot share data between files (reflink: btrfs, xfs, bcachefs)",
            errno=error.errno,
        ) from error
