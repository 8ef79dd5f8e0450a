"""What lies in a folder of photos, told by names, with a bound on how much is looked at."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pictrace.model.names import RAW_SUFFIXES, is_photo_name
from pictrace.watch.ignore import IgnoreList
from pictrace.watch.mounts import Mount, mount_of, mounts_below
from pictrace.watch.neighbours import (
    Neighbour,
    Program,
    is_conflict_name,
    is_messenger_folder,
    is_takeout_folder,
    neighbours_of,
    traces_in,
)

_SIDECARS: Final = frozenset({"xmp", "pp3", "dop", "aae"})
_JPEGS: Final = frozenset({"jpg", "jpeg", "heic", "hif"})
_MOST_FOLDERS_NAMED: Final = 5
# Sidecars that are opened to see whether darktable wrote them, and how much of each.
_MOST_OPENED: Final = 20
_HEAD_BYTES: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much is looked at: names, and seconds by a clock that is handed in."""

    most_names: int = 300_000
    seconds: float = 20.0


@dataclass(slots=True, kw_only=True)
class Survey:
    """What was found in a folder, and below it.

    Attributes:
        folder: where it was looked.
        mount: what it lies on.
        is_complete: the bounds were not reached.
        neighbours: programs with traces in it, above it or below it, the nearest trace of each.
        photos, sidecars, raw_pairs, conflicts: how many were seen; a RAW and a JPEG of one name are a pair.
        messengers, takeouts: some folders with such names.
        silenced: folders that are passed over because a marker lies in them.
        has_darktable: a sidecar that was opened is darktable's.
    """

    folder: Path
    mount: Mount
    is_complete: bool = True
    photos: int = 0
    sidecars: int = 0
    raw_pairs: int = 0
    conflicts: int = 0
    silenced: int = 0
    has_darktable: bool = False
    messengers: list[Path] = field(default_factory=list)
    takeouts: list[Path] = field(default_factory=list)
    neighbours: dict[Program, Neighbour] = field(default_factory=dict)


def survey(
    folder: Path,
    *,
    monotonic: Callable[[], float],
    progress: Callable[[int], None] = lambda _: None,
    bounds: Bounds | None = None,
) -> Survey:
    """Return what lies in a folder; one that cannot be looked into holds nothing.

    Args:
        folder: where to look; links and what is mounted below it are left out.
        monotonic: seconds.
        progress: told how many photos were seen, now and then.
        bounds: where to stop.
    """
    limits = bounds or Bounds()
    found = Survey(folder=folder, mount=mount_of(folder))
    found.neighbours |= {one.program: one for one in neighbours_of(folder)}
    _note_folder_name(found, folder)
    ignore, until, left = IgnoreList.load(), monotonic() + limits.seconds, limits.most_names
    for place, files, names in _folders(folder, ignore, found):
        left -= len(names)
        if left < 0 or monotonic() > until:
            found.is_complete = False
            break
        for one in traces_in(place, names):
            found.neighbours.setdefault(one.program, one)
        _count(found, place, files)
        progress(found.photos)
    return found


def _folders(top: Path, ignore: IgnoreList, found: Survey) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Yield folders with the files and all names in them, those near the top first."""
    elsewhere = mounts_below(top)
    waiting = deque([top])
    while waiting:
        folder = waiting.popleft()
        try:
            with os.scandir(folder) as entries:
                listed = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
        except OSError:
            continue
        names = [name for name, _ in listed]
        if ignore.stop(names) is not None:
            found.silenced += 1
            continue
        yield folder, [name for name, is_folder in listed if not is_folder], names
        for name in sorted(name for name, is_folder in listed if is_folder):
            if ignore.hit(name, is_dir=True) is None and folder / name not in elsewhere:
                _note_folder_name(found, folder / name)
                waiting.append(folder / name)


def _note_folder_name(found: Survey, folder: Path) -> None:
    for is_one, kept in ((is_messenger_folder, found.messengers), (is_takeout_folder, found.takeouts)):
        is_inside = any(folder.is_relative_to(known) for known in kept)
        if is_one(folder.name) and not is_inside and len(kept) < _MOST_FOLDERS_NAMED:
            kept.append(folder)


def _count(found: Survey, folder: Path, files: Iterable[str]) -> None:
    raws, jpegs = set(), set()
    for name in files:
        stem, _, suffix = name.casefold().rpartition(".")
        if suffix in _SIDECARS:
            found.sidecars += 1
            if suffix == "xmp" and not found.has_darktable and found.sidecars <= _MOST_OPENED:
                found.has_darktable = _is_darktables(folder / name)
        elif not name.startswith(".") and is_photo_name(name):
            found.photos += 1
            found.conflicts += is_conflict_name(name)
            raws.update([stem] if suffix in RAW_SUFFIXES else [])
            jpegs.update([stem] if suffix in _JPEGS else [])
    found.raw_pairs += len(raws & jpegs)


def _is_darktables(sidecar: Path) -> bool:
    try:
        descriptor = os.open(sidecar, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return b"darktable" in os.read(descriptor, _HEAD_BYTES)
    except OSError:
        return False
    finally:
        os.close(descriptor)
