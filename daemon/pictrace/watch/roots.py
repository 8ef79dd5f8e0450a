"""The identity of a root: a disk that is away, or another one in its place, must never pass for an empty library."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pictrace.config import RootConfig
from pictrace.config.places import OWN_FOLDER, ROOT_ID
from pictrace.errors import BusyError, shown
from pictrace.model import Role, RootInfo, RootState
from pictrace.watch.mounts import mount_of

MARKER = Path(OWN_FOLDER, ROOT_ID)
_IDENTITY_CHARACTERS = 64
_ID_PREFIX = "fsid="


def open_root(
    config: RootConfig,
    known: RootInfo | None,
    *,
    new_identity: Callable[[], str],
    write_marker: Callable[[Path, str], bool],
) -> RootInfo:
    """Return a root that can be used now.

    Args:
        config: path and role.
        known: the root as it was last known at this path, None for a new one.
        new_identity: makes a random id.
        write_marker: puts an id into a root's marker file; False where it may not.

    Raises:
        BusyError: nothing is there, or not what was there before; says what to do.
    """
    info = _looked_at(config)
    found = info.identity or None
    if known is None:
        return info if found else _marked(info, new_identity(), write_marker)
    if found == known.identity:
        return info
    if found is None and _is_same_folder(info, known):
        # Never marked, or the marker was deleted from the very same folder.
        return _marked(info, known.identity, write_marker)
    raise BusyError(
        f"{shown(config.path)} is not the folder it was: its marker {MARKER} is "
        f"{'missing' if not found else 'another'}."
        " Another disk, or an empty mount point? Mount the right one; do not create the marker by hand."
        " If this folder is meant, name it in a fresh state folder (--state)."
    )


def check_root(root: RootInfo) -> RootState:
    """Return whether a root is the known one now."""
    try:
        status = root.path.stat()
        filesystem_id = _filesystem_id(root.path)
        marker = read_marker(root.path)
    except FileNotFoundError:
        return RootState.MISSING
    except OSError:
        return RootState.UNREADABLE
    if (status.st_dev, status.st_ino) != (root.dev, root.ino):
        return RootState.REPLACED
    known_id = _id_of(root.filesystem)
    if known_id.startswith(_ID_PREFIX) and known_id != filesystem_id:
        return RootState.REPLACED
    return RootState.USABLE if marker in (None, root.identity) else RootState.REPLACED


def read_marker(root: Path) -> str | None:
    """Return the id in a root's marker file, None where there is none that this user may read.

    Raises:
        OSError: the disk does not answer.
    """
    # Whoever may write to the root may have put a pipe or a link there.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(root / MARKER, flags)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            return None
        raise
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        text = os.read(descriptor, _IDENTITY_CHARACTERS).decode("ascii", errors="replace")
    finally:
        os.close(descriptor)
    return text.strip() or None


def _looked_at(config: RootConfig) -> RootInfo:
    """Return what is at a root's path now; the identity is empty where there is no marker."""
    try:
        status = config.path.stat()
        os.scandir(config.path).close()
        filesystem, marker = _filesystem(config.path), read_marker(config.path)
    except OSError as error:
        raise BusyError(f"{shown(config.path)} is away: {error.strerror}. Is its disk mounted?") from error
    return RootInfo(
        identity=marker or "",
        path=config.path,
        role=config.role,
        dev=status.st_dev,
        ino=status.st_ino,
        filesystem=filesystem,
    )


def _is_same_folder(info: RootInfo, known: RootInfo) -> bool:
    """Return whether a root without a marker is the known one.

    Device numbers alone do not tell: another disk in the same socket gets the same one, and its top folder the same
    inode; an NFS mount gets another one each time. Where the kernel tells the file system's own id, that counts.
    """
    if _id_of(info.filesystem) and _id_of(known.filesystem):
        return (info.ino, info.filesystem) == (known.ino, known.filesystem)
    return (info.ino, info.dev) == (known.ino, known.dev)


def _filesystem(path: Path) -> str:
    """Return the file system's type and, where it can be told from others of its type, its id or source."""
    mount = mount_of(path)
    name = _filesystem_id(path) or (mount.source if mount.is_remote else "")
    return f"{mount.filesystem} {name}".rstrip()


def _filesystem_id(path: Path) -> str:
    number = os.statvfs(path).f_fsid
    return f"{_ID_PREFIX}{number:x}" if number else ""


def _id_of(filesystem: str) -> str:
    return filesystem.partition(" ")[2]


def _marked(info: RootInfo, identity: str, write_marker: Callable[[Path, str], bool]) -> RootInfo:
    """Return a root with its identity, written into its marker where PicTrace may write."""
    if info.role is not Role.READONLY:
        write_marker(info.path, identity)
    return replace(info, identity=identity)
