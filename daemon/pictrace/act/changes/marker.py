"""The marker by which a root is known again."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from pictrace.act.changes.folders import make_folder, open_folder
from pictrace.errors import ActError, shown

log = logging.getLogger(__name__)

_FOLDER = ".pictrace"
_NAME = "root-id"


def write_marker(root: Path, identity: str) -> bool:
    """Put a root's id into its marker file; returns False where the root cannot be written."""
    try:
        make_folder(root, root / _FOLDER)
        with open_folder(root, root / _FOLDER) as folder:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            descriptor = os.open(_NAME, flags, 0o644, dir_fd=folder)
            try:
                os.write(descriptor, identity.encode("ascii") + b"\n")
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            os.fsync(folder)
    except (OSError, ActError) as problem:
        log.info("%s: no marker written: %s", shown(root), problem)
        return False
    return True
