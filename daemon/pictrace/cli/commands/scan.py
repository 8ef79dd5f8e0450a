"""``pictrace scan``: index folders and print every finding."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from pictrace.cli import options
from pictrace.cli.options import Common, confirm, require_folders
from pictrace.cli.output import Output
from pictrace.cli.progress import ScanProgress
from pictrace.cli.show import counted
from pictrace.config import Config
from pictrace.errors import UsageError
from pictrace.model import ChangeState
from pictrace.pipeline.braking import is_same_work
from pictrace.pipeline.engine import Engine, Hooks, require_sound
from pictrace.pipeline.events import Event, FindingEvent, SummaryEvent, UnreadableEvent
from pictrace.pipeline.sweep import finish, sweep
from pictrace.service.lock import StateLock
from pictrace.service.priority import lower_priority


def scan(  # noqa: PLR0913 – a command's options are its parameters
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Folders to look through; the config's roots where left out.")
    ] = None,
    act: options.ActOption = None,
    yes: options.YesOption = False,
    new: Annotated[bool, typer.Option("--new", help="Only findings of files that are new.")] = False,
    all_relations: Annotated[
        bool, typer.Option("--all-relations", help="Bursts and views of one scene as well.")
    ] = False,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Index FOLDERS and print every finding among the files in them; --act does what the rules say.

    With --act that holds for what was there before as well. With `act: true` in the config alone it does not, unless
    `backlog: act` is there, too.
    """
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    require_folders(folders or [])
    loaded = common.load(folders or [], act=act)
    if not loaded.roots:
        raise UsageError("nothing to look through: name a folder, or write `roots:` in a config file")
    require_sound(loaded)
    lower_priority()
    with StateLock(loaded.state, [root.path for root in loaded.roots]):
        # Where nothing is done, what is shown is what `--act` would do.
        is_backlog_allowed = act is True or loaded.backlog_act or not loaded.act
        one = _Scan(loaded, Output(as_json=json), quiet=quiet, is_backlog_allowed=is_backlog_allowed)
        one.run(yes=yes, only_new=new, all_relations=all_relations)


class _Scan:
    """One run of the command."""

    def __init__(self, config: Config, output: Output, *, quiet: bool, is_backlog_allowed: bool) -> None:
        self._config = config
        self._is_backlog_allowed = is_backlog_allowed
        self._output = output
        self._quiet = quiet
        self._new: set[Path] = set()
        self._unreadable: dict[Path, UnreadableEvent] = {}
        self._started_at = time.monotonic()
        self._changes = 0
        self._held = 0

    def run(self, *, yes: bool, only_new: bool, all_relations: bool) -> None:
        """Index, print, and act where the config says so."""
        hooks = Hooks(emit=self._note, on_changed=self._new.discard, on_judged=lambda file: self._new.add(file.path))
        with ExitStack() as stack:
            engine = stack.enter_context(Engine(self._config, hooks, may_mark=self._config.act))
            with ScanProgress(quiet=self._quiet) as progress, _interruptible():
                swept = sweep(engine, progress.update)
            for problem in swept.problems:
                self._output.event(UnreadableEvent(path=problem.path, error=problem.reason))
            for unreadable in self._unreadable.values():
                self._output.event(unreadable)
            engine.responder.review_held_now()
            events = list(self._findings(engine, swept.new if only_new else None, all_relations))
            for event in events:
                self._output.event(event)
            for returned in engine.findings.alone_among([root.path for root in self._config.roots]):
                self._output.event(returned)
            if self._config.act:
                self._act_in_rounds(engine, events, swept.new if only_new else None, yes=yes)
            self._output.event(
                SummaryEvent(
                    files=swept.files,
                    photos=swept.photos,
                    fingerprinted=engine.index.fingerprinted_this_run,
                    findings=len(events),
                    changes=self._changes,
                    held=self._held,
                    unreadable=len(self._unreadable) + len(swept.problems),
                    seconds=time.monotonic() - self._started_at,
                )
            )

    def _findings(self, engine: Engine, only: set[Path] | None, all_relations: bool) -> Iterator[FindingEvent]:
        for finding in engine.findings.among([root.path for root in self._config.roots]):
            if only is not None and finding.file.path not in only:
                continue
            event = engine.responder.decided(finding, is_backlog_allowed=self._is_backlog_allowed)
            if finding.match.relation.is_copy or all_relations or event.plan is not None:
                yield event

    def _act_in_rounds(self, engine: Engine, events: list[FindingEvent], only: set[Path] | None, *, yes: bool) -> None:
        """Carry out what is planned, after the person at the terminal has seen it and agreed.

        What one plan does may make another one of those after it: its photos are moved, or one says more of itself now.
        So each is judged anew before it is carried out; one that changed is shown, and asked for, in the next round.
        Who was asked has seen how many there are, and that is what the brake wants; behind ``--yes`` nobody may be
        looking, so there the brake holds as it does in the daemon.
        """
        tried: set[tuple[Path, Path, str]] = set()
        while True:
            # A keyword is wanted still after it was written: what was tried in this run is not tried again.
            planned = [event for event in events if _is_open(event) and _told_apart(event) not in tried]
            if not planned or not confirm(_question(len(planned), engine.braking.excess(planned)), yes=yes):
                return
            done = 0
            for shown_one in planned:
                event = self._judged_again(engine, shown_one)
                if event is not None:
                    tried.add(_told_apart(event))
                    done += self._act(engine, event, is_seen=not yes)
            self._changes += done
            if not done:
                return
            finish(engine)  # what was compared with a photo that was put away is held against the others
            events = list(self._findings(engine, only, False))
            for event in events:
                self._output.event(event)

    def _judged_again(self, engine: Engine, event: FindingEvent) -> FindingEvent | None:
        """Return a finding with its plan as it is now; None where that is not the one that was shown."""
        for finding in engine.findings.of_file(event.finding.file):
            if finding.other.path == event.finding.other.path:
                now = engine.responder.decided(finding, is_backlog_allowed=self._is_backlog_allowed)
                return now if is_same_work(now.plan, event.plan) else None
        return None

    def _act(self, engine: Engine, event: FindingEvent, *, is_seen: bool) -> int:
        """Carry one plan out; returns how many changes were made."""
        if is_seen and event.plan is not None:
            event = replace(event, plan=replace(event.plan, is_confirmed=True))
        else:
            event = engine.braking.checked(event, is_backlog_allowed=self._is_backlog_allowed)
        if event.plan is not None and event.plan.held is not None:
            self._held += 1
            return 0
        changes = engine.responder.carry_out(event)
        return sum(change.state is ChangeState.DONE for change in changes)

    def _note(self, event: Event) -> None:
        if isinstance(event, UnreadableEvent):
            self._unreadable[event.path] = event
        else:
            self._output.event(event)


def _is_open(event: FindingEvent) -> bool:
    """Return whether there is something to do that nothing stands in the way of."""
    return event.plan is not None and bool(event.plan.steps) and event.plan.held is None


def _told_apart(event: FindingEvent) -> tuple[Path, Path, str]:
    """Return what tells the plan of an event from others."""
    if event.plan is None:
        raise LookupError("expected a finding with a plan")
    return event.plan.duplicate, event.plan.keeper, event.plan.rule


def _question(count: int, excess: int) -> str:
    more = f" The brake would hold {excess} of them; your yes lets them go." if excess else ""
    return f"Carry out {counted(count, 'plan')}?{more}"


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let SIGTERM end a scan as Ctrl-C does: what is done is kept, and the next scan goes on from there."""

    def interrupt(_: int, __: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
