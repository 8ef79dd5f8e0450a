"""Decides about the findings of a file and has the plan carried out."""

from __future__ import annotations

import contextlib
import json
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from pictrace.act import Actor
from pictrace.config import Config
from pictrace.errors import BusyError, shown
from pictrace.model import Change, ChangeState, FileState, HeldPlan, PhotoFile, Plan, RootState, StatKey
from pictrace.pipeline.braking import Braking, is_same_plan, may_move
from pictrace.pipeline.claims import Claims
from pictrace.pipeline.events import ChangeEvent, Event, FileFinding, FindingEvent, json_path, match_json
from pictrace.pipeline.findings import Findings
from pictrace.pipeline.planning import Planner
from pictrace.pipeline.retrying import Retries
from pictrace.store import Index, Journal

log = logging.getLogger(__name__)

_MOST_REVIEWED = 50  # one takes 0.6 ms

Emit = Callable[[Event], None]


class Responder:
    """Turns findings into events, and into changes where the config says so.

    Args:
        config: ``act`` and ``backlog_act`` are looked at.
        planner: says what the rules want.
        findings: where findings come from.
        actor: carries plans out.
        braking: holds plans that are too many for an hour.
        claims: holds plans that other programs speak against.
        journal: asked what a person took back: that is not done again.
        emit: told of every finding and change.
        retries: the files that an act failed on.
    """

    def __init__(  # noqa: PLR0913 – the room where all rooms meet
        self,
        *,
        config: Config,
        planner: Planner,
        findings: Findings,
        actor: Actor,
        braking: Braking,
        claims: Claims,
        index: Index,
        journal: Journal,
        emit: Emit,
        retries: Retries,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self.config = config
        self.planner = planner
        self._findings = findings
        self.actor = actor
        self.braking = braking
        self.claims = claims
        self._index = index
        self._journal = journal
        self._emit = emit
        self._wall_clock = wall_clock
        self.retries = retries
        self.last_finding_at: float | None = None
        self._reviewed_up_to: int | None = None

    def respond(self, file: PhotoFile) -> None:
        """Report the findings of a file, act on them where the config says so, and remember that it was decided."""
        self._review(self._journal.brake.held_plans_with(file.path))
        is_done = True
        for finding in self._findings.of_file(file):
            event = self.decided(finding, is_backlog_allowed=self.config.backlog_act)
            if self.config.act:
                event = self.braking.checked(event, is_backlog_allowed=self.config.backlog_act)
            self.last_finding_at = self._wall_clock()
            self._emit(event)
            if self.config.act and event.plan is not None:
                is_done &= self._try(event, file) if event.plan.held is None else not self.claims.is_waiting(event.plan)
        for returned in self._findings.alone(file):
            self._emit(returned)
        if is_done:
            self.retries.forget(file.path)
            self._index.files.set_decided(file.id)

    def try_again(self, most: int) -> int:
        """Respond again where an act failed and it is time: the disk may have room now, the root may be writable.

        Args:
            most: so many files, so that the caller's other work goes on.

        Returns:
            How many were looked at.
        """
        due = self.retries.due(most)
        for path in due:
            row = self._index.files.file_at(path)
            if row is None or self._findings.is_gone(row):
                self.retries.forget(path)
            elif self._findings.is_living(row):
                self.respond(row)
            else:
                self.retries.later(path)
        return len(due)

    def let_go(self, most: int = -1) -> int:
        """Carry out held plans that a person confirmed, each judged anew; returns how many were looked at.

        What `review_held` asked for is gone on with first, a page at a time.
        A plan that the rules do not want any more is forgotten; where they want another one for that file now, it is
        held in its turn, and so is what lies on a disk that is away.

        Args:
            most: so many, so that the caller's other work goes on.
        """
        reviewed = self._review_page()
        confirmed = self._confirmed(most) if self.config.act else []
        for held in confirmed:
            wanted = self._wanted(held)
            agreed = next((event for event in wanted or () if is_same_plan(_plan(event), held)), None)
            if wanted is None and self._is_gone(held.duplicate):
                self._journal.brake.drop(held)
            elif wanted is None:
                self._journal.brake.take_back_confirmation(held)
            elif agreed is None:
                self._replace(held, wanted)
            else:
                self._try(replace(agreed, plan=replace(_plan(agreed), is_confirmed=True)), agreed.finding.file)
        return len(confirmed) + reviewed

    def _confirmed(self, most: int) -> list[HeldPlan]:
        """Return held plans that may be let go now: where a disk refuses, a person's word waits as well."""
        limit = -1 if self.retries.failed() else most
        confirmed = self._journal.brake.held_plans(is_confirmed=True, limit=limit)
        ready = [held for held in confirmed if not self.retries.is_resting(held.root)]
        return ready if most < 0 else ready[:most]

    def review_held(self) -> None:
        """Have held plans that are not wanted any more forgotten: the rules changed, or a photo went.

        `let_go` does it by and by: thousands of them at once would keep everything else waiting for seconds.
        """
        self._reviewed_up_to = 0

    def review_held_now(self) -> None:
        """Forget all held plans that are not wanted any more, for a caller that has nothing else to do."""
        self.review_held()
        while self._review_page():
            pass

    def _review_page(self) -> int:
        """Look at the next few held plans; returns how many, 0 where all were looked at."""
        if self._reviewed_up_to is None:
            return 0
        plans = self._journal.brake.held_plans(after=self._reviewed_up_to, limit=_MOST_REVIEWED)
        self._reviewed_up_to = plans[-1].id if plans else None
        self._review(plans)
        return len(plans)

    def _review(self, plans: Iterable[HeldPlan]) -> None:
        for held in plans:
            wanted = self._wanted(held) if self.config.act and held.confirmed_at is None else None
            if wanted is not None and not any(is_same_plan(_plan(event), held) for event in wanted):
                self._replace(held, wanted)

    def _wanted(self, held: HeldPlan) -> list[FindingEvent] | None:
        """Return what the rules want moved now because of a held plan's file.

        None where that cannot be told: a disk is away, or a file is not what the index says and it has yet to be seen
        what became of it. Taken for gone, it would open the brake while a folder is renamed.
        """
        for path in (held.duplicate, held.keeper):
            known = self._known(path)
            is_unclear = known is not None and not self._findings.is_living(known)
            if is_unclear or self._findings.root_state(path) is not RootState.USABLE:
                return None
        row = self._known(held.file)
        if row is None:
            return []
        findings = self._findings.of_file(row)
        events = [self.planner.event(finding, is_backlog_allowed=held.is_backlog_allowed) for finding in findings]
        if any(self.claims.is_waiting(event.plan) for event in events):
            return None
        return [event for event in events if event.plan is not None and may_move(event.plan)]

    def _known(self, path: Path) -> PhotoFile | None:
        """Return what the index says is at a path now."""
        row = self._index.files.file_at(path)
        return row if row is not None and row.state is FileState.PRESENT else None

    def _is_gone(self, path: Path) -> bool:
        """Return whether the index has yet to see that a file went."""
        row = self._known(path)
        return row is not None and self._findings.is_gone(row)

    def _replace(self, held: HeldPlan, wanted: list[FindingEvent]) -> None:
        """Hold what is wanted now instead of what was; a photo that was renamed is held under its new name."""
        for event in wanted:
            self.braking.hold(event, is_backlog_allowed=held.is_backlog_allowed)
        if all((_plan(one).duplicate, _plan(one).keeper) != (held.duplicate, held.keeper) for one in wanted):
            self._journal.brake.drop(held)

    def decided(self, finding: FileFinding, *, is_backlog_allowed: bool) -> FindingEvent:
        """Return a finding with its plan, held where a person said no before or has yet to say yes."""
        return self.braking.known(self.planner.event(finding, is_backlog_allowed=is_backlog_allowed))

    def carry_out(self, event: FindingEvent) -> list[Change]:
        """Carry a plan out and report each change."""
        plan, finding = event.plan, event.finding
        if plan is None or not plan.steps:
            return []
        duplicate, keeper = finding.side_at(plan.duplicate), finding.side_at(plan.keeper)
        told = _written_down(plan, finding)
        changes = self.actor.carry_out(plan, duplicate=duplicate, keeper=keeper, match=finding.match, finding=told)
        self.braking.settle(event)
        self._take_note(changes, [duplicate, keeper, *(member.photo for member in plan.members)])
        for change in changes:
            self._emit(ChangeEvent(change=change))
        return changes

    def _try(self, event: FindingEvent, file: PhotoFile) -> bool:
        """Carry a plan out; returns False where that failed, or its disk refuses now, and it is tried again later."""
        root = _duplicate(event).root
        if self.retries.is_resting(root):
            self.retries.put_off(file.path, root)
            return False
        try:
            changes = self.carry_out(event)
        except BusyError as problem:
            self.retries.note_busy(file.path, root, str(problem))
            return False
        # One that is still open waits for its disk: that is a failure, too, and is ended before the next try.
        ended_well = (ChangeState.DONE, ChangeState.UNDONE, ChangeState.NEEDS_ATTENTION)
        failed = [change for change in changes if change.state not in ended_well]
        if failed:
            self.retries.note(file.path, failed[0])
        else:
            self.retries.succeeded(root)
        return not failed

    def _take_note(self, changes: Iterable[Change], files: Iterable[PhotoFile]) -> None:
        """Follow what was moved, so that the next look does not take it for a loss."""
        rows = {file.path: file for file in files}
        for change in changes:
            row = rows.get(change.source)
            if change.state is not ChangeState.DONE or row is None:
                continue
            if change.kind.is_move:
                log.info("%s: %s to %s", shown(change.source), change.kind.value, shown(change.target or ""))
                self._index.files.forget(row.path)
            elif change.kind.is_link:
                log.info("%s: %s with %s", shown(change.source), change.kind.value, shown(change.keeper or ""))
                self._note_twin(row)

    def _note_twin(self, row: PhotoFile) -> None:
        """Have the index know the file that has a name now: its content is what it was, and was judged."""
        with contextlib.suppress(OSError):
            self._index.files.put_file(
                root=row.root,
                path=row.path,
                key=StatKey.of(row.path.lstat()),
                content_hash=row.content_hash,
                first_seen=row.first_seen,
                is_arrival=row.is_arrival,
            )


def _duplicate(event: FindingEvent) -> PhotoFile:
    """Return the file of a finding that its plan acts on."""
    return event.finding.side_at(_plan(event).duplicate)


def _written_down(plan: Plan, finding: FileFinding) -> str:
    """Return a finding as the journal keeps it, with why its keeper stays: rules and index may be others later."""
    told = match_json(finding.file.path, finding.other.path, finding.match)
    why = {"keeper": json_path(plan.keeper), "keeper_reason": plan.keeper_reason, "rule_place": plan.place or None}
    return json.dumps({**told, **why})


def _plan(event: FindingEvent) -> Plan:
    """Return the plan of an event that has one."""
    if event.plan is None:
        raise LookupError("expected a finding with a plan")
    return event.plan
