"""Why each rule matched a finding or not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pictrace.decide.answer import Answer
from pictrace.decide.book import Rule, RuleBook, answer_of, cast_roles
from pictrace.decide.facts import Case, Facts

_WORDS = {None: "not asked", Answer.YES: "matches", Answer.NO: "no", Answer.CANNOT_TELL: "cannot tell"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleAnswer:
    """What a rule says of a finding; ``reason`` names the first condition that spoke against it.

    ``answer`` is None where the rule was not asked, because one before it matched.
    """

    rule: str
    place: str
    answer: Answer | None
    reason: str | None = None

    def __str__(self) -> str:
        """Return it in one line."""
        word = _WORDS[self.answer]
        why = "" if self.reason is None else f": {self.reason}"
        return f"'{self.rule}' ({self.place}): {word}{why}"

    def to_json(self) -> dict[str, Any]:  # Any: JSON values of every type
        """Return it as JSON wants it."""
        answer = _WORDS[self.answer]
        told = {"event": "rule-answer", "rule": self.rule, "place": self.place}
        return {**told, "answer": answer, "reason": self.reason}


def trace(book: RuleBook, facts: Facts) -> tuple[RuleAnswer, ...]:
    """Return what each rule says of a finding, in the order in which they are asked."""
    answers: list[RuleAnswer] = []
    is_over = False
    for rule in book.rules:
        if is_over:
            answers.append(RuleAnswer(rule=rule.name, place=rule.place, answer=None, reason="one before it matched"))
            continue
        case = cast_roles(rule, facts)
        answer = answer_of(rule, case)
        reason = None if answer is Answer.YES else _reason(rule, case)
        answers.append(RuleAnswer(rule=rule.name, place=rule.place, answer=answer, reason=reason))
        is_over = answer is Answer.YES and not rule.goes_on
    return tuple(answers)


def _reason(rule: Rule, case: Case) -> str | None:
    match = case.facts.match
    if match.relation not in rule.relations:
        return f"it is not for the relation `{match.relation.value}`"
    if match.certainty.rank < rule.least_certainty.rank:
        return f"it wants `{rule.least_certainty.value}`, this is only `{match.certainty.value}`"
    answers = [(part, answer_of(replace(rule, test=part.test), case)) for part in rule.parts]
    for wanted, words in ((Answer.NO, "says no"), (Answer.CANNOT_TELL, "cannot tell")):
        part = next((part for part, answer in answers if answer is wanted), None)
        if part is not None:
            return f"`{part.name}` ({part.place}) {words}"
    return None
