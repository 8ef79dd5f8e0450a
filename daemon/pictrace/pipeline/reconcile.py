"""Looks through roots in threads of their own, so that a hanging share never stops the daemon."""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pictrace.errors import shown
from pictrace.model import RootInfo, RootState, StatKey
from pictrace.pipeline.comparing import Difference, Differing, differences
from pictrace.store import Index
from pictrace.watch import IgnoreList, ScanProblem, check_root, scan_names

log = logging.getLogger(__name__)

# So many results may lie unread: the scan waits for its reader instead of filling the memory.
_MOST_WAITING = 10_000
_SECONDS_TO_STOP = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A file that a scan came by, and that is new or not what the index says."""

    path: Path
    key: StatKey


@dataclass(slots=True, kw_only=True)
class ScanEnded:
    """A scan came to its end; ``is_complete``: nothing was unreadable, and the root was the known one throughout.

    Attributes:
        root: its identity.
        problems: folders that could not be looked into.
        missed: files that are known and were not seen, by their names relative to the root.
        found: files that an earlier scan missed, and that are there unchanged.
        gone: files with a problem that were not seen.
    """

    root: str
    is_complete: bool = False
    problems: list[str] = field(default_factory=list)
    missed: list[bytes] = field(default_factory=list)
    found: list[bytes] = field(default_factory=list)
    gone: set[bytes] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """A root to look through, and the nested roots to pass over."""

    root: RootInfo
    excluded: tuple[Path, ...]


class Reconciler:
    """Has roots looked through, each by a thread of its own; results are taken from `results`.

    A share that hangs holds up its own thread: the other roots are looked through as ever. What lies in a root is held
    against the index as both are read, so that of a hundred thousand files only those that differ are told.

    Args:
        ignore: names that are passed over.
        open_index: opens the index to be read, in the thread that reads it.
        monotonic: seconds.
    """

    def __init__(
        self,
        ignore: IgnoreList,
        open_index: Callable[[], Index],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.results: queue.Queue[Seen | ScanEnded] = queue.Queue(maxsize=_MOST_WAITING)
        self._ignore = ignore
        self._open_index = open_index
        self._monotonic = monotonic
        self._stopping = threading.Event()
        self._threads: dict[str, _RootScanner] = {}

    def request(self, root: RootInfo, excluded: tuple[Path, ...]) -> None:
        """Have a root looked through; one that waits already is not queued twice."""
        thread = self._threads.get(root.identity)
        if thread is None:
            thread = self._threads[root.identity] = _RootScanner(self._scan, self._put, self._monotonic)
        thread.request(ScanRequest(root=root, excluded=excluded))

    def is_busy(self) -> bool:
        """Return whether a scan runs or waits."""
        return any(thread.is_busy() for thread in self._threads.values()) or not self.results.empty()

    def is_alive(self) -> bool:
        """Return whether every thread lives."""
        return all(thread.is_alive() for thread in self._threads.values())

    def silent_seconds(self, identity: str) -> float:
        """Return for how long the scan of a root has shown no sign of life; 0 where none runs."""
        thread = self._threads.get(identity)
        return 0.0 if thread is None else thread.silent_seconds()

    def stop(self) -> None:
        """Ask the threads to end; a scan that hangs in the kernel is left behind."""
        self._stopping.set()
        for thread in self._threads.values():
            thread.end()
        limit = self._monotonic() + _SECONDS_TO_STOP
        for thread in self._threads.values():
            thread.join(max(0.0, limit - self._monotonic()))

    def _scan(self, request: ScanRequest, beat: Callable[[], None]) -> ScanEnded:
        root, ended = request.root, ScanEnded(root=request.root.identity)
        if check_root(root) is not RootState.USABLE:
            ended.problems.append("root is away")
            return ended
        with self._open_index() as index:
            ended.gone = index.problems.names_in(root.identity)
            known = index.files.in_order(root.identity)
            for differing in differences(self._names(request, ended, beat), known):
                self._take(differing, root, ended, beat)
        if not self._stopping.is_set():
            # The root may have gone while it was looked through: then what was not seen is not missing.
            ended.is_complete = not ended.problems and check_root(root) is RootState.USABLE
        return ended

    def _names(
        self, request: ScanRequest, ended: ScanEnded, beat: Callable[[], None]
    ) -> Iterator[tuple[bytes, os.stat_result]]:
        """Yield the files in a root, and take note of what could not be looked into."""
        for entry in scan_names(request.root, self._ignore, excluded=request.excluded):
            beat()
            if self._stopping.is_set():
                return
            if isinstance(entry, ScanProblem):
                ended.problems.append(str(entry))
            else:
                ended.gone.discard(entry[0])
                yield entry

    def _take(self, differing: Differing, root: RootInfo, ended: ScanEnded, beat: Callable[[], None]) -> None:
        match differing.difference:
            case Difference.MISSED:
                ended.missed.append(differing.name)
            case Difference.FOUND:
                ended.found.append(differing.name)
            case Difference.CHANGED if differing.status is not None:
                path = root.path / os.fsdecode(differing.name)
                self._put(Seen(path=path, key=StatKey.of(differing.status)), beat)

    def _put(self, result: Seen | ScanEnded, beat: Callable[[], None]) -> None:
        while not self._stopping.is_set():
            try:
                self.results.put(result, timeout=0.2)
            except queue.Full:
                beat()
            else:
                return


class _RootScanner:
    """A thread that looks through one root whenever that is asked for."""

    def __init__(
        self,
        scan_root: Callable[[ScanRequest, Callable[[], None]], ScanEnded],
        put: Callable[[ScanEnded, Callable[[], None]], None],
        monotonic: Callable[[], float],
    ) -> None:
        self._scan = scan_root
        self._put = put
        self._monotonic = monotonic
        self._heartbeat: float | None = None
        self._is_wanted = threading.Event()
        self._requests: queue.SimpleQueue[ScanRequest | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="reconcile", daemon=True)
        self._thread.start()

    def request(self, request: ScanRequest) -> None:
        """Have the root looked through, once more where that is being done now."""
        if not self._is_wanted.is_set():
            self._is_wanted.set()
            self._requests.put(request)

    def is_busy(self) -> bool:
        """Return whether a scan runs or waits."""
        return self._is_wanted.is_set() or self._heartbeat is not None

    def is_alive(self) -> bool:
        """Return whether the thread lives."""
        return self._thread.is_alive()

    def silent_seconds(self) -> float:
        """Return for how long a running scan has shown no sign of life; 0 where none runs."""
        last = self._heartbeat
        return 0.0 if last is None else self._monotonic() - last

    def end(self) -> None:
        """Ask the thread to end."""
        self._requests.put(None)

    def join(self, seconds: float) -> None:
        """Wait for the thread to end."""
        self._thread.join(timeout=seconds)

    def _beat(self) -> None:
        self._heartbeat = self._monotonic()

    def _run(self) -> None:
        while (request := self._requests.get()) is not None:
            self._beat()
            self._is_wanted.clear()
            try:
                ended = self._scan(request, self._beat)
            except Exception:
                log.exception("scan of %s failed", shown(request.root.path))
                ended = ScanEnded(root=request.root.identity, problems=["internal error"])
            self._put(ended, self._beat)
            self._heartbeat = None
