"""The content hash of a file that does not change while it is read."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from pictrace.errors import ChangedError, UnreadableError
from pictrace.model import StatKey

_BLOCK_BYTES = 1024 * 1024


def hash_file(path: Path) -> tuple[bytes, StatKey]:
    """Return the SHA-256 of a regular file and the stat key it had before, during and after the reading.

    Raises:
        UnreadableError: it cannot be opened or read, or is no regular file.
        ChangedError: it changed while it was read, or another file took its name.
    """
    try:
        # O_NONBLOCK: a pipe or a device that took the name must not hold us up.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise ChangedError(path, "vanished before it was read") from error
    except OSError as error:
        raise UnreadableError(path, f"cannot be opened: {error.strerror}") from error
    try:
        return _hash_open(path, descriptor)
    except OSError as error:
        raise UnreadableError(path, f"cannot be read: {error.strerror}") from error
    finally:
        os.close(descriptor)


def _hash_open(path: Path, descriptor: int) -> tuple[bytes, StatKey]:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableError(path, "expected a regular file, found something else")
    before = StatKey.of(status)
    digest = hashlib.sha256()
    while block := os.read(descriptor, _BLOCK_BYTES):
        digest.update(block)
    try:
        there = StatKey.of(path.lstat())
    except FileNotFoundError as error:
        raise ChangedError(path, "vanished while it was read") from error
    if before != StatKey.of(os.fstat(descriptor)) or before != there:
        raise ChangedError(path, "changed while it was read")
    return digest.digest(), before
