"""How a root is watched, and how many folders the kernel lets us listen on."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from pictrace.model import RootInfo
from pictrace.watch.mounts import mount_of

_LIMIT_FILE = Path("/proc/sys/fs/inotify/max_user_watches")
_DESCRIPTORS = Path("/proc/self/fd")
_DESCRIPTIONS = Path("/proc/self/fdinfo")


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchMode:
    """How a root is watched, and why so."""

    name: str
    reason: str


def watch_mode(root: RootInfo) -> WatchMode:
    """Return how a root is watched: the kernel tells nothing of changes made by other machines."""
    mount = mount_of(root.path)
    if mount.is_remote:
        return WatchMode(name="scan", reason=f"{mount.filesystem} sends no events for what others change")
    return WatchMode(name="inotify", reason=f"local {mount.filesystem}")


def watches_limit() -> int | None:
    """Return how many folders this user may listen on, None where the kernel does not tell."""
    try:
        return int(_LIMIT_FILE.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def armed_watches() -> int | None:
    """Return how many folders this process listens on by the kernel's own account, None where it does not tell.

    watchdog passes over what it cannot arm without a word, so its books cannot be asked.
    """
    try:
        names = [path.name for path in _DESCRIPTORS.iterdir()]
    except OSError:
        return None
    return sum(_watches_of(name).count("inotify wd:") for name in names if _is_inotify(name))


def is_armed(root: RootInfo) -> bool:
    """Return whether the kernel has a root's own folder among those that this process listens on.

    A disk that was unmounted and mounted again within a moment is the same root, and nobody listens on it any more.
    True where the kernel does not tell.
    """
    try:
        names = [path.name for path in _DESCRIPTORS.iterdir()]
    except OSError:
        return True
    # The kernel's own way to write a device number. On btrfs it is not the one that stat gives.
    device = f"{os.major(root.dev) << 20 | os.minor(root.dev):x}"
    wanted = f"ino:{root.ino:x} " if root.filesystem.startswith("btrfs") else f"ino:{root.ino:x} sdev:{device} "
    return any(wanted in _watches_of(name) for name in names if _is_inotify(name))


def folders_below(tops: Collection[Path]) -> Iterator[Path]:
    """Yield every folder that watchdog tries to listen on, once: passed-over ones and other mounts too, links not."""
    outermost = [top for top in tops if not any(top != other and top.is_relative_to(other) for other in tops)]
    for top in outermost:
        for folder, _, _ in os.walk(top):
            yield Path(folder)


def _is_inotify(name: str) -> bool:
    try:
        return os.fspath((_DESCRIPTORS / name).readlink()) == "anon_inode:inotify"
    except OSError:
        return False


def _watches_of(name: str) -> str:
    try:
        return (_DESCRIPTIONS / name).read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
