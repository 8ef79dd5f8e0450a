"""The compiled rules: which rule matches a finding, and what it wants."""

from __future__ import annotations

from dataclasses import dataclass

from pictrace.decide.actions import IGNORE
from pictrace.decide.answer import Answer
from pictrace.decide.conditions import CaseTest
from pictrace.decide.facts import Case, Facts, SideFacts
from pictrace.decide.keep import KeepRule, chosen_keeper
from pictrace.model import Certainty, Plan, Role, Side, Step

_MOVING = ("quarantine", "move", "trash")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule; ``place`` is the file and line it stands in. ``names_certainty``: it has its own say on that."""

    name: str
    place: str
    test: CaseTest
    steps: tuple[Step, ...]
    keep: tuple[KeepRule, ...]
    relations: tuple[str, ...]
    goes_on: bool
    names_certainty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """Rules in the order in which they are asked."""

    rules: tuple[Rule, ...]

    def judge(self, facts: Facts) -> Plan | None:
        """Return what the first rule that matches wants; steps of rules that say ``continue`` come before its own.

        None where no rule matches. What cannot be told matches nothing.
        """
        steps: list[Step] = []
        first: tuple[Rule, Case] | None = None
        for rule in self.rules:
            case = _cast(rule, facts)
            if not _matches(rule, case):
                continue
            first = first or (rule, case)
            steps.extend(rule.steps)
            if not rule.goes_on:
                break
        if first is None:
            return None
        rule, case = first
        wanted = tuple(step for step in steps if step.action != IGNORE)
        return Plan(
            rule=rule.name,
            steps=wanted,
            keeper=case.keeper.path,
            duplicate=case.duplicate.path,
            keeper_reason=case.keeper_reason,
            held=_held(case, wanted),
        )


def _cast(rule: Rule, facts: Facts) -> Case:
    """Give the roles: an archive never keeps for an act, because it may be away tomorrow."""
    keeper, reason = chosen_keeper(rule.keep, facts.file, facts.other, facts.match)
    duplicate = facts.other if keeper is facts.file else facts.file
    return Case(facts=facts, keeper=keeper, duplicate=duplicate, keeper_reason=reason)


def _matches(rule: Rule, case: Case) -> bool:
    match = case.facts.match
    if not rule.names_certainty and match.certainty.rank < Certainty.VERIFIED.rank:
        return False
    if not match.relation.is_copy and match.relation.value not in rule.relations:
        return False
    return rule.test(case) is Answer.YES


def _held(case: Case, steps: tuple[Step, ...]) -> str | None:
    """Return why a plan is not carried out now, None where nothing stands in its way."""
    if not steps:
        return None
    for step in steps:
        for side in _sides(step, case):
            reason = _held_side(case, step, side)
            if reason is not None:
                return reason
    return None


def _sides(step: Step, case: Case) -> tuple[SideFacts, ...]:
    return {
        Side.DUPLICATE: (case.duplicate,),
        Side.KEEPER: (case.keeper,),
        Side.BOTH: (case.duplicate, case.keeper),
    }[step.on]


def _held_side(case: Case, step: Step, side: SideFacts) -> str | None:
    if step.action in _MOVING:
        if side is case.keeper:
            return f"{step.action} on the keeper: the photo that stays is not moved"
        if not case.facts.match.relation.is_copy:
            return f"{case.facts.match.relation.value} is no copy: it is never moved"
        if case.keeper.role is Role.ARCHIVE:
            return f"{case.keeper.relative} lies in an archive, which may be away tomorrow: it keeps nothing"
    if not side.role.may_act and step.action != "notify":
        return f"{side.relative} lies in a root with the role {side.role.value}: nothing in it is changed"
    if not side.is_arrival and not case.facts.is_backlog_allowed and step.action != "notify":
        return f"{side.relative} was there before: `scan --act` or `backlog: act`"
    return None
