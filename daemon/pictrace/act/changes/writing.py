"""Writes small files of our own: sidecars and manifests."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from pictrace.act.changes.folders import open_folder


def replace_file(  # noqa: PLR0913 – a write has these ends
    top: Path, path: Path, content: bytes | None, *, temporary: str, mode: int, checkpoint: Callable[[str], None]
) -> None:
    """Put content in place of a sidecar, or take the sidecar away (None); a reader sees the old one or the new one.

    Args:
        top: the folder from which the path is reached.
        path: the sidecar.
        content: what it holds afterwards.
        temporary: the name it has until it is whole; the journal knows it.
        mode: its permission bits; the photo's own, so that whoever reads the photo reads its keywords, whatever umask
            the service has.
        checkpoint: told when the new content is on the disk.

    Raises:
        OSError: it cannot be written; the old one stays.
    """
    with open_folder(top, path.parent) as folder:
        if content is None:
            remove_named(folder, path.name)
        else:
            _write(folder, temporary, content, mode)
            checkpoint("sidecar written")
            os.rename(temporary, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        os.fsync(folder)


def append_line(top: Path, path: Path, line: bytes) -> None:
    """Add a line to a manifest, durably.

    Raises:
        OSError: it cannot be written.
    """
    with open_folder(top, path.parent) as folder:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(path.name, flags, 0o600, dir_fd=folder)
        try:
            # The first line break ends what a power cut may have left half-written: only that line is lost then.
            view = memoryview(b"\n" + line + b"\n")
            while view:
                view = view[os.write(descriptor, view) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.fsync(folder)


def _write(folder: int, name: str, content: bytes, mode: int) -> None:
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
    try:
        os.fchmod(descriptor, mode)
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    except OSError:
        os.unlink(name, dir_fd=folder)
        raise
    finally:
        os.close(descriptor)


def remove_named(folder: int, name: str) -> None:
    """Take a name out of an open folder, durably: the old name of a moved file, or a temporary one.

    Raises:
        OSError: it is not there, or cannot be removed.
    """
    os.unlink(name, dir_fd=folder)
    os.fsync(folder)


def remove_quarantined(top: Path, path: Path) -> None:
    """Remove a file from a quarantine folder: the one place where PicTrace deletes a photo, on a person's word.

    Raises:
        OSError: it cannot be removed.
    """
    with open_folder(top, path.parent) as folder:
        remove_named(folder, path.name)
