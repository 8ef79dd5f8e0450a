"""Turns a finding into a plan: what the rules want, held where something speaks against it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from pictrace.decide import Facts, RuleBook
from pictrace.model import Plan, Word
from pictrace.pipeline.events import FileFinding, FindingEvent
from pictrace.pipeline.findings import Findings
from pictrace.pipeline.objections import Objections
from pictrace.pipeline.units import Units


class Planner:
    """Judges findings: for the daemon, which acts, and for whoever only wants to see what would be done.

    Args:
        rules: compiled; may be replaced.
        findings: knows what the rules may look at.
        objections: says what speaks against a plan.
        units: joins plans for photos that go together; those of the findings where left out.
        wall_clock: seconds since 1970, for ages.
    """

    def __init__(
        self,
        rules: RuleBook,
        *,
        findings: Findings,
        objections: Objections,
        units: Units | None = None,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self.rules = rules
        self._findings = findings
        self._objections = objections
        self._units = findings.units if units is None else units
        self._wall_clock = wall_clock

    def event(self, finding: FileFinding, *, is_backlog_allowed: bool) -> FindingEvent:
        """Return a finding with what is to be done about it: nothing where a person said that these are no copies."""
        is_denied = finding.verdict is not None and finding.verdict.word is Word.NOT_DUPLICATE
        plan = None if is_denied else self.plan(finding, self.facts(finding, is_backlog_allowed=is_backlog_allowed))
        is_returned = not finding.is_only_told and self._findings.is_returned(finding)
        return FindingEvent(finding=finding, plan=plan, is_returned=is_returned)

    def facts(self, finding: FileFinding, *, is_backlog_allowed: bool) -> Facts:
        """Return what the rules may look at."""
        return self._findings.facts(finding, now=self._wall_clock(), is_backlog_allowed=is_backlog_allowed)

    def plan(self, finding: FileFinding, facts: Facts) -> Plan | None:
        """Return the plan of the first rule that matches, with all photos that go with this one."""
        if finding.is_only_told:
            return None
        plan = self._own_plan(finding, facts)
        if plan is None:
            return None
        return self._units.joined(plan, finding, partial(self._plan_of, is_backlog_allowed=facts.is_backlog_allowed))

    def _plan_of(self, finding: FileFinding, *, is_backlog_allowed: bool) -> Plan | None:
        told = self._findings.told(finding)
        return self._own_plan(told, self.facts(told, is_backlog_allowed=is_backlog_allowed))

    def _own_plan(self, finding: FileFinding, facts: Facts) -> Plan | None:
        plan = self.rules.judge(facts)
        if plan is not None and plan.held is None:
            plan = replace(plan, held=self._objections.to(plan, finding))
        return plan
