"""What a running daemon tells of itself: a small file in the state folder, read by ``pictrace status``."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

STATUS_FILE = "status.json"
HELD_PLANS = "held plans"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A degraded state, with how often, why, and since when (wall-clock seconds since 1970)."""

    kind: str
    count: int
    cause: str
    since: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RootStatus:
    """A root, how it is watched and whether it can be used."""

    path: str
    role: str
    state: str
    watched_by: str
    is_indexed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingFile:
    """A file that has not settled yet."""

    path: str
    waiting_seconds: float
    is_overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonStatus:
    """All that a running daemon tells of itself."""

    pid: int
    started_at: float
    written_at: float
    act: bool
    is_scanning: bool
    queued: int
    pending: int
    photos_in_memory: int
    index_memory_bytes: int
    fingerprinted_this_run: int
    last_finding_at: float | None
    roots: tuple[RootStatus, ...]
    pending_files: tuple[PendingFile, ...]
    degraded: tuple[Trouble, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the values as JSON wants them."""
        return asdict(self)

    def line(self) -> str:
        """Return one line for ``systemctl status``."""
        words = [f"{self.photos_in_memory} photos", f"{self.pending} pending", f"{self.queued} queued"]
        words += ["scanning"] if self.is_scanning else []
        words += [f"{trouble.kind}: {trouble.count}" for trouble in self.degraded]
        return ", ".join(words)


def write_status(state: Path, status: DaemonStatus) -> None:
    """Replace the status file; a reader sees the old one or the new one, never half of one."""
    temporary = state / f"{STATUS_FILE}.new"
    temporary.write_text(json.dumps(status.to_json()), encoding="utf-8")
    temporary.replace(state / STATUS_FILE)


def read_status(state: Path) -> dict[str, Any] | None:
    """Return what a running daemon wrote last, None where none runs."""
    try:
        status: dict[str, Any] = json.loads((state / STATUS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return status if _is_alive(int(status.get("pid", 0))) else None


def clear_status(state: Path) -> None:
    """Take the status file away: the daemon ends."""
    (state / STATUS_FILE).unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return pid > 0
