"""Reads the small text files by which other programs are told what to pass over."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def read_lines(path: Path, *, most_bytes: int, follow_links: bool = False) -> list[str]:
    """Return the lines of a small file, without the blanks around them; whatever is no UTF-8 keeps its bytes.

    Raises:
        OSError: nothing is there, it is no regular file (a pipe is never waited for), or it is too large.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow_links else os.O_NOFOLLOW)
    descriptor = os.open(path, flags)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "is no regular file", str(path))
        if status.st_size > most_bytes:
            raise OSError(errno.EFBIG, f"is larger than {most_bytes} bytes", str(path))
        text = os.read(descriptor, most_bytes)
    finally:
        os.close(descriptor)
    return [line.strip() for line in text.decode("utf-8", errors="surrogateescape").splitlines()]
