"""Roots, and the files in them."""

from __future__ import annotations

import os
import stat as stat_module
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Role(StrEnum):
    """What a root is for."""

    LIBRARY = "library"
    INBOX = "inbox"
    ARCHIVE = "archive"  # may be offline; never acted on, never the keeper of an act
    READONLY = "readonly"

    @property
    def may_act(self) -> bool:
        """Whether PicTrace may change anything in such a root."""
        return self in (Role.LIBRARY, Role.INBOX)


class RootState(StrEnum):
    """Whether a root can be used now."""

    USABLE = "usable"
    MISSING = "missing"  # nothing at its path
    REPLACED = "replaced"  # something else at its path: another disk, an empty mount point
    UNREADABLE = "unreadable"
    STALLED = "stalled"  # its disk does not answer: a network share that hangs


@dataclass(frozen=True, slots=True, kw_only=True)
class StatKey:
    """What must stay equal for a file to count as unchanged.

    mtime alone is not enough: tools set it back after a change, ctime they cannot.
    """

    dev: int
    ino: int
    size_bytes: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> StatKey:
        """Return the key of a stat result."""
        return cls(
            dev=status.st_dev,
            ino=status.st_ino,
            size_bytes=status.st_size,
            mtime_ns=status.st_mtime_ns,
            ctime_ns=status.st_ctime_ns,
        )

    @property
    def inode(self) -> tuple[int, int]:
        """What tells a file from every other one that is there: two names of one file have it in common."""
        return self.dev, self.ino


def is_regular(status: os.stat_result) -> bool:
    """Return whether a stat result (of lstat) is that of a regular file."""
    return stat_module.S_ISREG(status.st_mode)


@dataclass(frozen=True, slots=True, kw_only=True)
class RootInfo:
    """A watched root as it was last known.

    ``identity`` is the random id in the root's marker file, or one kept in the store for a root that PicTrace may not
    write to. ``dev`` and ``ino`` are those of the root folder.
    """

    identity: str
    path: Path
    role: Role
    dev: int
    ino: int
    filesystem: str
    is_indexed: bool = False  # its first index was complete once: what comes later is an arrival


class FileState(StrEnum):
    """What is known of a path."""

    PRESENT = "present"
    MISSING = "missing"  # seen to be gone by complete scans of a usable root
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoFile:
    """A path that holds a photo now.

    ``first_seen`` is wall-clock seconds since 1970, a label only. ``is_arrival``: it was not there when the root's
    first index was complete, or landed while the daemon ran.
    """

    id: int
    root: str  # RootInfo.identity
    path: Path
    key: StatKey
    content_hash: bytes
    first_seen: float
    is_arrival: bool
    state: FileState = FileState.PRESENT

    def is_same_file(self, other: PhotoFile) -> bool:
        """Return whether two paths are names of one file."""
        return self.key.inode == other.key.inode
