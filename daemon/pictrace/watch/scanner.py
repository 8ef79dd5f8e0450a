"""Looks through a root, one folder at a time: no snapshot, no links, no other file system."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from pictrace.errors import shown
from pictrace.model import RootInfo
from pictrace.watch.ignore import STOP_MARKER, IgnoreList
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
        ignore: names that are passed over.
        excluded: folders that are looked after on their own.
    """
    waiting = [root.path]
    while waiting:
        folder = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield ScanProblem(path=folder, reason=f"cannot be looked into: {error.strerror}")
            continue
        if any(entry.name == STOP_MARKER for entry in entries):
            continue
        below = []
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    if _is_entered(entry, root, ignore) and folder / entry.name not in excluded:
                        below.append(folder / entry.name)
                elif entry.is_file(follow_symlinks=False) and _is_wanted(entry.name, ignore):
                    yield folder / entry.name, entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            except OSError as error:
                yield ScanProblem(path=folder / entry.name, reason=f"cannot be looked at: {error.strerror}")
        waiting.extend(reversed(below))


def _is_entered(entry: os.DirEntry[str], root: RootInfo, ignore: IgnoreList) -> bool:
    """Return whether a folder is looked into: not one that is passed over, not another file system."""
    return ignore.hit(entry.name, is_dir=True) is None and entry.stat(follow_symlinks=False).st_dev == root.dev


def _is_wanted(name: str, ignore: IgnoreList) -> bool:
    return is_photo_name(Path(name)) and ignore.hit(name, is_dir=False) is None
