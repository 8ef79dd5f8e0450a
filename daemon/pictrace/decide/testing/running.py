"""Runs a test of rules, and says what came otherwise than it was expected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pictrace.decide.book import RuleBook
from pictrace.decide.testing.reading import Expected, RuleTest
from pictrace.decide.tracing import trace
from pictrace.model import Plan, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a test came to; without ``differences`` it passed."""

    name: str
    place: str
    differences: tuple[str, ...]

    @property
    def is_passed(self) -> bool:
        """Whether all came as expected."""
        return not self.differences

    def to_json(self) -> dict[str, Any]:  # Any: JSON values of every type
        """Return it as JSON wants it."""
        return {
            "event": "rule-test",
            "name": self.name,
            "place": self.place,
            "passed": self.is_passed,
            "differences": list(self.differences),
        }


def run_test(test: RuleTest, book: RuleBook) -> Outcome:
    """Return what the rules make of a test's finding, held against what it expects."""
    plan = book.judge(test.facts)
    found = None if plan is None else plan.rule
    if found != test.expected.rule:
        differences = [_otherwise("rule", _rule_words(test.expected.rule), _rule_words(found)), *_why(test, book)]
    elif plan is not None:
        differences = list(_differences(test, plan))
    else:
        differences = []
    return Outcome(name=test.name, place=test.place, differences=tuple(differences))


def _differences(test: RuleTest, plan: Plan) -> Iterator[str]:
    expected = test.expected
    keeper = "new" if plan.keeper == test.facts.file.path else "existing"
    if expected.keeper not in (None, keeper):
        yield _otherwise("keeper", expected.keeper, f"{keeper} ({plan.keeper_reason})")
    if expected.by is not None and plan.keeper_reason.partition(":")[0] != expected.by:
        yield _otherwise("by", expected.by, plan.keeper_reason)
    if expected.do is not None and not _is_done(expected.do, plan.steps):
        yield _otherwise("do", _steps_words(expected.do), _steps_words(plan.steps))
    if not _is_held(expected, plan):
        yield _otherwise("held", expected.held, False if plan.held is None else plan.held)


def _is_done(wanted: tuple[str | Step, ...], steps: tuple[Step, ...]) -> bool:
    """Return whether the steps are the wanted ones, in whatever order: a name stands for an action with any options."""
    left = list(steps)
    # Those with options first: a bare name may stand for any of the rest.
    for one in sorted(wanted, key=lambda one: isinstance(one, str)):
        fitting = [step for step in left if one in (step, step.action)]
        if not fitting:
            return False
        left.remove(fitting[0])
    return not left


def _is_held(expected: Expected, plan: Plan) -> bool:
    if isinstance(expected.held, bool):
        return expected.held == (plan.held is not None)
    return plan.held is not None and expected.held in plan.held


def _why(test: RuleTest, book: RuleBook) -> Iterator[str]:
    """Yield what the rules that were expected, and did not match, say of it."""
    wanted = (test.expected.rule or "").split(" + ")
    for answer in trace(book, test.facts):
        if answer.rule in wanted or test.expected.rule == answer.rule:
            yield str(answer)


def _otherwise(what: str, expected: object, found: object) -> str:
    return f"{what}: expected {_word(expected)}, found {_word(found)}"


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _rule_words(rule: str | None) -> str:
    return "none" if rule is None else f"'{rule}'"


def _steps_words(steps: tuple[str | Step, ...]) -> str:
    words = [step if isinstance(step, str) else _step_words(step) for step in steps]
    return f"[{', '.join(words)}]"


def _step_words(step: Step) -> str:
    options = ", ".join(f"{name}: {value}" for name, value in step.options.items())
    return f"{step.action} ({options})" if options else step.action
