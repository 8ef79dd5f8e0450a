"""Every state in which a running daemon does less than it should: how often, why, and since when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from pictrace.errors import shown
from pictrace.model import ChangeState, RootInfo, RootState
from pictrace.pipeline.engine import Engine
from pictrace.pipeline.reconcile import Reconciler
from pictrace.pipeline.retrying import FailedActs
from pictrace.service.root_keeper import RootKeeper
from pictrace.service.status import HELD_PLANS, Trouble
from pictrace.settle import Pending
from pictrace.watch import Observer

# A scan that showed no sign of life for so long hangs, most likely in a network share.
SCAN_STALLED_SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A trouble as it is now; ``about`` tells it from others of its kind, ``since`` is None where nothing says so."""

    kind: str
    count: int
    cause: str
    about: str = ""
    since: float | None = None


@dataclass(slots=True, kw_only=True)
class Troubles:
    """Looks for troubles in the parts of a daemon, and remembers since when each lasts.

    Attributes:
        wall_clock: seconds since 1970, labels only.
        config: what was wrong with the config that was not taken.
        unseen: by root, the folders that its last scan could not look into.
    """

    wall_clock: Callable[[], float]
    config: str | None = None
    unseen: dict[str, Sequence[str]] = field(default_factory=dict)
    _since: dict[tuple[str, str], float] = field(default_factory=dict)

    def dated(self, found: Iterator[Found]) -> tuple[Trouble, ...]:
        """Return what was found with since when; what is not found any more is forgotten."""
        now = self.wall_clock()
        since: dict[tuple[str, str], float] = {}
        troubles = []
        for one in found:
            key = (one.kind, one.about)
            since[key] = self._since.get(key, now) if one.since is None else one.since
            troubles.append(Trouble(kind=one.kind, count=one.count, cause=one.cause, since=since[key]))
        self._since = since
        return tuple(troubles)


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleFinder:
    """Asks every part of a daemon what is wrong with it."""

    engine: Engine
    observer: Observer
    reconciler: Reconciler
    keeper: RootKeeper
    troubles: Troubles

    def found(self, pending: Sequence[Pending]) -> Iterator[Found]:
        """Yield every trouble there is now."""
        if self.troubles.config is not None:
            yield Found(kind="config not taken", count=1, cause=f"the old one stays in force: {self.troubles.config}")
        if not (self.observer.is_alive() and self.reconciler.is_alive()):
            cause = "a thread that hears of changes, or looks for them, ended by an error: start PicTrace again"
            yield Found(kind="thread ended", count=1, cause=cause)
        if not self.engine.pool.is_alive():
            cause = "a thread that looks after a worker ended, or could not be started: start PicTrace again"
            yield Found(kind="thread ended", count=1, cause=cause, about="workers")
        for problem in self.observer.problems():
            yield Found(kind=problem.kind, count=problem.count, cause=problem.cause, about=problem.about)
        for config, reason in self.engine.library.away:
            yield Found(kind="root away", count=1, cause=reason, about=str(config.path))
        for root in self.engine.library.roots:
            yield from self._of_root(root)
        overdue = sum(one.is_overdue for one in pending)
        if overdue:
            yield Found(kind="not settling", count=overdue, cause="files that keep changing")
        yield from self._of_photos()
        yield from self._of_acts()

    def _of_root(self, root: RootInfo) -> Iterator[Found]:
        identity, path, state = root.identity, shown(root.path), self.keeper.state(root)
        if state is not RootState.USABLE:
            cause = f"{path} is {state.value}; nothing in it is changed or forgotten"
            yield Found(kind="root paused", count=1, cause=cause, about=identity)
            return
        if self.keeper.is_read_only(identity) and self.engine.config.act and root.role.may_act:
            cause = f"{path} is mounted read-only, so nothing in it can be moved or tagged"
            yield Found(kind="root read-only", count=1, cause=cause, about=identity)
        obstacle = self.keeper.obstacle(identity)
        if obstacle is not None and self.engine.config.act:
            yield Found(kind="acts held", count=1, cause=f"{path}: {obstacle}", about=identity)
        silent_seconds = self.reconciler.silent_seconds(identity)
        if silent_seconds > SCAN_STALLED_SECONDS:
            yield Found(kind="scan stalled", count=1, cause=f"a folder in {path} does not answer", about=identity)
        unseen = self.troubles.unseen.get(identity, ())
        if unseen:
            yield Found(kind="folders not read", count=len(unseen), cause=unseen[-1], about=identity)

    def _of_photos(self) -> Iterator[Found]:
        """Yield the files that cannot be read or decoded; since when is in the index."""
        problems = self.engine.index.problems
        count = problems.count()
        if count:
            latest = problems.listed(limit=1)[0]
            cause = f"the latest: {shown(latest.path)}: {shown(latest.reason)}"
            yield Found(kind="unreadable", count=count, cause=cause, since=problems.since())

    def _of_acts(self) -> Iterator[Found]:
        """Yield what could not be done, and what the brake holds; since when is in the journal."""
        for failed in self.engine.responder.retries.failed():
            yield Found(kind="act failed", count=failed.count, cause=self._why(failed), about=failed.root)
        puzzling = self.engine.journal.changes(state=ChangeState.NEEDS_ATTENTION)
        if puzzling:
            cause = "disk and journal disagree, nothing was changed: `pictrace status` names them"
            since = min(change.made_at for change in puzzling)
            yield Found(kind="needs attention", count=len(puzzling), cause=cause, since=since)
        for one in self.engine.journal.brake.by_rule():
            cause = f"'{shown(one.rule)}' moves more photos than the brake lets go in an hour: `pictrace confirm`"
            yield Found(kind=HELD_PLANS, count=one.count, cause=cause, about=one.rule, since=one.since)

    def _why(self, failed: FailedActs) -> str:
        root = self.engine.library.root(failed.root)
        words = failed.cause if root is None else f"{shown(root.path)}: {failed.cause}"
        return f"{words}; nothing in it is moved until that passes" if failed.is_resting else words
