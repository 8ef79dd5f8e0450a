"""Looks at both ends of a move: what is not there is told apart from what cannot be told now."""

from __future__ import annotations

import errno
from enum import Enum, auto
from pathlib import Path

from pictrace.act.guard import hash_open, open_file
from pictrace.act.world import World
from pictrace.errors import ActError
from pictrace.model import Change, ChangeState, RootState


class Found(Enum):
    """What is at a place."""

    WHOLE = auto()  # the file, with the content it had
    OTHER = auto()  # something else
    NOTHING = auto()
    UNKNOWN = auto()  # its disk is away, or does not answer


def found_at(world: World, path: Path | None, content_hash: bytes) -> Found:
    """Return what is at a place in a root or a quarantine."""
    if path is None:
        return Found.NOTHING
    if not _is_usable(world, path):
        return Found.UNKNOWN
    try:
        with open_file(world, path) as descriptor:
            return Found.WHOLE if hash_open(descriptor) == content_hash else Found.OTHER
    except ActError as problem:
        return _told_by(problem.errno)
    except (OSError, LookupError):
        return Found.UNKNOWN  # not even the root, or what lies there cannot be read


def is_within_reach(world: World, change: Change) -> bool:
    """Return whether the roots of both ends can be used, and their folders are there.

    A quarantine on a disk that is away is not empty. A change that was only planned may not have made its folder yet.
    """
    ends = [path for path in (change.source, change.target) if path is not None]
    if not all(_is_usable(world, path) for path in ends):
        return False
    return change.state is ChangeState.PLANNED or all(path.parent.is_dir() for path in ends)


def _is_usable(world: World, path: Path) -> bool:
    root = world.root_of(path)
    if root is None:
        is_inside = world.quarantine is not None and path.is_relative_to(world.quarantine)
        return is_inside or world.is_in_trash(path)
    return world.state_of(root.identity) is RootState.USABLE


def _told_by(number: int | None) -> Found:
    if number in (errno.ENOENT, errno.ENOTDIR):
        return Found.NOTHING
    if number in (None, errno.ELOOP, errno.ENXIO):
        return Found.OTHER  # a link, a pipe, a folder
    return Found.UNKNOWN
