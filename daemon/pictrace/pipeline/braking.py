"""The brake: when rules move away more photos in an hour than the config allows, the rest waits for a person."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from pictrace.config import Brake
from pictrace.decide import is_moving
from pictrace.errors import shown
from pictrace.model import HeldPlan, Plan, RootInfo
from pictrace.pipeline.events import FindingEvent
from pictrace.pipeline.library import Library
from pictrace.store import Index, Journal

log = logging.getLogger(__name__)

HELD = "more than the brake lets go in an hour: `pictrace confirm`"


class Braking:
    """Says which plans have to wait, and remembers them.

    Counted and held are plans that move a photo away, with all their steps. A plan that only tags or notifies leaves
    every photo where it is and is taken back by ``undo``: to hold it would teach people to confirm without looking.

    While a plan of a root is held, every further one of that root is held too: a rule gone wrong would else go on at
    fifty an hour. A person's word (`pictrace confirm`) lets go what is held and begins the hour anew.

    Args:
        brake: how many; None holds nothing.
        library: which photo lies in which root.
        index: how many photos a root has.
        journal: the acts of the last hour, and what is held.
        monotonic: seconds; the hour is never measured by the wall clock.
    """

    def __init__(
        self,
        brake: Brake | None,
        *,
        library: Library,
        index: Index,
        journal: Journal,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.brake = brake
        self._library = library
        self._index = index
        self._journal = journal
        self._records = journal.brake
        self._monotonic = monotonic

    def known(self, event: FindingEvent) -> FindingEvent:
        """Return an event as it is after earlier words: its plan held by the brake, confirmed, or as it came."""
        row = self._row(event)
        if row is None or event.plan is None:
            return event
        if row.confirmed_at is not None and is_same_plan(event.plan, row):
            return replace(event, plan=replace(event.plan, is_confirmed=True))
        return replace(event, plan=replace(event.plan, held=HELD))

    def checked(self, event: FindingEvent, *, is_backlog_allowed: bool) -> FindingEvent:
        """Return an event that may be acted on now, or one whose plan is held from now on.

        Args:
            event: as `known` gave it.
            is_backlog_allowed: how it was judged; it is judged anew in the same way.
        """
        plan = event.plan
        if plan is None or not may_move(plan) or plan.is_confirmed or self.brake is None:
            return event
        root = self._library.root_of(plan.duplicate)
        if root is None or self._has_room(root, self.brake):
            return event
        self.hold(event, is_backlog_allowed=is_backlog_allowed)
        return replace(event, plan=replace(plan, held=HELD))

    def hold(self, event: FindingEvent, *, is_backlog_allowed: bool) -> None:
        """Remember a plan until a person confirms it; the first of a root is told in the log."""
        plan = event.plan
        root = None if plan is None else self._library.root_of(plan.duplicate)
        if plan is None or root is None:
            return
        if self.brake is not None and not self._records.is_engaged(root.identity):
            log.warning(
                "%s: brake: more than %d photos would be moved away within an hour; '%s' and what follows is held "
                "until `pictrace confirm`",
                shown(root.path),
                self._limit(root, self.brake),
                shown(plan.rule),
            )
        self._records.hold(
            HeldPlan(
                root=root.identity,
                file=event.finding.file.path,
                duplicate=plan.duplicate,
                keeper=plan.keeper,
                rule=plan.rule,
                actions=_actions(plan),
                is_backlog_allowed=is_backlog_allowed,
            )
        )

    def excess(self, events: Iterable[FindingEvent]) -> int:
        """Return how many of these plans would be held if all were to be carried out now."""
        if self.brake is None:
            return 0
        plans = [event.plan for event in events if event.plan is not None]
        roots = (self._library.root_of(plan.duplicate) for plan in plans if may_move(plan) and not plan.is_confirmed)
        wanted = Counter(root for root in roots if root is not None)
        return sum(max(0, count - self._room(root, self.brake)) for root, count in wanted.items())

    def settle(self, event: FindingEvent) -> None:
        """Forget what was held of a plan: it was carried out, or tried."""
        row = self._row(event)
        if row is not None:
            self._records.drop(row)

    def forget_old_acts(self) -> None:
        """Take acts out of the count that are an hour old: the machine's next start would bring them back."""
        self._records.forget_acts(self._monotonic())

    def _has_room(self, root: RootInfo, brake: Brake) -> bool:
        """Return whether one more photo may leave a root within this hour."""
        if self._records.is_engaged(root.identity):
            return False
        count = self._records.count_acts(root.identity, self._monotonic())
        # Below the fixed number a root need not be counted, which takes a while in a large one.
        return count < brake.count_per_hour or count < self._limit(root, brake)

    def _room(self, root: RootInfo, brake: Brake) -> int:
        """Return how many more photos may leave a root within this hour."""
        if self._records.is_engaged(root.identity):
            return 0
        return max(0, self._limit(root, brake) - self._records.count_acts(root.identity, self._monotonic()))

    def _limit(self, root: RootInfo, brake: Brake) -> int:
        return brake.limit(self._index.files.count(root.identity))

    def _row(self, event: FindingEvent) -> HeldPlan | None:
        plan = event.plan
        if plan is None or not may_move(plan):
            return None
        return self._records.held_plan(file=event.finding.file.path, duplicate=plan.duplicate, keeper=plan.keeper)


def may_move(plan: Plan) -> bool:
    """Return whether a plan would move a photo away if it were carried out now."""
    return plan.held is None and any(is_moving(step) for step in plan.steps)


def is_same_plan(plan: Plan, held: HeldPlan) -> bool:
    """Return whether a plan does what the held one did: what a person confirmed is this and nothing else."""
    return (plan.duplicate, plan.keeper, plan.rule) == (held.duplicate, held.keeper, held.rule) and (
        _actions(plan) == held.actions
    )


def is_same_work(plan: Plan | None, shown: Plan | None) -> bool:
    """Return whether a plan does now what was shown to a person: the same steps, for the same photos, not held."""
    if plan is None or shown is None or plan.held is not None:
        return False
    return (plan.duplicate, plan.keeper, plan.rule, plan.steps, plan.members) == (
        *(shown.duplicate, shown.keeper, shown.rule, shown.steps, shown.members),
    )


def _actions(plan: Plan) -> tuple[str, ...]:
    return tuple(step.action for step in plan.steps)
