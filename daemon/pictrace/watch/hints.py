"""What listening says, and how watchdog's events become hints."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedNoWriteEvent,
    FileCreatedEvent,
    FileOpenedEvent,
    FileSystemEvent,
)

from pictrace.model import RootInfo
from pictrace.watch.ignore import IgnoreList


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Something happened at a path; ``is_new``: a file appeared there, by being made or moved."""

    path: Path
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescan:
    """Events were lost: a root has to be looked through."""

    root: str
    cause: str


def is_new_folder(event: FileSystemEvent) -> bool:
    """Return whether an event says that a folder appeared, by being made or moved."""
    return isinstance(event, (DirCreatedEvent, DirMovedEvent))


def hints_of(event: FileSystemEvent, root: RootInfo, ignore: IgnoreList) -> Iterator[Hint]:
    """Yield the files that an event is about: all that lie in a new folder, because what came with it may be silent."""
    if event.is_synthetic or isinstance(event, (FileOpenedEvent, FileClosedNoWriteEvent)):
        # Synthetic: made up by watchdog for what lies in a moved folder; the folder's own event has it looked into.
        return
    source, target = _path(event.src_path), _path(event.dest_path)
    if is_new_folder(event):
        folder = target or source
        if folder is not None and ignore.hit_below(root.path, folder, is_dir=True) is None:
            yield from _files(folder, root, ignore)
    elif not event.is_directory:
        if target is not None and _is_on(root, target):
            yield Hint(path=target, is_new=True)
        if source is not None and _is_on(root, source):
            yield Hint(path=source, is_new=isinstance(event, FileCreatedEvent))


def _path(name: bytes | str) -> Path | None:
    return Path(os.fsdecode(name)) if name else None


def _is_on(root: RootInfo, path: Path) -> bool:
    """Return whether a file lies on its root's file system; watchdog listens on what is mounted below it as well."""
    try:
        return path.parent.lstat().st_dev == root.dev
    except OSError:
        # The folder is gone: a hint at a file that is not there does no harm.
        return True


def _files(top: Path, root: RootInfo, ignore: IgnoreList) -> Iterator[Hint]:
    """Yield every file in a folder and below it, links and other file systems left out."""
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        try:
            if folder.lstat().st_dev != root.dev:
                continue
            with os.scandir(folder) as found:
                entries = list(found)
        except OSError:
            # Gone again, or closed to us: the next scan says so.
            continue
        if ignore.stop(entry.name for entry in entries) is not None:
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if ignore.hit(entry.name, is_dir=True) is None:
                    waiting.append(folder / entry.name)
            elif entry.is_file(follow_symlinks=False):
                yield Hint(path=folder / entry.name, is_new=True)
