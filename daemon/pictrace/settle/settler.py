"""Waits until a file has not changed for a while. Clock and stat are handed in; there is no "closed" to wait for.

After paperless-ngx (``FileStabilityTracker``) and Syncthing (``lib/watchaggregator``): a quiet time, and a longest wait
after which a file that keeps changing is looked at less often, but never given up.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from pathlib import Path

from pictrace.model import StatKey

_LONGEST_PAUSE_SECONDS = 60.0
_SHORTEST_PAUSE_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A file that stopped changing; ``is_new``: a hint said that it appeared."""

    path: Path
    key: StatKey
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A file that is waited for; ``is_overdue``: for longer than the longest wait."""

    path: Path
    waiting_seconds: float
    is_overdue: bool


@dataclass(slots=True)
class _Entry:
    key: StatKey
    first_noted: float
    changed_at: float
    due: float
    is_new: bool


class Settler:
    """Keeps the files that are waited for, by when they are looked at next.

    Args:
        quiet_seconds: unchanged for so long is settled.
        longest_wait_seconds: after so long a file counts as overdue, and is looked at less and less often, at least
            every minute.
    """

    def __init__(self, *, quiet_seconds: float, longest_wait_seconds: float) -> None:
        self._quiet = quiet_seconds
        self._longest_wait = longest_wait_seconds
        self._entries: dict[Path, _Entry] = {}
        # Holds stale pairs too: an entry's own due time says which of its pairs counts.
        self._queue: list[tuple[float, Path]] = []

    def reconfigure(self, *, quiet_seconds: float, longest_wait_seconds: float) -> None:
        """Wait by other times from now on; what is waited for stays so, and is looked at next when it was due."""
        self._quiet = quiet_seconds
        self._longest_wait = longest_wait_seconds

    def __len__(self) -> int:
        """Return how many files are waited for."""
        return len(self._entries)

    def note(self, path: Path, key: StatKey | None, now: float, *, is_new: bool = False) -> None:
        """Take note of a hint or a scan result; a key of None: nothing to wait for is there."""
        if key is None:
            self._entries.pop(path, None)
            return
        entry = self._entries.get(path)
        if entry is None:
            entry = _Entry(key, now, now, 0.0, is_new)
            self._entries[path] = entry
            self._look_again(path, entry, now + self._quiet)
            return
        entry.is_new = entry.is_new or is_new
        if entry.key != key:
            self._changed(path, entry, key, now)

    def due(self, now: float) -> list[Path]:
        """Return the files whose stat is wanted now; `observe` decides. One that is not observed comes up again."""
        paths = []
        while self._queue and self._queue[0][0] <= now:
            at, path = heapq.heappop(self._queue)
            entry = self._entries.get(path)
            if entry is not None and entry.due == at:
                paths.append(path)
                self._look_again(path, entry, now + max(self._quiet, _SHORTEST_PAUSE_SECONDS))
        return paths

    def observe(self, path: Path, key: StatKey | None, now: float) -> Settled | None:
        """Return the file as settled where it did not change for the quiet time; else it is waited for again."""
        entry = self._entries.get(path)
        if entry is None:
            return None
        if key is None:
            del self._entries[path]
            return None
        if entry.key != key:
            self._changed(path, entry, key, now)
            return None
        settles_at = entry.changed_at + self._quiet
        # Compared as the sum it was queued by: the difference may round to just below the quiet time, for ever.
        if now < settles_at:
            self._look_again(path, entry, settles_at)
            return None
        del self._entries[path]
        return Settled(path=path, key=key, is_new=entry.is_new)

    def pending(self, now: float) -> list[Pending]:
        """Return what is waited for."""
        return [
            Pending(
                path=path,
                waiting_seconds=now - entry.first_noted,
                is_overdue=now - entry.first_noted > self._longest_wait,
            )
            for path, entry in self._entries.items()
        ]

    def next_due(self, now: float) -> float | None:
        """Return when a file is looked at next, None where none is waited for."""
        while self._queue:
            at, path = self._queue[0]
            entry = self._entries.get(path)
            if entry is not None and entry.due == at:
                return max(at, now)
            heapq.heappop(self._queue)
        return None

    def _changed(self, path: Path, entry: _Entry, key: StatKey, now: float) -> None:
        entry.key, entry.changed_at = key, now
        overdue_seconds = now - entry.first_noted - self._longest_wait
        pause = self._quiet if overdue_seconds <= 0 else min(_LONGEST_PAUSE_SECONDS, self._quiet + overdue_seconds)
        self._look_again(path, entry, now + max(pause, self._quiet))

    def _look_again(self, path: Path, entry: _Entry, at: float) -> None:
        entry.due = at
        heapq.heappush(self._queue, (at, path))
