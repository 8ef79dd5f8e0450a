"""The pipeline as one object: opens everything, takes files in, answers with events."""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from pictrace.act import Actor, write_marker
from pictrace.config import Config
from pictrace.decide import RuleBook, compile_rules
from pictrace.errors import BusyError, ConfigError, StoreError
from pictrace.fingerprint import VERSIONS, WorkerPool, usual_room, usual_workers
from pictrace.match import MATCHER_VERSION
from pictrace.match.index import ENTRIES_VERSION
from pictrace.model import CLOCK, ChangeKind, ChangeState, Clock, PhotoFile, RootInfo
from pictrace.pipeline.acting import Owner, known_actions, make_world, may_go_on
from pictrace.pipeline.braking import Braking
from pictrace.pipeline.claims import Claims
from pictrace.pipeline.events import ChangeEvent, Event, UnreadableEvent
from pictrace.pipeline.findings import Findings
from pictrace.pipeline.intake import Intake, Landed
from pictrace.pipeline.judge import Judge
from pictrace.pipeline.library import Library
from pictrace.pipeline.messages import Messenger, make_senders
from pictrace.pipeline.objections import Objections
from pictrace.pipeline.planning import Planner
from pictrace.pipeline.responder import Responder
from pictrace.pipeline.retrying import Retries
from pictrace.pipeline.returning import Returns
from pictrace.pipeline.scheduler import Scheduler
from pictrace.pipeline.vectors import Vectors
from pictrace.store import Index, Journal

log = logging.getLogger(__name__)

_NEVER = 0  # the version of a matcher that there was never


@dataclass(kw_only=True)
class Hooks:
    """What the owner of an engine wants to be told.

    ``on_judged`` replaces the response to a file that is known now; a scan responds at its end instead. ``go_on`` is
    asked while a program of a rule runs: whether it may.
    """

    emit: Callable[[Event], None]
    on_changed: Callable[[Path], None]
    on_judged: Callable[[PhotoFile], None] | None = None
    go_on: Callable[[], bool] = may_go_on
    unreadable: set[Path] = field(default_factory=set)


