"""Looks through roots in a thread of its own, so that a hanging share never stops the daemon."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pictrace.model import RootInfo, RootState, StatKey
from pictrace.watch import IgnoreList, ScanProblem, check_root, scan

log = logging.getLogger(__name__)

# So many results may lie unread: the scan waits for its reader instead of filling the memory.
_MOST_WAITING = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A file that a scan came by."""

    root: str
    path: Path
    key: StatKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanEnded:
    """A scan came to its end; ``is_complete``: nothing was unreadable, and the root was the known one throughout."""

    root: str
    is_complete: bool
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """A root to look through, and the nested roots to pass over."""

    root: RootInfo
    excluded: tuple[Path, ...]


class Reconciler:
    """Scans one root after the other; results are taken from `results`."""

    def __init__(self, ignore: IgnoreList, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.results: queue.Queue[Seen | ScanEnded] = queue.Queue(maxsize=_MOST_WAITING)
        self.heartbeat = monotonic()
        self.current: str | None = None
        self._ignore = ignore
        self._monotonic = monotonic
        self._requests: queue.Queue[ScanRequest | None] = queue.Queue()
        self._wanted: set[str] = set()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reconcile", daemon=True)
        self._thread.start()

    def request(self, root: RootInfo, excluded: tuple[Path, ...]) -> None:
        """Have a root looked through; one that waits already is not queued twice."""
        if root.identity not in self._wanted:
            self._wanted.add(root.identity)
            self._requests.put(ScanRequest(root=root, excluded=excluded))

    def is_busy(self) -> bool:
        """Return whether a scan runs or waits."""
        return bool(self._wanted) or self.current is not None or not self.results.empty()

    def is_alive(self) -> bool:
        """Return whether the thread lives."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Ask the thread to end; a scan that hangs in the kernel is left behind."""
        self._stopping.set()
        self._requests.put(None)
        self._thread.join(timeout=2)

    def _run(self) -> None:
        while not self._stopping.is_set():
            request = self._requests.get()
            if request is None:
                return
            self._wanted.discard(request.root.identity)
            self.current = request.root.identity
            try:
                ended = self._scan(request)
            except Exception:
                log.exception("scan of %s failed", request.root.path)
                ended = ScanEnded(root=request.root.identity, is_complete=False, problems=("internal error",))
            self.current = None
            self._put(ended)

    def _scan(self, request: ScanRequest) -> ScanEnded:
        root = request.root
        if check_root(root) is not RootState.USABLE:
            return ScanEnded(root=root.identity, is_complete=False, problems=("root is away",))
        problems: list[str] = []
        for entry in scan(root, self._ignore, excluded=request.excluded):
            self.heartbeat = self._monotonic()
            if self._stopping.is_set():
                return ScanEnded(root=root.identity, is_complete=False)
            if isinstance(entry, ScanProblem):
                problems.append(str(entry))
                continue
            path, status = entry
            self._put(Seen(root=root.identity, path=path, key=StatKey.of(status)))
        # The root may have gone while it was looked through: then what was not seen is not missing.
        is_complete = not problems and check_root(root) is RootState.USABLE
        return ScanEnded(root=root.identity, is_complete=is_complete, problems=tuple(problems))

    def _put(self, result: Seen | ScanEnded) -> None:
        while not self._stopping.is_set():
            try:
                self.results.put(result, timeout=0.2)
            except queue.Full:
                self.heartbeat = self._monotonic()
            else:
                return
