"""Writes small files of our own: sidecars and manifests."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pictrace.act.changes.copying import copy_xattrs
from pictrace.act.changes.folders import open_folder
from pictrace.act.changes.renaming import Ends
from pictrace.act.changes.swapping import digest_of, swap_in
from pictrace.errors import ActError


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a written file looks like beside its content.

    ``mode``: permission bits where there was no file; else those of that file are kept, with its attributes and, where
    the system allows it, its owner. ``mtime_ns``: the time it gets; None: now.
    """

    mode: int
    mtime_ns: int | None = None


def replace_file(  # noqa: PLR0913 – a write has these ends
    top: Path,
    path: Path,
    content: tuple[bytes | None, bytes | None],
    *,
    temporary: str,
    look: Look,
    checkpoint: Callable[[str], None],
) -> None:
    """Put content in place of a sidecar, or take the sidecar away; a reader sees the old one or the new one.

    What another program saved there meanwhile is put back.

    Args:
        top: the folder from which the path is reached.
        path: the sidecar.
        content: what it holds before and afterwards; None: there is none.
        temporary: the name it has until it is whole, and the old one has until it was looked at; the journal knows it.
        look: its mode and time.
        checkpoint: told when the new content is on the disk, and of each step on its way to its name.

    Raises:
        SavedError: it holds something else than it did; it stays.
        OSError, ActError: it cannot be written; `end_swap` tells what is there.
    """
    before, after = content
    with open_folder(top, path.parent) as folder:
        ends = Ends(source_folder=folder, source=temporary, target_folder=folder, target=path.name)
        if after is not None:
            try:
                _write(folder, temporary, after, (path, look))
                checkpoint("sidecar written")
            except (OSError, ActError):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(temporary, dir_fd=folder)
                raise
        swap_in(ends, (digest_of(before), digest_of(after)), checkpoint)


def write_note(folder: int, name: str, content: bytes) -> None:
    """Store a small file under a name that does not exist yet, durably, readable by the owner alone.

    Raises:
        FileExistsError: the name is taken; nothing was changed.
        OSError: it cannot be written; it is gone again.
    """
    descriptor = os.open(
        name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder
    )
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    except OSError:
        os.unlink(name, dir_fd=folder)
        raise
    finally:
        os.close(descriptor)
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


def _write(folder: int, name: str, content: bytes, wanted: tuple[Path, Look]) -> None:
    path, look = wanted
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fchmod(descriptor, _taken_over(folder, path, descriptor, look.mode))
        if look.mtime_ns is not None:
            os.utime(descriptor, ns=(look.mtime_ns, look.mtime_ns))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _taken_over(folder: int, path: Path, descriptor: int, mode: int) -> int:
    """Take owner and attributes over from the file that is replaced; returns its mode, or the given one without it."""
    try:
        old = os.open(path.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except FileNotFoundError:
        return mode
    try:
        status = os.fstat(old)
        with contextlib.suppress(PermissionError):  # in a folder of several people it becomes that of the last writer
            os.fchown(descriptor, status.st_uid, status.st_gid)
        copy_xattrs(path, old, descriptor)
        return stat.S_IMODE(status.st_mode)
    finally:
        os.close(old)


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