class Engine:
    """Owns the store, the workers and all that lies between.

    Args:
        config: what to work on and how.
        hooks: who is told.
        may_mark: whether roots get their marker file: a plain scan touches nothing.
        clock: handed to all that ask for the time.
    """

    def __init__(self, config: Config, hooks: Hooks, *, may_mark: bool, clock: Clock = CLOCK) -> None:
        # First of all: rules that make no sense leave no marker, and end nothing that a stop left open.
        rules = compile_rules(config, known_actions(config))
        self._messenger = Messenger(
            make_senders(config.notify), most_per_hour=config.notify.most_per_hour, monotonic=clock.monotonic
        )
        self.config = config
        self._clock = clock
        self._hooks = hooks
        config.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.index = Index.open(config.state, wall_clock=clock.wall)
        self.journal = Journal.open(config.state, clock=clock)
        self.library = Library(self.index, write_marker=write_marker if may_mark else None, wall_clock=clock.wall)
        self._open_roots(config)
        self.actor = self._acting(config)
        self.recover()
        self.pool = WorkerPool(wanted_workers(config), memory_bytes=config.memory_bytes)
        self.pool.start()
        self.scheduler = Scheduler(self.pool, max_in_flight=2 * self.pool.workers)
        self._vectors = self._looking(config)
        self.judge = Judge(library=self.library, index=self.index, scheduler=self.scheduler, vectors=self._vectors)
        self.judge.load()
        self.findings = Findings(library=self.library, index=self.index, journal=self.journal)
        self.braking = Braking(
            config.brake, library=self.library, index=self.index, journal=self.journal, monotonic=clock.monotonic
        )
        self.claims = Claims(self.library, config)
        self.responder = self._responding(config, rules)
        self._intake = Intake(
            library=self.library,
            index=self.index,
            judge=self.judge,
            scheduler=self.scheduler,
            returns=Returns(library=self.library, index=self.index, journal=self.journal),
            listener=self,
            wall_clock=clock.wall,
        )

    def _looking(self, config: Config) -> Vectors | None:
        """Return the vectors of the network that the config names; one that cannot be used is a wrong config."""
        try:
            return None if config.network is None else Vectors(self.index, config.network, self.pool)
        except ConfigError:
            self.close()
            raise

    def _acting(self, config: Config) -> Actor:
        owner = Owner(announce=self._messenger.announce, go_on=self._hooks.go_on)
        return Actor(make_world(config, self.library, self._clock, owner), self.journal)

    def _responding(self, config: Config, rules: RuleBook) -> Responder:
        objections = Objections(self.journal, self.claims)
        return Responder(
            config=config,
            planner=Planner(rules, findings=self.findings, objections=objections, wall_clock=self._clock.wall),
            findings=self.findings,
            actor=self.actor,
            braking=self.braking,
            claims=self.claims,
            index=self.index,
            journal=self.journal,
            emit=self._emit,
            wall_clock=self._clock.wall,
            retries=Retries(monotonic=self._clock.monotonic),
        )

    def __enter__(self) -> Engine:
        """Return the engine; leaving closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the engine."""
        self.close()

    def take_in(self, landed: Landed) -> None:
        """Queue a settled file; arrivals go before the backlog."""
        self.scheduler.add(self._intake.take_in(landed), is_urgent=landed.is_arrival)

    def take_up_unfinished(self) -> None:
        """Queue what is not answered, described or compared as this version would; what lands goes before it.

        A disk that is there again may hold what a photo has to be compared with.
        """
        self.responder.retries.wake()
        files = self.index.files
        unjudged = files.unjudged(
            matcher_version=MATCHER_VERSION,
            entries_version=ENTRIES_VERSION,
            fingerprint_versions=VERSIONS,
            vector_version=None if self._vectors is None else self._vectors.version,
        )
        for row in itertools.chain(files.undecided(), unjudged):
            self.scheduler.add(self._intake.take_in(Landed(path=row.path, is_arrival=row.is_arrival)))

    def step(self, timeout_seconds: float) -> None:
        """Let the work go on, waiting at most so long for a worker."""
        with self.index.batch():
            self.scheduler.step(timeout_seconds)
        self.judge.save_sometimes()

    def prune(self) -> None:
        """Forget what is gone for a month, and acts that the brake need not count any more; count how long it ran."""
        self.journal.uptime.note()
        self.braking.forget_old_acts()
        self.judge.forget(self.index.prune(self._clock.wall()).photo_ids)

    def adopt(self, config: Config) -> None:
        """Work by another config from now on.

        Raises:
            PicTraceError: it makes no sense, or its roots cannot be written down; the old one stays in force.
        """
        rules = compile_rules(config, known_actions(config))
        senders = make_senders(config.notify)
        self._open_roots(config)
        self.config = self.responder.config = config
        self.braking.brake = config.brake
        self.claims.adopt(config)
        self.responder.planner.rules = rules
        is_recovery_due = self.actor.is_recovery_due
        self.actor = self.responder.actor = self._acting(config)
        self.actor.is_recovery_due = is_recovery_due
        self._messenger.adopt(senders, most_per_hour=config.notify.most_per_hour)

    def recover(self) -> None:
        """Bring to an end what a stop left open, before anything else is done in a root that is there now.

        Where another program goes on making a change, that is done later, and nothing is changed before.
        """
        try:
            self.actor.recover()
        except BusyError as problem:
            log.warning("what a stop left open is looked at later: %s", problem)

    def recover_where_due(self) -> None:
        """Try again what another program kept from being recovered."""
        if self.actor.is_recovery_due:
            with contextlib.suppress(BusyError):
                self.actor.recover()
                log.warning("what a stop left open was looked at")

    def reopen_away(self) -> tuple[RootInfo, ...]:
        """Try the roots again that were away; returns those that are there now."""
        found = self.library.reopen_away()
        self._put_in_journal(found)
        return found

    def note_root(self, root: RootInfo, *, is_there: bool) -> None:
        """Remember since when a root is away, or that it is back."""
        if is_there:
            self.index.roots.note_there(root.identity)
        else:
            self.index.roots.note_away(root.identity, self._clock.wall())

    def _open_roots(self, config: Config) -> None:
        before = self.library.roots, self.library.away
        self.library.reopen(config)
        try:
            self._put_in_journal(self.library.roots)
        except StoreError:
            self.library.roots, self.library.away = before
            raise

    def _put_in_journal(self, roots: Iterable[RootInfo]) -> None:
        for root in roots:
            # The journal writes paths relative to their root, so that an undo follows a library that moved.
            self.journal.put_root(root)

    def close(self) -> None:
        """Stop the workers and close the store; what was not finished is taken up at the next start."""
        self.scheduler.stop()
        self._messenger.close()
        self.pool.close()
        self.index.close()
        self.journal.close()

    def _emit(self, event: Event) -> None:
        if isinstance(event, ChangeEvent):
            change = event.change
            if change.kind in (ChangeKind.QUARANTINE, ChangeKind.TRASH) and change.state is ChangeState.DONE:
                self.judge_again(change.content_hash)
        self._hooks.emit(event)

    def judge_again(self, content_hash: bytes) -> None:
        """Have those compared again that were compared with a photo only that is not there now: the head of their star.

        What they have in common with each other, and with what stays in its place, was never looked at.
        """
        if self.library.living(content_hash):
            return
        for finding in self.index.findings.with_photo(content_hash):
            if finding.other == content_hash:
                self.index.photos.set_judged(finding.file, _NEVER)
                for file in self.library.living(finding.file)[:1]:
                    self.scheduler.add(self._intake.take_in(Landed(path=file.path, is_arrival=file.is_arrival)))

    def on_judged(self, file: PhotoFile) -> None:
        """Respond to a file that is known now (called by the intake)."""
        if self._hooks.on_judged is not None:
            self._hooks.on_judged(file)
        else:
            self.responder.respond(file)

    def on_changed(self, path: Path) -> None:
        """Have a file settle again (called by the intake)."""
        self._hooks.on_changed(path)

    def on_unreadable(self, path: Path, reason: str) -> None:
        """Report a file that could not be read (called by the intake)."""
        self._hooks.unreadable.add(path)
        self._hooks.emit(UnreadableEvent(path=path, error=reason))


def require_sound(config: Config) -> None:
    """Refuse a config whose rules or channels make no sense; nothing is made, and nothing touched.

    Raises:
        ConfigError: with file, line and column where it is a rule.
    """
    compile_rules(config, known_actions(config))
    make_senders(config.notify)


def wanted_workers(config: Config) -> int:
    """Return what the config asks for; where it says nothing of memory either, no more than there is room for."""
    cores = os.cpu_count() or 1
    if config.workers:
        return config.workers
    return cores if config.memory_bytes is not None else usual_workers(cores, usual_room())
