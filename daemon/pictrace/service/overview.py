"""Puts together what a running daemon tells of itself."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from pictrace.model import Clock, RootInfo
from pictrace.pipeline.engine import Engine
from pictrace.pipeline.reconcile import Reconciler
from pictrace.service.root_keeper import RootKeeper
from pictrace.service.status import DaemonStatus, PendingFile, RootStatus
from pictrace.service.troubles import TroubleFinder, Troubles
from pictrace.settle import Pending, Settler
from pictrace.watch import Observer

_MOST_PENDING_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Reads the parts of a daemon."""

    engine: Engine
    settler: Settler
    observer: Observer
    reconciler: Reconciler
    keeper: RootKeeper
    troubles: Troubles
    clock: Clock
    started_at: float

    def status(self) -> DaemonStatus:
        """Return the status."""
        engine = self.engine
        pending = self.settler.pending(self.clock.monotonic())
        return DaemonStatus(
            pid=os.getpid(),
            started_at=self.started_at,
            written_at=self.clock.wall(),
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
            degraded=self.troubles.dated(self._finder().found(pending)),
        )

    def is_healthy(self) -> bool:
        """Return whether every thread lives: a dead one must not hide behind a loop that goes on."""
        return self.observer.is_alive() and self.reconciler.is_alive() and self.engine.pool.is_alive()

    def _root(self, root: RootInfo) -> RootStatus:
        mode = self.keeper.mode(root)
        return RootStatus(
            path=os.fspath(root.path),
            role=root.role.value,
            state=self.keeper.state(root).value,
            watched_by="nothing yet" if mode is None else f"{mode.name}: {mode.reason}",
            is_indexed=root.is_indexed,
        )

    def _finder(self) -> TroubleFinder:
        return TroubleFinder(
            engine=self.engine,
            observer=self.observer,
            reconciler=self.reconciler,
            keeper=self.keeper,
            troubles=self.troubles,
        )


def _longest_pending(pending: Sequence[Pending]) -> tuple[PendingFile, ...]:
    longest = sorted(pending, key=lambda one: one.waiting_seconds, reverse=True)[:_MOST_PENDING_SHOWN]
    return tuple(
        PendingFile(path=os.fspath(one.path), waiting_seconds=round(one.waiting_seconds, 1), is_overdue=one.is_overdue)
        for one in longest
    )
