"""The daemon: one loop that listens, waits until files settle, and keeps the pipeline going."""

from __future__ import annotations

import contextlib
import logging
import queue
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType

from pictrace.config import Config
from pictrace.errors import PicTraceError, shown
from pictrace.model import CLOCK, Clock, RootInfo, StatKey
from pictrace.patience import StalledError
from pictrace.pipeline.engine import Engine, Hooks
from pictrace.pipeline.events import Event
from pictrace.pipeline.intake import Landed
from pictrace.pipeline.library import require_roots
from pictrace.pipeline.reconcile import Reconciler
from pictrace.service.notify import Notifier
from pictrace.service.overview import Overview
from pictrace.service.root_keeper import RootKeeper
from pictrace.service.scans import Scans
from pictrace.service.status import clear_status, write_status
from pictrace.service.troubles import Troubles
from pictrace.settle import Settler
from pictrace.store import Index
from pictrace.watch import Hint, IgnoreList, Observer, Rescan, is_photo_name

log = logging.getLogger(__name__)

_STEP_SECONDS = 0.1
_IDLE_SECONDS = 0.5
_ROOT_CHECK_SECONDS = 1.0
_STATUS_SECONDS = 1.0
# Hints taken up before the pipeline gets its turn again.
_MOST_AT_ONCE = 2_000
# Confirmed plans, and failed ones, before the loop goes on: each reads two photos, and the watchdog has to be told.
_MOST_LET_GO = 10


