"""Looks through a root, one folder at a time: no snapshot, no links, no other file system."""

from __future__ import annotations

import errno
import logging
import operator
import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from pictrace.errors import shown
from pictrace.model import RootInfo
from pictrace.model.names import is_photo_name
from pictrace.watch.ignore import IgnoreList, hit_locally
from pictrace.watch.mounts import mounts_below
from pictrace.watch.ppignore import LocalPatterns

log = logging.getLogger(__name__)


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
    """Yield every regular file with a picture's name, in the order of `scan_names`, and each folder not read.

    Args:
        root: where to look; what is mounted below it is left out.
        ignore: names that are passed over, and markers that have a folder passed over.
        excluded: folders that are looked after on their own.
    """
    for found in scan_names(root, ignore, excluded=excluded):
        yield found if isinstance(found, ScanProblem) else (root.path / os.fsdecode(found[0]), found[1])


def scan_names(
    root: RootInfo, ignore: IgnoreList, *, excluded: Collection[Path] = ()
) -> Iterator[tuple[bytes, os.stat_result] | ScanProblem]:
    """Yield what `scan` does by its name relative to the root, in the order of these names' bytes.

    In that order the index is read as well, so that the two can be compared as they come; a Path for each of a hundred
    thousand names would cost more than reading the disk.
    """
    passed_over = mounts_below(root.path).union(excluded)
    open_folders = [_Folder(path=root.path, name=b"")]
    while open_folders:
        folder = open_folders[-1]
        for found in folder.rest(root, ignore):
            if isinstance(found, _Folder):
                if found.path not in passed_over:
                    open_folders.append(found)
                    break
            else:
                yield found
        else:
            open_folders.pop()


class _Folder:
    """A folder that is being looked through; ``name`` is relative to the root, and ends in a slash but for the root.

    ``lists`` are those that folders above it hold.
    """

    def __init__(self, *, path: Path, name: bytes, lists: tuple[LocalPatterns, ...] = ()) -> None:
        self.path = path
        self._name = name
        self._lists = lists
        self._rest: Iterator[tuple[bytes, os.stat_result] | ScanProblem | _Folder] | None = None

    def rest(
        self, root: RootInfo, ignore: IgnoreList
    ) -> Iterator[tuple[bytes, os.stat_result] | ScanProblem | _Folder]:
        """Return what was not looked at yet; the folder is read when this is first asked."""
        if self._rest is None:
            self._rest = self._contents(root, ignore)
        return self._rest

    def _contents(
        self, root: RootInfo, ignore: IgnoreList
    ) -> Iterator[tuple[bytes, os.stat_result] | ScanProblem | _Folder]:
        try:
            entries = _entries(self.path, root)
        except OSError as error:
            if self.path == root.path or not isinstance(error, FileNotFoundError):
                yield ScanProblem(path=self.path, reason=f"cannot be looked into: {error.strerror}")
            return
        stop = ignore.stop(entry.name for _, entry in entries)
        if stop is not None:
            if self.path == root.path:
                log.warning("%s: nothing in this root is looked at: %s", shown(root.path), stop)
            return
        local = ignore.local(self.path, [entry.name for _, entry in entries])
        lists = self._lists if local is None else (*self._lists, local)
        for name, entry in entries:
            try:
                found = self._looked_at(name, entry, lists, ignore)
            except FileNotFoundError:
                continue
            except OSError as error:
                found = ScanProblem(path=self.path / entry.name, reason=f"cannot be looked at: {error.strerror}")
            if found is not None:
                yield found

    def _looked_at(
        self, name: bytes, entry: os.DirEntry[str], lists: tuple[LocalPatterns, ...], ignore: IgnoreList
    ) -> tuple[bytes, os.stat_result] | ScanProblem | _Folder | None:
        """Return a folder to look through, or a file with its status; None where it is passed over."""
        if lists and hit_locally(lists, self.path, entry.name) is not None:
            return None
        if name.endswith(b"/"):
            if ignore.hit(entry.name, is_dir=True) is not None:
                return None
            return _Folder(path=self.path / entry.name, name=self._name + name, lists=lists)
        return (self._name + name, entry.stat(follow_symlinks=False)) if _is_wanted(entry, ignore) else None


def _entries(folder: Path, root: RootInfo) -> list[tuple[bytes, os.DirEntry[str]]]:
    """Return what lies in a folder, in the order of whole paths' bytes; nothing where another disk is mounted on it.

    Looked at afresh: since its parent was listed, a link to somewhere else may have taken a folder's place.
    """
    status = folder.stat(follow_symlinks=folder == root.path)
    if not stat.S_ISDIR(status.st_mode) or status.st_dev != root.dev:
        if folder == root.path:
            raise OSError(errno.ESTALE, "another file system is there now")
        return []
    with os.scandir(folder) as found:
        return sorted(((_sortable(entry), entry) for entry in found), key=operator.itemgetter(0))


def _sortable(entry: os.DirEntry[str]) -> bytes:
    name = os.fsencode(entry.name)
    return name + b"/" if entry.is_dir(follow_symlinks=False) else name


def _is_wanted(entry: os.DirEntry[str], ignore: IgnoreList) -> bool:
    return is_photo_name(entry.name) and entry.is_file(follow_symlinks=False) and ignore.hit_photo(entry.name) is None
