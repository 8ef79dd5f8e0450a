"""Keeps an eye on the roots of a running daemon: pauses those that go away, takes them up again when they are back."""

from __future__ import annotations

import logging
from collections.abc import Callable

from pictrace.errors import shown
from pictrace.model import RootInfo, RootState
from pictrace.pipeline.engine import Engine
from pictrace.watch import MountTable, Observer, WatchMode, is_armed, watch_mode

log = logging.getLogger(__name__)


class RootKeeper:
    """Knows the state of every root, and has the observer follow it.

    Args:
        engine: knows the roots; each is looked up afresh, because a disk can go at any moment.
        observer: listens on those that can be used.
        request_scan: has a root looked through.
    """

    def __init__(self, engine: Engine, observer: Observer, request_scan: Callable[[RootInfo], None]) -> None:
        self._engine = engine
        self._library = engine.library
        self._observer = observer
        self._request_scan = request_scan
        self._states: dict[str, RootState] = {}
        self._modes: dict[str, WatchMode] = {}
        self._read_only: set[str] = set()
        self._obstacles: dict[str, str] = {}
        self._mounts = MountTable()

    def start(self) -> None:
        """Listen on every root that is open now."""
        for root in self._library.roots:
            self._take_up(root)

    def is_usable(self, identity: str) -> bool:
        """Return whether a root could be used when it was last looked at."""
        return self._states.get(identity) is RootState.USABLE

    def is_read_only(self, identity: str) -> bool:
        """Return whether a root was mounted so that nothing in it can be changed when it was last looked at."""
        return identity in self._read_only

    def obstacle(self, identity: str) -> str | None:
        """Return what another program speaks against acts in a root, as it was when it was last looked at."""
        return self._obstacles.get(identity)

    def state(self, root: RootInfo) -> RootState:
        """Return the state of a root when it was last looked at."""
        return self._states.get(root.identity, RootState.MISSING)

    def mode(self, root: RootInfo) -> WatchMode | None:
        """Return how a root is watched, None for one that was not there yet."""
        return self._modes.get(root.identity)

    def check(self) -> None:
        """Look at every root, and try those again that were away."""
        was_mounted = self._mounts.has_changed()
        for root in self._library.roots:
            state, before = self._library.state(root.identity), self._states.get(root.identity)
            if state is RootState.USABLE:
                self._look_whether_writable(root)
                self._look_for_obstacles(root)
            if state is before:
                if was_mounted and state is RootState.USABLE and self._is_deaf(root):
                    log.warning("%s was mounted anew", shown(root.path))
                    self._welcome(root)
                continue
            self._states[root.identity] = state
            self._engine.note_root(root, is_there=state is RootState.USABLE)
            if state is RootState.USABLE:
                log.warning("%s is back", shown(root.path))
                self._welcome(root)
            else:
                log.error("%s is %s: paused; nothing in it is changed or forgotten", shown(root.path), state.value)
                self._observer.remove_root(root)
        for root in self._engine.reopen_away():
            log.warning("%s is there now", shown(root.path))
            self._welcome(root)

    def stop(self) -> None:
        """Let go of what is held open."""
        self._mounts.close()

    def _is_deaf(self, root: RootInfo) -> bool:
        mode = self._modes.get(root.identity)
        return mode is not None and mode.name == "inotify" and not is_armed(root)

    def _welcome(self, root: RootInfo) -> None:
        self._engine.recover()
        self._take_up(root)
        self._request_scan(root)
        self._engine.take_up_unfinished()
        self._engine.responder.retries.wake()

    def _take_up(self, root: RootInfo) -> None:
        self._states[root.identity] = RootState.USABLE
        self._modes[root.identity] = watch_mode(root)
        self._look_whether_writable(root)
        self._look_for_obstacles(root)
        self._observer.add_root(root)

    def _look_whether_writable(self, root: RootInfo) -> None:
        try:
            is_read_only = self._library.is_read_only(root)
        except OSError:
            return  # the next look at its state says what it is
        if not is_read_only and root.identity in self._read_only:
            self._read_only.discard(root.identity)
            self._engine.responder.retries.wake()
        if is_read_only and root.identity not in self._read_only:
            self._read_only.add(root.identity)
            log.warning("%s is mounted read-only: nothing in it can be changed", shown(root.path))

    def _look_for_obstacles(self, root: RootInfo) -> None:
        try:
            obstacle = self._engine.claims.of_root(root)
        except OSError:
            return  # the next look at its state says what it is
        before = self._obstacles.pop(root.identity, None)
        if obstacle is not None:
            self._obstacles[root.identity] = obstacle
            if obstacle != before:
                log.warning("%s: nothing is moved: %s", shown(root.path), obstacle)
        elif before is not None:
            log.warning("%s: photos may be moved now", shown(root.path))
            self._engine.take_up_unfinished()
