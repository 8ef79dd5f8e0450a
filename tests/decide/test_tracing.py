"""Why each rule matched or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pictrace.decide.answer import Answer
from pictrace.decide.tracing import trace
from pictrace.model import Certainty

Make = Callable[..., Any]


def _told(book: Make, facts: Make, rules: str, **values: Any) -> list[str]:
    return [str(answer) for answer in trace(book(rules), facts(**values))]


def test_each_rule_names_the_condition_that_spoke_against_it(book: Make, facts: Make) -> None:
    told = _told(
        book,
        facts,
        """
        - {name: bursts, when: {relation: burst}, do: []}
        - {name: elsewhere, when: {relation: rendition, duplicate: {role: library, path: 'other/**'}}, do: []}
        - {name: unknown, when: {new: {camera: X}}, do: []}
        - {name: this, when: {relation: rendition}, do: []}
        - {name: late, when: {relation: rendition}, do: []}
        """,
    )

    assert told == [
        "'bursts' (config.yaml:2): no: it is not for the relation `rendition`",
        "'elsewhere' (config.yaml:3): no: `duplicate.path` (config.yaml:3) says no",
        "'unknown' (config.yaml:4): cannot tell: `new.camera` (config.yaml:4) cannot tell",
        "'this' (config.yaml:5): matches",
        "'late' (config.yaml:6): not asked: one before it matched",
    ]


def test_a_no_is_told_before_what_cannot_be_told(book: Make, facts: Make) -> None:
    [told] = _told(book, facts, "[{name: r, when: {all: [{new: {camera: X}}, {new: {role: inbox}}]}, do: []}]")

    assert "`new.role`" in told


def test_a_suspected_finding_is_told_to_be_too_little(book: Make, facts: Make, match: Make) -> None:
    suspected = match(certainty=Certainty.SUSPECTED)

    [told] = _told(book, facts, "[{name: r, when: {relation: rendition}, do: []}]", match=suspected)

    assert told.endswith("it wants `verified`, this is only `suspected`")


def test_the_answers_agree_with_what_the_book_decides(book: Make, facts: Make) -> None:
    rules = book("""
        - {name: first, when: {new: {path: 'none/**'}}, do: []}
        - {name: goes on, when: {relation: rendition}, continue: true, do: [{tag: x}]}
        - {name: last, when: {any: [{relation: edited}, {existing: {path: 'old*'}}]}, do: [quarantine]}
        """)

    matched = [answer.rule for answer in trace(rules, facts()) if answer.answer is Answer.YES]

    assert " + ".join(matched) == rules.judge(facts()).rule
    assert rules.judge(facts()).place == "config.yaml:3 + config.yaml:4"
