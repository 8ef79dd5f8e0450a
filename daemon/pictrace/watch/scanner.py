"""Looks through a root, one folder at a time: no snapshot, no links, no other file system."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pictrace.errors import shown
from pictrace.model import RootInfo
from pictrace.watch.ignore import IgnoreList
from pictrace.watch.names import is_photo_name


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanProblem:
    """A folder that could not be looked into: what lies in it is not missing."""

    path: Path
    reason: str

    def __str__(self) -> str:
        """Return the problem in one line."""
        return f"{shown(self.path)}: {self.reason}"


def scan(
    root: RootInfo, ignore: IgnoreList, *, excluded: Collection[Path] = ()
) -> Iterator[tuple[Path, os.stat_result] | ScanProblem]:
    """Yield every regular file with a picture's name, by folder and name, and each folder that could not be read.

    Args:
        root: where to look; what is mounted below it is left out.
        ignore: names that are passed over, and markers that have a folder passed over.
        excluded: folders that are looked after on their own.
    """
    waiting = [root.path]
    while waiting:
        folder = waiting.pop()
        try:
            entries = _entries(folder, root)
        except OSError as error:
            if folder == root.path or not isinstance(error, FileNotFoundError):
                yield ScanProblem(path=folder, reason=f"cannot be looked into: {error.strerror}")
            continue
        if ignore.stop(entry.name for entry in entries) is not None:
            continue
        below: list[Path] = []
        for found in _looked_at(folder, entries, ignore):
            if not isinstance(found, Path):
                yield found
            elif found not in excluded:
                below.append(found)
        waiting.extend(reversed(below))


def _looked_at(
    folder: Path, entries: Iterable[os.DirEntry[str]], ignore: IgnoreList
) -> Iterator[tuple[Path, os.stat_result] | ScanProblem | Path]:
    """Yield the photo files among the entries of a folder, and, as bare paths, the folders to look into."""
    for entry in entries:
        try:
            if entry.is_dir(follow_symlinks=False):
                if ignore.hit(entry.name, is_dir=True) is None:
                    yield folder / entry.name
            elif _is_wanted(entry, ignore):
                yield folder / entry.name, entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue
        except OSError as error:
            yield ScanProblem(path=folder / entry.name, reason=f"cannot be looked at: {error.strerror}")


def _entries(folder: Path, root: RootInfo) -> list[os.DirEntry[str]]:
    """Return what lies in a folder, by name; nothing where another file system is mounted on it.

    Looked at afresh: since its parent was listed, a link to somewhere else may have taken a folder's place.
    """
    status = folder.stat(follow_symlinks=folder == root.path)
    if not stat.S_ISDIR(status.st_mode) or status.st_dev != root.dev:
        if folder == root.path:
            raise OSError(errno.ESTALE, "another file system is there now")
        return []
    with os.scandir(folder) as found:
        return sorted(found, key=lambda entry: entry.name)


def _is_wanted(entry: os.DirEntry[str], ignore: IgnoreList) -> bool:
    return (
        is_photo_name(entry.name)
        and entry.is_file(follow_symlinks=False)
        and ignore.hit(entry.name, is_dir=False) is None
    )
