"""Puts together what a running daemon tells of itself."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pictrace.errors import shown
from pictrace.model import RootInfo, RootState
from pictrace.pipeline.engine import Engine
from pictrace.pipeline.reconcile import Reconciler
from pictrace.pipeline.retrying import FailedActs
from pictrace.service.root_keeper import RootKeeper
from pictrace.service.status import HELD_PLANS, DaemonStatus, PendingFile, RootStatus, Trouble
from pictrace.settle import Pending, Settler
from pictrace.watch import Observer, watch_mode

# A scan that showed no sign of life for so long hangs, most likely in a network share.
SCAN_STALLED_SECONDS = 60.0
_MOST_PENDING_SHOWN = 20


@dataclass(slots=True, kw_only=True)
class Overview:
    """Reads the parts of a daemon; remembers only since when each trouble lasts."""

    engine: Engine
    settler: Settler
    observer: Observer
    reconciler: Reconciler
    keeper: RootKeeper
    started_at: float
    _since: dict[tuple[str, str], float] = field(default_factory=dict)

    def status(self, now: float) -> DaemonStatus:
        """Return the status; ``now`` is on the settler's clock."""
        engine = self.engine
        pending = self.settler.pending(now)
        return DaemonStatus(
            pid=os.getpid(),
            started_at=self.started_at,
            written_at=time.time(),
            act=engine.config.act,
            is_scanning=self.reconciler.is_busy(),
            queued=len(engine.scheduler),
            pending=len(pending),
            photos_in_memory=len(engine.judge),
            index_memory_bytes=engine.judge.size_bytes,
            fingerprinted_this_run=engine.index.fingerprinted_this_run,
            last_finding_at=engine.responder.last_finding_at,
            roots=tuple(self._root(root) for root in engine.library.roots),
            pending_files=_longest_pending(pending),
            degraded=(*self._dated(self._troubles(pending, now)), *self._held()),
        )

    def is_healthy(self) -> bool:
        """Return whether every thread lives: a dead one must not hide behind a loop that goes on."""
        return self.observer.is_alive() and self.reconciler.is_alive()

    def _root(self, root: RootInfo) -> RootStatus:
        mode = watch_mode(root)
        return RootStatus(
            path=os.fspath(root.path),
            role=root.role.value,
            state=self.keeper.state(root).value,
            watched_by=f"{mode.name}: {mode.reason}",
            is_indexed=root.is_indexed,
        )

    def _troubles(self, pending: Sequence[Pending], now: float) -> Iterator[tuple[str, int, str]]:
        for problem in self.observer.problems():
            yield problem.kind, problem.count, problem.cause
        for root_config, reason in self.engine.library.away:
            yield "root away", 1, f"{shown(root_config.path)}: {reason}"
        for root in self.engine.library.roots:
            state = self.keeper.state(root)
            if state is not RootState.USABLE:
                yield "root paused", 1, f"{shown(root.path)} is {state.value}"
        overdue = sum(one.is_overdue for one in pending)
        if overdue:
            yield "not settling", overdue, "files that keep changing"
        for failed in self.engine.responder.retries.failed():
            yield "act failed", failed.count, self._why(failed)
        if self.reconciler.current and now - self.reconciler.heartbeat > SCAN_STALLED_SECONDS:
            yield "scan stalled", 1, "a folder does not answer"

    def _why(self, failed: FailedActs) -> str:
        root = self.engine.library.root(failed.root)
        words = failed.cause if root is None else f"{shown(root.path)}: {failed.cause}"
        return f"{words}; nothing in it is moved until that passes" if failed.is_resting else words

    def _held(self) -> Iterator[Trouble]:
        """Yield what the brake holds; since when is in the journal, so that it is known after a restart too."""
        for one in self.engine.journal.brake.by_rule():
            cause = f"'{shown(one.rule)}' moves more photos than the brake lets go in an hour: `pictrace confirm`"
            yield Trouble(kind=HELD_PLANS, count=one.count, cause=cause, since=one.since)

    def _dated(self, troubles: Iterator[tuple[str, int, str]]) -> Iterator[Trouble]:
        found = list(troubles)
        now = time.time()
        self._since = {(kind, cause): self._since.get((kind, cause), now) for kind, _, cause in found}
        for kind, count, cause in found:
            yield Trouble(kind=kind, count=count, cause=cause, since=self._since[kind, cause])


def _longest_pending(pending: Sequence[Pending]) -> tuple[PendingFile, ...]:
    longest = sorted(pending, key=lambda one: one.waiting_seconds, reverse=True)[:_MOST_PENDING_SHOWN]
    return tuple(
        PendingFile(path=os.fspath(one.path), waiting_seconds=round(one.waiting_seconds, 1), is_overdue=one.is_overdue)
        for one in longest
    )
