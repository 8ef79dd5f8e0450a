"""The compiled rules: which rule matches a finding, and what it wants."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pictrace.decide.actions import ON_KEEPER, is_moving
from pictrace.decide.answer import Answer
from pictrace.decide.conditions import CaseTest
from pictrace.decide.facts import Case, Facts, SideFacts
from pictrace.decide.filling import VariableOptions, filled_steps
from pictrace.decide.groups import off_group
from pictrace.decide.keep import KeepRule, chosen_keeper
from pictrace.decide.parts import Part
from pictrace.decide.variables import NotKnownError
from pictrace.model import Certainty, Plan, Relation, Role, Side, Step

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule; ``place`` is the file and line it stands in.

    ``relations`` and ``least_certainty`` bound what it ever matches, whatever ``test`` says. A rule without ``steps``
    protects: what it matches is left alone. ``parts`` are its conditions one by one, to say which of them said no.
    ``is_keep_own``: ``keep`` stands in the rule, not in the config.
    """

    name: str
    place: str
    test: CaseTest
    steps: tuple[Step, ...]
    keep: tuple[KeepRule, ...]
    relations: frozenset[Relation]
    least_certainty: Certainty
    goes_on: bool
    parts: tuple[Part, ...] = ()
    is_keep_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """Rules in the order in which they are asked.

    ``variable_options``: by action, the options in which variables may stand. ``roots``: those that the config
    names, with their roles.
    """

    rules: tuple[Rule, ...]
    variable_options: VariableOptions = field(default_factory=dict)
    roots: Mapping[Path, Role] = field(default_factory=dict)

    def judge(self, facts: Facts) -> Plan | None:
        """Return what the first rule that matches wants, with the steps of the `continue` rules before it.

        None where no rule matches. What cannot be told matches nothing; where a rule that protects cannot tell, what a
        later rule wants is held.
        """
        if facts.file.path == facts.other.path:
            return None
        matched: list[tuple[Rule, Case]] = []
        doubt: str | None = None
        held: str | None = None
        for rule in self.rules:
            case = cast_roles(rule, facts)
            answer = answer_of(rule, case)
            if answer is Answer.CANNOT_TELL and not rule.steps and doubt is None:
                doubt = f"the rule '{rule.name}' cannot tell whether to leave this alone"
            if answer is Answer.YES:
                matched.append((rule, case))
                held = held or (doubt if rule.steps else None)
                if not rule.goes_on:
                    break
        return self._plan(matched, held) if matched else None

    def _plan(self, matched: list[tuple[Rule, Case]], doubt: str | None) -> Plan:
        """Return one plan for rules that all matched; the first of them names keeper and duplicate."""
        case, policy = matched[0][1], matched[0][0].keep
        steps, unfilled = self._filled(matched, case)
        steps.sort(key=is_moving)
        held = _disagreement(matched, steps) or _held(case, steps) or off_group(policy, case, steps)
        return Plan(
            rule=" + ".join(rule.name for rule, _ in matched),
            place=" + ".join(rule.place for rule, _ in matched),
            steps=tuple(steps),
            keeper=case.keeper.path,
            duplicate=case.duplicate.path,
            keeper_reason=case.keeper_reason,
            held=(held or unfilled or doubt) if steps else None,
        )

    def _filled(self, matched: list[tuple[Rule, Case]], case: Case) -> tuple[list[Step], str | None]:
        """Return what the rules want, each step once, and why it cannot be done where a variable has no value."""
        steps: list[Step] = []
        reason: str | None = None
        for rule, _ in matched:
            for step in rule.steps:
                names = self.variable_options.get(step.action, ())
                try:
                    wanted = filled_steps(step, case, rule.name, names, self.roots)
                except NotKnownError as problem:
                    wanted, reason = (step,), reason or str(problem)
                steps.extend(one for one in wanted if one not in steps)
        return steps, reason


def cast_roles(rule: Rule, facts: Facts) -> Case:
    """Return a finding with the roles that a rule's keeper policy gives."""
    keeper, reason = chosen_keeper(rule.keep, facts.file, facts.other, facts.match)
    duplicate = facts.other if keeper is facts.file else facts.file
    return Case(facts=facts, keeper=keeper, duplicate=duplicate, keeper_reason=reason)


def answer_of(rule: Rule, case: Case) -> Answer:
    """Return what a rule says of a finding; a condition that fails cannot tell."""
    match = case.facts.match
    if match.relation not in rule.relations or match.certainty.rank < rule.least_certainty.rank:
        return Answer.NO
    try:
        return rule.test(case)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        log.warning("rule '%s' (%s) cannot tell: %s", rule.name, rule.place, error)
        return Answer.CANNOT_TELL


def _disagreement(matched: list[tuple[Rule, Case]], steps: list[Step]) -> str | None:
    """Return what speaks against doing together what several rules want."""
    (first, case), *others = matched
    for rule, other in others:
        if rule.steps and other.keeper is not case.keeper:
            return f"the rules '{first.name}' and '{rule.name}' keep different photos"
    moving = [step.action for step in steps if is_moving(step)]
    if len(moving) > 1:
        return f"the rules together move one photo twice: {', '.join(moving)}"
    return None


def _held(case: Case, steps: list[Step]) -> str | None:
    """Return why a plan is not carried out now, None where nothing stands in its way."""
    if case.keeper.role is Role.ARCHIVE and any(is_moving(step) for step in steps):
        return f"{case.keeper.relative} lies in an archive, which may be away tomorrow: it keeps nothing"
    for step in steps:
        for side in _sides(step, case):
            # What goes to a keeper comes with a duplicate: it is that one which has to be an arrival.
            is_arrival = (case.duplicate if step.action in ON_KEEPER else side).is_arrival
            reason = None if step.action == "notify" else _held_side(case, side, is_arrival=is_arrival)
            if reason is not None:
                return reason
    return None


def _sides(step: Step, case: Case) -> tuple[SideFacts, ...]:
    return {
        Side.DUPLICATE: (case.duplicate,),
        Side.KEEPER: (case.keeper,),
        Side.BOTH: (case.duplicate, case.keeper),
    }[step.on]


def _held_side(case: Case, side: SideFacts, *, is_arrival: bool) -> str | None:
    if not side.role.may_act:
        return f"{side.relative} lies in a root with the role {side.role.value}: nothing in it is changed"
    if not is_arrival and not case.facts.is_backlog_allowed:
        return f"{side.relative} was there before: `scan --act` or `backlog: act`"
    return None
