"""Folders by descriptor: what is renamed later is in the folder that was looked at, whatever its path says then."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pictrace.errors import ActError, shown

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


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
        for part in folder.relative_to(top).parts:
            try:
                below = os.open(part, _FOLDER, dir_fd=descriptor)
            except OSError as error:
                raise ActError(
                    f"{shown(folder)}: {shown(part)} is no plain folder: {error.strerror}", errno=error.errno
                ) from error
            os.close(descriptor)
            descriptor = below
        yield descriptor
    finally:
        os.close(descriptor)


def make_folder(top: Path, folder: Path) -> None:
    """Make a folder below a top, and those between, readable by the owner alone.

    Raises:
        OSError: it cannot be made.
        ActError: something else has its name.
    """
    made = top
    for part in folder.relative_to(top).parts:
        with open_folder(top, made) as descriptor:
            try:
                os.mkdir(part, 0o700, dir_fd=descriptor)
            except FileExistsError:
                pass
            else:
                os.fsync(descriptor)
        made = made / part
    with open_folder(top, folder):
        pass


def sync_folder(descriptor: int) -> None:
    """Have the names in a folder on the disk."""
    os.fsync(descriptor)
