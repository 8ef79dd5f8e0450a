"""Which other programs look after a folder: told by the names that they leave, and nothing is opened."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

# A folder with more names than this is not read to its end: what other programs leave at a top lies among few.
_MOST_NAMES: Final = 20_000


class Program(StrEnum):
    """A program that leaves traces in folders of photos."""

    SYNCTHING = "Syncthing"
    NEXTCLOUD = "Nextcloud or ownCloud"
    DROPBOX = "Dropbox"
    IMMICH = "Immich"
    PHOTOPRISM = "PhotoPrism"
    DIGIKAM = "digiKam"
    LIGHTROOM = "Lightroom"
    APPLE_PHOTOS = "Apple Photos"


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A program, and the file or folder that tells of it."""

    program: Program
    trace: Path

    @property
    def folder(self) -> Path:
        """The folder in which its trace lies."""
        return self.trace.parent


# What is written here was looked up in each program's sources or documentation, but for Dropbox and Apple's.
_TRACES: Final = {
    Program.SYNCTHING: r"\.stfolder|\.stignore",
    Program.NEXTCLOUD: r"\.sync_[0-9a-f]{6,}\.db|\._sync_[0-9a-f]{6,}\.db|\.(?:owncloud|nextcloud)sync\.log",
    Program.DROPBOX: r"\.dropbox|\.dropbox\.cache",
    Program.IMMICH: r"\.immich",
    Program.PHOTOPRISM: r"\.ppstorage|\.photoprism|\.ppignore",
    Program.DIGIKAM: r"digikam4\.db",
    Program.LIGHTROOM: r".+\.lrcat",
    Program.APPLE_PHOTOS: r".+\.(?:photos|a|photo|migratedphoto)library",
}
_EACH: Final = {program: re.compile(pattern, re.IGNORECASE) for program, pattern in _TRACES.items()}
_ANY: Final = re.compile("|".join(f"(?:{pattern})" for pattern in _TRACES.values()), re.IGNORECASE)

# Folders of these beginnings hold what a messenger saved: recompressed, without place and camera.
_MESSENGERS: Final = re.compile(
    r"WhatsApp|Telegram|Signal(?![a-z])|Messenger|com\.whatsapp|org\.telegram|Viber|Threema|WeChat|WeiXin",
    re.IGNORECASE,
)
_TAKEOUT: Final = re.compile(r"Takeout(?:[- ].*)?|Google (?:Photos|Fotos)", re.IGNORECASE)
_CONFLICT: Final = re.compile(
    r"\.sync-conflict-\d{8}-\d{6}-\w+|\([^()]*(?:conflicted copy|in conflict)[^()]*\)|_conflict-", re.IGNORECASE
)


def program_of(name: str) -> Program | None:
    """Return the program that leaves a file or folder of such a name."""
    if _ANY.fullmatch(name) is None:
        return None
    return next(program for program, pattern in _EACH.items() if pattern.fullmatch(name))


def neighbours_of(folder: Path) -> tuple[Neighbour, ...]:
    """Return the programs whose traces lie in a folder, or above it; of each program the nearest trace."""
    found: dict[Program, Neighbour] = {}
    for place in (folder, *folder.parents):
        for one in traces_in(place, _names(place)):
            # A folder with a digiKam database may be a whole collection's; a catalog above says nothing of a folder.
            if place == folder or one.program not in (Program.LIGHTROOM, Program.APPLE_PHOTOS):
                found.setdefault(one.program, one)
    return tuple(found.values())


def traces_in(folder: Path, names: Iterable[str]) -> Iterator[Neighbour]:
    """Yield the traces among the names in a folder."""
    for name in names:
        program = program_of(name)
        if program is not None:
            yield Neighbour(program=program, trace=folder / name)


def is_messenger_folder(name: str) -> bool:
    """Return whether a folder's name is one that a messenger gives, or people give to what came from one."""
    return _MESSENGERS.match(name) is not None


def is_takeout_folder(name: str) -> bool:
    """Return whether a folder's name is one of a Google Takeout."""
    return _TAKEOUT.fullmatch(name) is not None


def is_conflict_name(name: str) -> bool:
    """Return whether a sync program made a file's name, because the file was changed at two places."""
    return _CONFLICT.search(name) is not None


def _names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in itertools.islice(entries, _MOST_NAMES)]
    except OSError:
        return []  # closed to us: then it tells nothing
