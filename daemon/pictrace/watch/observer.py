"""Listens on roots through watchdog. Events are hints: the handler only hands them on, and no error ends it."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedNoWriteEvent,
    FileOpenedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer as WatchdogObserver
from watchdog.observers.api import BaseObserver, ObservedWatch

from pictrace.model import RootInfo
from pictrace.watch.ignore import IgnoreList
from pictrace.watch.mounts import mount_of

log = logging.getLogger(__name__)

_WATCHDOG_LOGGERS = ("watchdog.observers.inotify_c", "watchdog.observers.inotify_move_event_grouper", "watchdog")
_LIMIT_FILE = Path("/proc/sys/fs/inotify/max_user_watches")

# cp -r of many folders makes watchdog warn, several kilobytes each time, about watches that it adds again.
warnings.filterwarnings("ignore", module=r"watchdog(\.|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Something happened at a path; ``is_new``: a file appeared there, by being made or moved."""

    path: Path
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescan:
    """Events were lost: a root has to be looked through."""

    root: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that makes listening incomplete, how often, and why."""

    kind: str
    count: int
    cause: str


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


class Observer:
    """Listens on roots and hands every hint to a sink.

    Args:
        sink: called in watchdog's threads: it must only put the hint on a queue.
        ignore: folders in which new files are not looked for.
    """

    def __init__(self, sink: Callable[[Hint | Rescan], None], ignore: IgnoreList) -> None:
        self._sink = sink
        self._ignore = ignore
        self._observer: BaseObserver = WatchdogObserver()
        self._watches: dict[str, tuple[RootInfo, ObservedWatch]] = {}
        self._problems: dict[tuple[str, str], int] = {}
        self._lock = threading.Lock()
        self._log_handler = _LossListener(self._on_loss)

    def start(self) -> None:
        """Begin to listen."""
        for name in _WATCHDOG_LOGGERS[:1]:
            logging.getLogger(name).addHandler(self._log_handler)
        self._observer.start()

    def stop(self) -> None:
        """Stop listening."""
        for name in _WATCHDOG_LOGGERS[:1]:
            logging.getLogger(name).removeHandler(self._log_handler)
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join(timeout=5)

    def is_alive(self) -> bool:
        """Return whether the thread that hands events out, and one for each root, live."""
        return self._observer.is_alive() and all(
            emitter.is_alive() or not Path(emitter.watch.path).exists() for emitter in self._observer.emitters
        )

    def add_root(self, root: RootInfo) -> None:
        """Listen on a root; one that cannot be listened on is left to the scans, and told as a problem."""
        if watch_mode(root).name != "inotify":
            return
        self.remove_root(root)
        handler = _Handler(root, self._hand_on, self._ignore)
        try:
            watch = self._observer.schedule(handler, os.fspath(root.path), recursive=True)
        except OSError as error:
            self._note("cannot listen", f"{root.path}: {error.strerror}")
            return
        self._watches[root.identity] = (root, watch)
        self._compare_watches(root)

    def remove_root(self, root: RootInfo) -> None:
        """Stop listening on a root."""
        known = self._watches.pop(root.identity, None)
        if known is not None:
            try:
                self._observer.unschedule(known[1])
            except KeyError:
                log.debug("%s was not listened on any more", root.path)

    def problems(self) -> list[Problem]:
        """Return what makes listening incomplete."""
        with self._lock:
            return [Problem(kind=kind, count=count, cause=cause) for (kind, cause), count in self._problems.items()]

    def _compare_watches(self, root: RootInfo) -> None:
        """Hold the folders of a root against the limit: watchdog passes over what it cannot add, without a word."""
        limit = watches_limit()
        folders = sum(1 for _ in _folders(root.path, self._ignore))
        if limit is not None and folders > limit:
            self._note("too few watches", f"{root.path}: {folders} folders, the limit of this user is {limit}")

    def _hand_on(self, hint: Hint | Rescan) -> None:
        # An error here would end watchdog's thread for good while the process looks healthy.
        try:
            self._sink(hint)
        except Exception:
            log.exception("a hint was not taken")

    def _on_loss(self, message: str) -> None:
        self._note("events lost", "the kernel's queue was full; the roots are looked through again")
        for root, _ in list(self._watches.values()):
            self._hand_on(Rescan(root=root.identity, cause=message))

    def _note(self, kind: str, cause: str) -> None:
        with self._lock:
            self._problems[kind, cause] = self._problems.get((kind, cause), 0) + 1


class _LossListener(logging.Handler):
    """Hears watchdog say that events were lost: it says so in its log and nowhere else."""

    def __init__(self, on_loss: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._on_loss = on_loss

    def emit(self, record: logging.LogRecord) -> None:
        self._on_loss(record.getMessage()[:200])


class _Handler(FileSystemEventHandler):
    """Turns events of one root into hints."""

    def __init__(self, root: RootInfo, sink: Callable[[Hint | Rescan], None], ignore: IgnoreList) -> None:
        self._root = root
        self._sink = sink
        self._ignore = ignore

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Hand an event on; a new folder is looked into, because what came with it may have sent nothing."""
        if isinstance(event, (FileOpenedEvent, FileClosedNoWriteEvent)):
            return
        if isinstance(event, (DirCreatedEvent, DirMovedEvent)):
            self._look_into(Path(os.fsdecode(event.dest_path or event.src_path)))
        elif not event.is_directory:
            self._tell(event)

    def _tell(self, event: FileSystemEvent) -> None:
        is_new = event.event_type in ("created", "moved")
        if event.dest_path:
            self._sink(Hint(path=Path(os.fsdecode(event.dest_path)), is_new=True))
        if event.src_path:
            self._sink(Hint(path=Path(os.fsdecode(event.src_path)), is_new=is_new and not event.dest_path))

    def _look_into(self, folder: Path) -> None:
        for below in _folders(folder, self._ignore):
            try:
                with os.scandir(below) as entries:
                    for entry in entries:
                        if entry.is_file(follow_symlinks=False):
                            self._sink(Hint(path=below / entry.name, is_new=True))
            except OSError:
                # Gone again: the next scan sees what is left.
                continue


def _folders(top: Path, ignore: IgnoreList) -> Iterator[Path]:
    """Yield a folder and all below it that are listened on, links not followed."""
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        yield folder
        try:
            with os.scandir(folder) as entries:
                waiting += [
                    folder / entry.name
                    for entry in entries
                    if entry.is_dir(follow_symlinks=False) and ignore.hit(entry.name, is_dir=True) is None
                ]
        except OSError:
            continue
