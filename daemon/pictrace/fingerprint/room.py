"""How much memory there is for daemon and workers where nobody said how much."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from pictrace.fingerprint.bars import TREE_BYTES, Limits, fitting_workers, needed_bytes

_OWN_GROUPS: Final = Path("/proc/self/cgroup")
_GROUPS: Final = Path("/sys/fs/cgroup")
_OF_THE_MACHINE: Final = 4


def usual_workers(cores: int, room_bytes: int) -> int:
    """Return how many workers are started where nobody said: one for each core, as far as there is room for them."""
    workers = fitting_workers(cores, room_bytes)
    while workers > 1 and needed_bytes(workers, Limits.for_workers(workers, seconds=1)) > room_bytes:
        workers -= 1
    return workers


def usual_room(machine_bytes: int | None = None, allowed_bytes: int | None = None) -> int:
    """Return a quarter of the machine's memory, at least 1.5 GiB, at most what the service manager allows.

    Args:
        machine_bytes: of this machine where not given.
        allowed_bytes: to this process where not given; see `allowed_memory`.
    """
    if machine_bytes is None:
        machine_bytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if allowed_bytes is None:
        allowed_bytes = allowed_memory()
    room = max(TREE_BYTES, machine_bytes // _OF_THE_MACHINE)
    return room if allowed_bytes is None else min(room, allowed_bytes)


def allowed_memory(own: Path = _OWN_GROUPS, groups: Path = _GROUPS) -> int | None:
    """Return what the control groups of this process let it take (``MemoryMax=`` of a unit); None for no limit.

    Only groups of version 2 are asked: systemd sets no others on a system of these days.

    Args:
        own: names this process's groups.
        groups: where they are mounted.
    """
    return min(_limits(own, groups), default=None)


def _limits(own: Path, groups: Path) -> Iterator[int]:
    try:
        lines = own.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return
    name = next((line.removeprefix("0::") for line in lines if line.startswith("0::")), None)
    if name is None:
        return
    below = PurePosixPath(name.lstrip("/"))
    for group in (below, *below.parents):
        try:
            yield int((groups / group / "memory.max").read_text(encoding="ascii"))
        except (OSError, ValueError):  # the topmost has none; "max" is no limit
            continue
