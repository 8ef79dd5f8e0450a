"""Listens on roots through watchdog. Events are hints: the scans find what listening misses."""

from __future__ import annotations

import logging
import os
import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers.api import ObservedWatch
from watchdog.observers.inotify import InotifyObserver

from pictrace.errors import shown
from pictrace.model import RootInfo
from pictrace.watch.hints import Hint, Rescan, hints_of, is_new_folder
from pictrace.watch.ignore import IgnoreList
from pictrace.watch.limits import armed_watches, folders_below, watch_mode, watches_limit
from pictrace.watch.listener import TEND_SECONDS, Listener

log = logging.getLogger(__name__)

# The kernel's queue was full (inotify_c), or the watches could not be renewed after that (inotify).
_OVERFLOW_LOGGER = "watchdog.observers.inotify_c"
_WATCHDOG_LOGGERS = (_OVERFLOW_LOGGER, "watchdog.observers.inotify")
# Counting the folders may take at most this share of the time.
_COUNTING_SHARE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that makes listening incomplete, how often, and why; ``about`` is the root it is about, if one."""

    kind: str
    count: int
    cause: str
    about: str = ""


class Observer:
    """Listens on roots and hands every hint to a sink.

    Args:
        sink: called in a thread of this observer: it must only put the hint on a queue.
        ignore: folders in which new files are not looked for.
        armed: counts the folders that the kernel says are listened on.
        monotonic: seconds.
    """

    def __init__(
        self,
        sink: Callable[[Hint | Rescan], None],
        ignore: IgnoreList,
        *,
        armed: Callable[[], int | None] = armed_watches,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sink = sink
        self._ignore = ignore
        self._armed = armed
        self._monotonic = monotonic
        self._watchdog: InotifyObserver | None = None
        self._listener = Listener(self._tend, partial(self._lose, "hints lost"))
        self._log_handler = _LossListener(self._on_watchdog_trouble)
        self._lock = threading.RLock()
        self._watches: dict[str, tuple[RootInfo, ObservedWatch]] = {}
        self._lost: dict[str, tuple[int, str]] = {}
        self._standing: dict[tuple[str, str], Problem] = {}
        self._is_count_wanted = False
        self._next_count = 0.0

    def start(self) -> None:
        """Begin to listen; where the kernel refuses, that is told as a problem and the scans have to do."""
        # cp -r of many folders makes watchdog warn, several kilobytes each time, about watches that it adds again.
        warnings.filterwarnings("ignore", module=r"watchdog(\.|$)")
        self._listener.start()
        try:
            self._watchdog = InotifyObserver()
            self._watchdog.start()
        except OSError as error:
            self._stand(Problem(kind="cannot listen", count=1, cause=f"inotify: {error.strerror}"))
        for name in _WATCHDOG_LOGGERS:
            logging.getLogger(name).addHandler(self._log_handler)

    def stop(self) -> None:
        """Stop listening."""
        for name in _WATCHDOG_LOGGERS:
            logging.getLogger(name).removeHandler(self._log_handler)
        if self._watchdog is not None and self._watchdog.is_alive():
            self._watchdog.stop()
            self._watchdog.join(timeout=5)
        self._listener.stop()

    def is_alive(self) -> bool:
        """Return whether every thread lives: those that read, group and hand out events, and our own."""
        watchdog = self._watchdog
        if watchdog is None:
            return self._listener.is_alive()
        # watchdog has no other name for its reading thread; without it no event ever comes, and nothing is said.
        threads = (watchdog, watchdog._inotify_fd, self._listener)
        return all(thread.is_alive() for thread in threads) and not any(
            Path(emitter.watch.path).exists() for emitter in tuple(watchdog.emitters) if not emitter.is_alive()
        )

    def add_root(self, root: RootInfo) -> None:
        """Listen on a root, after `start`; what cannot be listened on is a problem, and left to the scans."""
        with self._lock:
            self.remove_root(root)
            if self._watchdog is None or watch_mode(root).name != "inotify":
                return
            handler = _Handler(self._listener.put, partial(self._take, root))
            try:
                watch = self._watchdog.schedule(handler, os.fspath(root.path), recursive=True)
            except OSError as error:
                cause = f"{shown(root.path)}: {error.strerror}"
                self._stand(Problem(kind="cannot listen", count=1, cause=cause, about=root.identity))
                return
            self._watches[root.identity] = (root, watch)
            self._is_count_wanted = True

    def remove_root(self, root: RootInfo) -> None:
        """Stop listening on a root."""
        with self._lock:
            for kind in ("cannot listen", "root vanished"):
                self._standing.pop((kind, root.identity), None)
            known = self._watches.pop(root.identity, None)
            if known is None or self._watchdog is None:
                return
            self._is_count_wanted = True
            try:
                self._watchdog.unschedule(known[1])
            except KeyError:
                log.debug("%s was not listened on any more", shown(root.path))

    def problems(self) -> list[Problem]:
        """Return what makes listening incomplete now, and how often it was."""
        lost = [Problem(kind=kind, count=count, cause=cause) for kind, (count, cause) in tuple(self._lost.items())]
        return [*lost, *tuple(self._standing.values())]

    def forget_losses(self) -> None:
        """Call lost events made good: every root was looked through since."""
        self._lost.clear()

    def _take(self, root: RootInfo, event: FileSystemEvent) -> None:
        self._is_count_wanted |= is_new_folder(event)
        for hint in hints_of(event, root, self._ignore):
            self._sink(hint)

    def _on_watchdog_trouble(self, message: str) -> None:
        self._listener.put(partial(self._lose, "events lost", message))

    def _lose(self, kind: str, cause: str) -> None:
        """Remember that events were lost, and ask for a look through every root: nobody knows which one it was."""
        self._lost[kind] = (self._lost.get(kind, (0, ""))[0] + 1, cause)
        self._is_count_wanted = True
        for root, _ in tuple(self._watches.values()):
            self._sink(Rescan(root=root.identity, cause=f"{kind}: {cause}"))

    def _tend(self) -> None:
        """Listen again where listening ended, and count what is listened on."""
        with self._lock:
            for root, watch in tuple(self._watches.values()):
                self._revive(root, watch)
        if self._is_count_wanted and self._monotonic() >= self._next_count:
            self._is_count_wanted = False
            started = self._monotonic()
            self._count()
            now = self._monotonic()
            self._next_count = now + max(TEND_SECONDS, (now - started) / _COUNTING_SHARE)

    def _revive(self, root: RootInfo, watch: ObservedWatch) -> None:
        """Listen anew on a root that was removed and made again: watchdog stops for good when a root goes."""
        emitters = () if self._watchdog is None else tuple(self._watchdog.emitters)
        if any(emitter.is_alive() for emitter in emitters if emitter.watch == watch):
            return
        if root.path.is_dir():
            self.add_root(root)
            self._sink(Rescan(root=root.identity, cause="the folder was removed and made again"))
        else:
            self._stand(Problem(kind="root vanished", count=1, cause=shown(root.path), about=root.identity))

    def _count(self) -> None:
        """Hold the folders against what the kernel listens on: watchdog passes over what it cannot arm."""
        missing, wanted = self._missing_watches()
        if missing:
            # Folders that went meanwhile were counted, and are listened on no more: they are gone at a second look.
            missing, wanted = self._missing_watches()
        with self._lock:
            if not missing:
                self._standing.pop(("too few watches", ""), None)
                return
            cause = (
                f"{missing} of {wanted} folders are not listened on, the scans have to do"
                f" (fs.inotify.max_user_watches is {watches_limit() or 'unknown'})"
            )
            self._stand(Problem(kind="too few watches", count=missing, cause=cause))

    def _missing_watches(self) -> tuple[int, int]:
        wanted = sum(1 for _ in folders_below([root.path for root, _ in tuple(self._watches.values())]))
        armed = self._armed()
        return (0 if armed is None else max(0, wanted - armed)), wanted

    def _stand(self, problem: Problem) -> None:
        key = (problem.kind, problem.about)
        if self._standing.get(key) != problem:
            log.warning("%s: %s", problem.kind, problem.cause)
        self._standing[key] = problem


class _LossListener(logging.Handler):
    """Hears watchdog say that events were lost: it says so in its log and nowhere else."""

    def __init__(self, on_trouble: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._on_trouble = on_trouble

    def emit(self, record: logging.LogRecord) -> None:
        """Tell of an overflow once, and of a failure to listen again after it."""
        if record.name == _OVERFLOW_LOGGER or record.exc_info:
            self._on_trouble(record.getMessage()[:200])


class _Handler(FileSystemEventHandler):
    """Queues events: an error in a handler, or a long one, would end or hold up watchdog's only thread for all."""

    def __init__(self, put: Callable[[Callable[[], None]], None], take: Callable[[FileSystemEvent], None]) -> None:
        self._put = put
        self._take = take

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Queue an event."""
        self._put(partial(self._take, event))
