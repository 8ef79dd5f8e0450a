"""Where the desktop's trash is, and the note that lies beside each file in it.

After the freedesktop.org trash specification 1.0. Different from it: folders are never put in, so the file
``directorysizes`` is left alone.
"""

from __future__ import annotations

import datetime
import functools
import logging
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from pictrace.errors import shown

log = logging.getLogger(__name__)

_FILES, _INFO = "files", "info"
_NOTE_SUFFIX = ".trashinfo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trash:
    """One user's trash folders: that of the home, and one at the top of each other file system.

    ``home`` is ``$XDG_DATA_HOME/Trash``, ``uid`` the user's number. ``mount_point`` says on which mount a path lies.
    """

    home: Path
    uid: int
    mount_point: Callable[[Path], Path]

    def folder_for(self, root: Path) -> Path:
        """Return the trash for the photos of a root, on the root's own file system; it may not exist yet.

        Raises:
            OSError: the root does not answer.
        """
        if _device(self.home.parent) == root.stat().st_dev:
            return self.home
        top = self.mount_point(root)
        shared = top / ".Trash"
        return shared / str(self.uid) if _may_be_shared(shared) else top / f".Trash-{self.uid}"

    def top_of(self, path: Path) -> Path | None:
        """Return the folder from which a file in a trash, or its note, is reached; None for any other path."""
        folder = path.parent.parent
        if path.parent.name not in (_FILES, _INFO):
            return None
        if folder == self.home:
            return folder.parent
        if folder.name == f".Trash-{self.uid}":
            top = folder.parent
        elif (folder.parent.name, folder.name) == (".Trash", str(self.uid)):
            top = folder.parent.parent
        else:
            return None
        # Anything may be called so; a trash lies at the top of a file system, and goes with it.
        return top if self.mount_point(top) == top else None


def place_in(folder: Path, name: str) -> Path:
    """Return where a file of that name is put in a trash."""
    return folder / _FILES / name


def note_of(trashed: Path) -> Path:
    """Return where the note of a file in the trash is."""
    return trashed.parent.parent / _INFO / f"{trashed.name}{_NOTE_SUFFIX}"


def note(source: Path, trashed: Path, home: Path, *, at: float) -> bytes:
    """Return the note that says whence a file in the trash came, and when.

    Args:
        source: where it was.
        trashed: where it is put.
        home: the home trash; in all others the path counts from the top of the file system.
        at: wall-clock seconds since 1970; the note has local time, as the specification wants.
    """
    folder = trashed.parent.parent
    if folder != home:
        top = folder.parent.parent if folder.parent.name == ".Trash" else folder.parent
        if source.is_relative_to(top):
            source = source.relative_to(top)
    when = datetime.datetime.fromtimestamp(at).astimezone()
    path = quote(os.fsencode(source), safe="/")
    return f"[Trash Info]\nPath={path}\nDeletionDate={when:%Y-%m-%dT%H:%M:%S}\n".encode("ascii")


def named_in(content: bytes) -> bytes | None:
    """Return the path that a note names, None where it is no such note."""
    lines = content.splitlines()
    if not lines or lines[0] != b"[Trash Info]":
        return None
    found = next((line for line in lines if line.startswith(b"Path=")), None)
    return None if found is None else unquote_to_bytes(found.removeprefix(b"Path="))


def _device(folder: Path) -> int | None:
    try:
        return folder.stat().st_dev
    except OSError:
        return None


def _may_be_shared(folder: Path) -> bool:
    """Return whether an administrator made a trash for everybody: a folder, no link, sticky."""
    try:
        mode = folder.lstat().st_mode
    except OSError:
        return False
    is_sound = stat.S_ISDIR(mode) and bool(mode & stat.S_ISVTX)
    if not is_sound:
        _warn_of(folder)
    return is_sound


@functools.cache  # once, not for each photo
def _warn_of(folder: Path) -> None:
    log.warning("%s is no folder with the sticky bit, so it is not used as a trash", shown(folder))
