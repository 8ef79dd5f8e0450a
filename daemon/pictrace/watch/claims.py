"""What speaks against moving anything in a folder: another program manages it, or sends it to other devices."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pictrace.config.places import own_folder
from pictrace.errors import shown
from pictrace.watch.neighbours import Program
from pictrace.watch.syncthing import IGNORE_FILE, UnclearError, ignore_line, is_passed_over, synced_tops

# Immich 1.120 and later puts a marker into each folder that it manages (its StorageService).
_IMMICH_MARKER: Final = ".immich"
_IMMICH_FOLDERS: Final = ("upload", "library", "thumbs", "encoded-video", "profile", "backups")
# PhotoPrism, its pkg/fs/const.go: the marker of its storage folder, and a folder that it makes in originals. The second
# counts in a root only: people keep its settings under that name in their home.
_PHOTOPRISM_STORAGE: Final = ".ppstorage"
_PHOTOPRISM_FOLDER: Final = ".photoprism"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A program, the folder that it lays claim to, and why acts in it are held."""

    program: Program
    folder: Path
    reason: str


def managed_by(path: Path, *, root: Path) -> Claim | None:
    """Return the claim of a photo server on a file or folder, by its markers on the way up, also above the root."""
    for folder in (path, *path.parents):
        # Asked of each photo that a rule wants something done with: texts, because Paths cost more than the looks.
        place = os.path.join(folder, "")  # noqa: PTH118
        if os.path.lexists(place + _IMMICH_MARKER):
            return _managed(Program.IMMICH, folder)
        is_storage = os.path.lexists(place + _PHOTOPRISM_STORAGE)
        if is_storage or (os.path.lexists(place + _PHOTOPRISM_FOLDER) and folder.is_relative_to(root)):
            return _managed(Program.PHOTOPRISM, folder)
    return None


def managed_in(root: Path) -> Claim | None:
    """Return the claim of a photo server on a root, or on a folder directly in it."""
    inner = (name for name in _IMMICH_FOLDERS if os.path.lexists(root / name / _IMMICH_MARKER))
    return managed_by(root, root=root) or next((_managed(Program.IMMICH, root / name) for name in inner), None)


def sent_away(place: Path) -> Claim | None:
    """Return Syncthing's claim on a folder of PicTrace's own, which has to stay on this device.

    Args:
        place: ``.pictrace`` of a root, or a quarantine folder; it need not be there yet.
    """
    for top in synced_tops(place):
        line = ignore_line(top, place)
        why = f"Syncthing would send {shown(place)}, and what is put away there, to your other devices"
        try:
            if is_passed_over(top, place):
                continue
        except UnclearError as problem:
            why = f"whether Syncthing sends {shown(place)} to your other devices cannot be told: {problem}"
        reason = f"{why}: make `{shown(line)}` the first line of {shown(top / IGNORE_FILE)}, on each device"
        return Claim(program=Program.SYNCTHING, folder=top, reason=reason)
    return None


def quarantine_claim(root: Path, quarantine: Path | None) -> Claim | None:
    """Return what speaks against putting anything away from a root; ``quarantine`` is None where it lies in it."""
    return sent_away(own_folder(root) if quarantine is None else quarantine)


def marker_claim(root: Path) -> Claim | None:
    """Return what speaks against a marker in a root: one that is sent on calls other devices' folders this one."""
    return managed_in(root) or sent_away(own_folder(root))


def _managed(program: Program, folder: Path) -> Claim:
    reason = f"{program.value} manages {shown(folder)}: its database points at these files, so none is moved or tagged"
    return Claim(program=program, folder=folder, reason=reason)
