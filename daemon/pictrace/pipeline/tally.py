"""What simulated findings come to: by rule and relation, and how other rules differ from the active ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pictrace.errors import shown
from pictrace.model import PhotoFile, Plan, Relation
from pictrace.pipeline.braking import may_move
from pictrace.pipeline.events import FileFinding, Json, json_path

# What is moved elsewhere takes as much room there; what is put away is gone once a person throws it away.
_FREEING = frozenset({"quarantine", "trash", "hardlink", "reflink"})
_CHANGE = re.compile(r"\bchange \d+")
# A reason may begin with a photo that is neither of the two.
_THIRD = re.compile(r"^.+(?= is the one to keep of this group| is of the same exposure)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """A finding, what the simulated rules want, and what the active ones want (the same where none were named)."""

    finding: FileFinding
    plan: Plan | None
    active: Plan | None

    def to_json(self) -> Json:
        """Return it as an example in JSON."""
        return {
            "file": json_path(self.finding.file.path),
            "other": json_path(self.finding.other.path),
            "keeper": None if self.plan is None else json_path(self.plan.keeper),
            "keeper_reason": None if self.plan is None else self.plan.keeper_reason,
            "held": None if self.plan is None else self.plan.held,
        }


@dataclass(slots=True, kw_only=True)
class RuleTally:
    """What one rule would do to findings of one relation; ``rule`` None: no rule matches them.

    ``moved`` are the photos that would go from where they lie, ``freed_bytes`` what that frees sooner or later.
    ``held`` counts plans that would not be carried out, by reason.
    """

    rule: str | None
    place: str
    relation: Relation
    actions: tuple[str, ...]
    findings: int = 0
    moved: set[Path] = field(default_factory=set)
    freed_bytes: int = 0
    held: Counter[str] = field(default_factory=Counter)
    examples: list[Simulated] = field(default_factory=list)

    def to_json(self) -> Json:
        """Return the object of the JSON contract."""
        return {
            "event": "simulation",
            "rule": self.rule,
            "place": self.place or None,
            "relation": self.relation.value,
            "plan": list(self.actions),
            "findings": self.findings,
            "moved": len(self.moved),
            "freed_bytes": self.freed_bytes,
            "held": dict(self.held.most_common()),
            "examples": [example.to_json() for example in self.examples],
        }


@dataclass(slots=True, kw_only=True)
class Difference:
    """Findings that go from one rule, its actions or its hold to another, or get another keeper."""

    relation: Relation
    before: str
    after: str
    is_other_keeper: bool
    findings: int = 0
    examples: list[Simulated] = field(default_factory=list)

    def to_json(self) -> Json:
        """Return the object of the JSON contract."""
        return {
            "event": "simulation-difference",
            "relation": self.relation.value,
            "active": self.before,
            "simulated": self.after,
            "other_keeper": self.is_other_keeper,
            "findings": self.findings,
            "examples": [example.to_json() for example in self.examples],
        }


class Tally:
    """Counts simulated findings.

    Args:
        examples: how many are kept of each kind.
    """

    def __init__(self, examples: int) -> None:
        self._examples = examples
        self._rules: dict[tuple[str | None, Relation], RuleTally] = {}
        self._differences: dict[tuple[str, str, bool, Relation], Difference] = {}
        self.moved: dict[Path, PhotoFile] = {}
        self.findings = 0
        self.freed_bytes = 0

    def add(self, simulated: Simulated) -> None:
        """Count one finding."""
        self.findings += 1
        tally = self._tally_of(simulated)
        tally.findings += 1
        if len(tally.examples) < self._examples:
            tally.examples.append(simulated)
        plan = simulated.plan
        if plan is not None and plan.held is not None:
            tally.held[_reason(plan.held, simulated.finding)] += 1
        elif plan is not None and may_move(plan):
            self._move(tally, plan, simulated.finding)
        self._compare(simulated)

    def rules(self) -> list[RuleTally]:
        """Return what each rule does, by rule and relation, those that match most first; what none matches last."""
        return sorted(self._rules.values(), key=lambda one: (one.rule is None, -one.findings, one.relation.value))

    def differences(self) -> list[Difference]:
        """Return how the rules differ from the active ones, what concerns most findings first."""
        return sorted(self._differences.values(), key=lambda one: (-one.findings, one.before, one.after))

    def count_held(self) -> int:
        """Return how many plans would be held."""
        return sum(tally.held.total() for tally in self._rules.values())

    def _tally_of(self, simulated: Simulated) -> RuleTally:
        plan, relation = simulated.plan, simulated.finding.match.relation
        rule = None if plan is None else plan.rule
        if (rule, relation) not in self._rules:
            actions = () if plan is None else tuple(step.action for step in plan.steps)
            place = "" if plan is None else plan.place
            self._rules[rule, relation] = RuleTally(rule=rule, place=place, relation=relation, actions=actions)
        return self._rules[rule, relation]

    def _move(self, tally: RuleTally, plan: Plan, finding: FileFinding) -> None:
        """Count a photo that would be moved, once, however many findings want it."""
        if plan.duplicate in self.moved:
            return
        file = finding.side_at(plan.duplicate)
        self.moved[file.path] = file
        tally.moved.add(file.path)
        if any(step.action in _FREEING for step in plan.steps):
            tally.freed_bytes += file.key.size_bytes
            self.freed_bytes += file.key.size_bytes

    def _compare(self, simulated: Simulated) -> None:
        plan, active = simulated.plan, simulated.active
        before, after = plan_words(active), plan_words(plan)
        is_other_keeper = plan is not None and active is not None and plan.keeper != active.keeper
        if before == after and not is_other_keeper:
            return
        relation = simulated.finding.match.relation
        difference = self._differences.setdefault(
            (before, after, is_other_keeper, relation),
            Difference(relation=relation, before=before, after=after, is_other_keeper=is_other_keeper),
        )
        difference.findings += 1
        if len(difference.examples) < self._examples:
            difference.examples.append(simulated)


def plan_words(plan: Plan | None) -> str:
    """Return which rule wants what, in a few words."""
    if plan is None:
        return "no rule"
    actions = ", ".join(step.action for step in plan.steps) or "left alone"
    return f"'{plan.rule}': {actions}{'' if plan.held is None else ', held'}"


def held_by_brake(moved: Iterable[PhotoFile], limits: dict[str, int]) -> int:
    """Return how many of these photos the brake would hold.

    Args:
        moved: the photos.
        limits: how many of each root, by its identity, may go in an hour.
    """
    wanted = Counter(file.root for file in moved)
    return sum(max(0, count - limits.get(root, count)) for root, count in wanted.items())


def _reason(held: str, finding: FileFinding) -> str:
    """Return why a plan is held without what differs from photo to photo, so that equal reasons can be counted."""
    for file in (finding.file, finding.other):
        name = _named_in(held, file.path)
        if name is not None:
            held = held.replace(name, "a photo")
    return _CHANGE.sub("an earlier change", _THIRD.sub("a photo", held))


def _named_in(held: str, path: Path) -> str | None:
    """Return the longest end of a path that a reason names, None where it names nothing of it."""
    parts = path.parts
    ends = (shown("/".join(parts[start:])) for start in range(1, len(parts)))
    return next((end for end in ends if end in held), None)
