"""Decides about the findings of a file and has the plan carried out."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from pictrace.act import Actor
from pictrace.config import Config
from pictrace.decide import RuleBook
from pictrace.errors import shown
from pictrace.model import Change, ChangeKind, ChangeState, PhotoFile, Plan
from pictrace.pipeline.events import ChangeEvent, Event, FileFinding, FindingEvent, match_json
from pictrace.pipeline.findings import Findings
from pictrace.store import Index, Journal

log = logging.getLogger(__name__)

Emit = Callable[[Event], None]


class Responder:
    """Turns findings into events, and into changes where the config says so.

    Args:
        config: ``act`` and ``backlog_act`` are looked at.
        rules: compiled from the config.
        findings: where findings come from.
        actor: carries plans out.
        journal: asked what a person took back: that is not done again.
        emit: told of every finding and change.
    """

    def __init__(  # noqa: PLR0913 – the room where all rooms meet
        self,
        *,
        config: Config,
        rules: RuleBook,
        findings: Findings,
        actor: Actor,
        index: Index,
        journal: Journal,
        emit: Emit,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self.config = config
        self.rules = rules
        self._findings = findings
        self.actor = actor
        self._index = index
        self._journal = journal
        self._emit = emit
        self._wall_clock = wall_clock
        self.failed: set[Path] = set()
        self.last_finding_at: float | None = None

    def respond(self, file: PhotoFile) -> None:
        """Report the findings of a file, act on them where the config says so, and remember that it was decided."""
        self.failed.discard(file.path)
        for finding in self._findings.of_file(file):
            event = self.decided(finding, is_backlog_allowed=self.config.backlog_act)
            self.last_finding_at = self._wall_clock()
            self._emit(event)
            if self.config.act and event.plan is not None and event.plan.held is None:
                changes = self.carry_out(event)
                if any(change.state is ChangeState.ABORTED for change in changes):
                    self.failed.add(file.path)
        if file.path not in self.failed:
            self._index.files.set_decided(file.id)

    def try_again(self) -> None:
        """Respond again where an act failed: the disk may have room now, the root may be writable."""
        for path in list(self.failed):
            row = self._index.files.file_at(path)
            if row is None or not self._findings.is_living(row):
                self.failed.discard(path)
            else:
                self.respond(row)

    def decided(self, finding: FileFinding, *, is_backlog_allowed: bool) -> FindingEvent:
        """Return a finding with the plan of the first rule that matches, held where a person said no before."""
        facts = self._findings.facts(finding, now=self._wall_clock(), is_backlog_allowed=is_backlog_allowed)
        plan = self.rules.judge(facts)
        if plan is not None and plan.held is None:
            undone = self._undone(plan, finding)
            if undone is not None:
                plan = replace(plan, held=f"you took this back (change {undone.id})")
        return FindingEvent(finding=finding, plan=plan)

    def carry_out(self, event: FindingEvent) -> list[Change]:
        """Carry a plan out and report each change."""
        plan, finding = event.plan, event.finding
        if plan is None or not plan.steps:
            return []
        by_path = {finding.file.path: finding.file, finding.other.path: finding.other}
        told = json.dumps(match_json(finding.file.path, finding.other.path, finding.match))
        changes = self.actor.carry_out(
            plan, duplicate=by_path[plan.duplicate], keeper=by_path[plan.keeper], match=finding.match, finding=told
        )
        self._take_note(changes, by_path.values())
        for change in changes:
            self._emit(ChangeEvent(change=change))
        return changes

    def _take_note(self, changes: Iterable[Change], files: Iterable[PhotoFile]) -> None:
        """Follow what was moved, so that the next look does not take it for a loss."""
        rows = {file.path: file for file in files}
        for change in changes:
            row = rows.get(change.source)
            if change.state is not ChangeState.DONE or row is None:
                continue
            if change.kind in (ChangeKind.QUARANTINE, ChangeKind.MOVE):
                log.info("%s: %s to %s", shown(change.source), change.kind.value, shown(change.target or ""))
                self._index.files.forget(row.path)

    def _undone(self, plan: Plan, finding: FileFinding) -> Change | None:
        """Return the change of this kind on this photo that a person took back, if there is one."""
        content_hash = next(file.content_hash for file in (finding.file, finding.other) if file.path == plan.duplicate)
        kinds = {step.action for step in plan.steps}
        for change in self._journal.changes_of(content_hash):
            if change.state is ChangeState.UNDONE and change.kind.value in kinds:
                return change
        return None
