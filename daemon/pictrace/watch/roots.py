"""The identity of a root: a disk that is away, or another one in its place, must never pass for an empty library."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pictrace.config import RootConfig
from pictrace.errors import BusyError, shown
from pictrace.model import RootInfo, RootState
from pictrace.watch.mounts import mount_of

MARKER = Path(".pictrace", "root-id")
_IDENTITY_CHARACTERS = 64


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
    try:
        status = config.path.stat()
        os.scandir(config.path).close()
    except OSError as error:
        raise BusyError(f"{shown(config.path)} is away: {error.strerror}. Is its disk mounted?") from error
    found = read_marker(config.path)
    info = RootInfo(
        identity=found or "",
        path=config.path,
        role=config.role,
        dev=status.st_dev,
        ino=status.st_ino,
        filesystem=mount_of(config.path).filesystem,
    )
    if known is None:
        return replace(info, identity=found or _marked(config.path, new_identity(), write_marker))
    if found == known.identity:
        return info
    is_same_folder = (info.dev, info.ino) == (known.dev, known.ino)
    if found is None and is_same_folder:
        # Never marked, or the marker was deleted from the very same folder.
        return replace(info, identity=_marked(config.path, known.identity, write_marker))
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
        marker = read_marker(root.path)
    except FileNotFoundError:
        return RootState.MISSING
    except OSError:
        return RootState.UNREADABLE
    if (status.st_dev, status.st_ino) != (root.dev, root.ino):
        return RootState.REPLACED
    return RootState.USABLE if marker in (None, root.identity) else RootState.REPLACED


def read_marker(root: Path) -> str | None:
    """Return the id in a root's marker file, None where there is none."""
    try:
        text = (root / MARKER).read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    return text.strip()[:_IDENTITY_CHARACTERS] or None


def _marked(path: Path, identity: str, write_marker: Callable[[Path, str], bool]) -> str:
    write_marker(path, identity)
    return identity