class Daemon:
    """Watches the roots of a config until it is told to stop.

    Args:
        config: what to watch and how.
        reload: reads the config again, on SIGHUP.
        emit: told of every finding and change.
        notifier: the service manager, if there is one.
        clock: time for decisions never comes from the wall clock.
    """

    def __init__(
        self,
        config: Config,
        *,
        reload: Callable[[], Config],
        emit: Callable[[Event], None],
        notifier: Notifier,
        clock: Clock = CLOCK,
    ) -> None:
        self._reload = reload
        self._notifier = notifier
        self._clock = clock
        self._now = clock.monotonic
        self._hints: queue.SimpleQueue[Hint | Rescan] = queue.SimpleQueue()
        self._signals: set[int] = set()
        self._next_rescan = self._next_root_check = self._next_status = 0.0
        self._started_at = clock.wall()
        self._engine = Engine(
            config, Hooks(emit=emit, on_changed=self._note, go_on=self._go_on), may_mark=True, clock=clock
        )
        try:
            require_roots(self._engine.library)
        except PicTraceError:
            self._engine.close()
            raise
        self._settler = Settler(quiet_seconds=config.quiet_seconds, longest_wait_seconds=config.longest_wait_seconds)
        self._troubles = Troubles(wall_clock=clock.wall)
        self._listen(config)

    def _listen(self, config: Config) -> None:
        """Make the parts that depend on the config."""
        self._ignore = IgnoreList.load(config.ignore)
        self._observer = Observer(self._hints.put, self._ignore, monotonic=self._now)
        self._reconciler = Reconciler(self._ignore, partial(Index.read, config.state), monotonic=self._now)
        self._scans = Scans(
            engine=self._engine,
            settler=self._settler,
            observer=self._observer,
            reconciler=self._reconciler,
            troubles=self._troubles,
            clock=self._clock,
        )
        self._keeper = RootKeeper(self._engine, self._observer, self._scans.request)
        self._overview = Overview(
            engine=self._engine,
            settler=self._settler,
            observer=self._observer,
            reconciler=self._reconciler,
            keeper=self._keeper,
            troubles=self._troubles,
            clock=self._clock,
            started_at=self._started_at,
        )

    def run(self) -> None:
        """Watch until SIGTERM or SIGINT; a half-done photo is taken up at the next start."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            # Arm first, scan second: what lands between the two is then seen twice rather than never.
            self._observer.start()
            self._keeper.start()
            self._engine.take_up_unfinished()
            self._engine.responder.review_held()
            self._notifier.ready()
            log.info("watching %s", ", ".join(shown(root.path) for root in self._engine.library.roots))
            while not self._signals & {signal.SIGTERM, signal.SIGINT}:
                self._tick()
        finally:
            self._stop()

    def _stop(self) -> None:
        self._notifier.stopping()
        self._observer.stop()
        self._reconciler.stop()
        self._keeper.stop()
        self._engine.close()
        clear_status(self._engine.config.state)

    def _tick(self) -> None:
        with self._engine.index.batch():
            self._take_hints()
            self._scans.take_results()
            self._settle()
        is_busy = len(self._engine.scheduler) > 0
        self._engine.step(_STEP_SECONDS)
        is_busy |= self._engine.responder.let_go(_MOST_LET_GO) + self._engine.responder.try_again(_MOST_LET_GO) > 0
        self._scans.finish_first_index()
        self._every_now_and_then()
        if not is_busy and self._reconciler.results.empty():
            self._wait()

    def _go_on(self) -> bool:
        """Do what cannot wait while a program of a rule runs; returns whether it may go on."""
        if self._now() >= self._next_status:
            self._next_status = self._now() + _STATUS_SECONDS
            self._tell_status()
        return not self._signals & {signal.SIGTERM, signal.SIGINT}

    def _wait(self) -> None:
        """Sleep until a hint comes or the next file is due, so that an idle daemon costs next to nothing."""
        now = self._now()
        due = self._settler.next_due(now)
        seconds = _IDLE_SECONDS if due is None else min(_IDLE_SECONDS, due - now)
        if seconds <= 0:
            return
        try:
            self._take_hint(self._hints.get(timeout=seconds))
        except queue.Empty:
            return

    # -- what comes in

    def _take_hints(self) -> None:
        for _ in range(_MOST_AT_ONCE):
            try:
                self._take_hint(self._hints.get_nowait())
            except queue.Empty:
                return

    def _take_hint(self, hint: Hint | Rescan) -> None:
        if isinstance(hint, Rescan):
            self._scans.make_good(hint.root, hint.cause)
            return
        root = self._engine.library.root_of(hint.path)
        if root is None or not self._keeper.is_usable(root.identity) or not is_photo_name(hint.path):
            return
        if self._ignore.hit_below(root.path, hint.path) is None:
            self._note(hint.path, is_new=hint.is_new)

    def _note(self, path: Path, *, is_new: bool = False) -> None:
        # Of a root that stalls nothing is noted: it is looked through when it is back.
        with contextlib.suppress(StalledError):
            key = self._engine.library.key_at(path)
            self._settler.note(path, key, self._now(), is_new=is_new)
            if key is None:
                self._engine.index.problems.clear(path)

    def _settle(self) -> None:
        now = self._now()
        for path in self._settler.due(now):
            root = self._engine.library.root_of(path)
            if root is not None and not self._keeper.is_usable(root.identity):
                continue  # it comes up again
            try:
                key = self._engine.library.key_at(path)
            except StalledError:
                continue
            self._observe(path, key, root)

    def _observe(self, path: Path, key: StatKey | None, root: RootInfo | None) -> None:
        settled = self._settler.observe(path, key, self._now())
        if settled is not None and root is not None:
            self._engine.take_in(Landed(path=path, is_arrival=root.is_indexed or settled.is_new))

    # -- what is done now and then

    def _every_now_and_then(self) -> None:
        now = self._now()
        if signal.SIGHUP in self._signals:
            self._signals.discard(signal.SIGHUP)
            self._adopt_config()
        if now >= self._next_root_check:
            self._next_root_check = now + _ROOT_CHECK_SECONDS
            self._keeper.check()
            self._engine.recover_where_due()
            self._engine.index.require_in_place()
            self._engine.journal.require_in_place()
        if now >= self._next_rescan:
            self._next_rescan = now + self._engine.config.rescan_seconds
            self._scans.request_all()
        if now >= self._next_status:
            self._next_status = now + _STATUS_SECONDS
            self._tell_status()

    def _adopt_config(self) -> None:
        """Read the config again; a broken one changes nothing."""
        self._notifier.reloading()
        try:
            config = self._reload()
            self._engine.adopt(config)
        except (PicTraceError, OSError) as problem:
            log.error("config not taken, the old one stays in force: %s", problem)
            self._troubles.config = str(problem)
        else:
            self._troubles.config = None
            self._observer.stop()
            self._reconciler.stop()
            self._keeper.stop()
            self._settler.reconfigure(
                quiet_seconds=config.quiet_seconds, longest_wait_seconds=config.longest_wait_seconds
            )
            self._listen(config)
            self._observer.start()
            self._keeper.start()
            self._engine.responder.retries.wake()
            self._engine.responder.review_held()
            self._scans.request_all()
            log.info("config taken")
        self._notifier.ready()

    def _tell_status(self) -> None:
        status = self._overview.status()
        try:
            write_status(self._engine.config.state, status)
        except OSError as problem:
            log.error("status not written: %s", problem)
        self._notifier.status(status.line())
        if self._overview.is_healthy():
            self._notifier.watchdog()

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        self._signals.add(number)
