"""What cannot be told never acts, whatever the rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
from hypothesis import given

from pictrace.decide import SideFacts

Make = Callable[..., Any]

_CONDITIONS = st.recursive(
    st.sampled_from(
        [
            "new: {camera: 'Canon*'}",
            "new: {captured-at: {after: 2020-01-01}}",
            "new: {age: {at-least: 30d}}",
            "existing: {camera: 'Canon*'}",
            "existing: {age: {at-least: 30d}}",
            "new: {has: gps}",
            "new: {path: 'new*'}",
            "similarity: {at-least: 0.99}",
        ]
    ),
    lambda inner: st.one_of(
        inner.map(lambda one: f"not: {{{one}}}"),
        st.lists(inner, min_size=1, max_size=3).map(lambda some: f"all: [{', '.join(f'{{{x}}}' for x in some)}]"),
        st.lists(inner, min_size=1, max_size=3).map(lambda some: f"any: [{', '.join(f'{{{x}}}' for x in some)}]"),
    ),
    max_leaves=6,
)
_UNKNOWABLE = st.fixed_dictionaries(
    {
        "camera": st.sampled_from([None, "Canon R5", "Pixel 8"]),
        "captured_at": st.sampled_from([None, "2019-01-01T00:00:00", "2021-01-01T00:00:00"]),
        "age_days": st.sampled_from([None, 1.0, 100.0]),
    }
)


def _told(side: SideFacts, truth: dict[str, Any]) -> SideFacts:
    """Return a side with what it did not say filled in."""
    assert side.metadata is not None
    metadata = replace(
        side.metadata,
        camera=side.metadata.camera or truth["camera"],
        captured_at=side.metadata.captured_at or truth["captured_at"],
    )
    return replace(side, metadata=metadata, age_days=truth["age_days"] if side.age_days is None else side.age_days)


@given(_CONDITIONS, st.tuples(_UNKNOWABLE, _UNKNOWABLE, _UNKNOWABLE, _UNKNOWABLE))
def test_a_rule_that_acts_would_act_whatever_the_unknown_turns_out_to_be(
    book: Make, facts: Make, side: Make, condition: str, drawn: tuple[dict[str, Any], ...]
) -> None:
    rules = book(f"- {{when: {{{condition}}}, keep: older, do: [quarantine]}}")
    doubtful = facts(file=side("new.jpg", is_arrival=True, **drawn[0]), other=side("old.jpg", **drawn[1]))
    told = replace(doubtful, file=_told(doubtful.file, drawn[2]), other=_told(doubtful.other, drawn[3]))

    if rules.judge(doubtful) is not None:
        assert rules.judge(told) is not None


@given(_CONDITIONS)
def test_a_rule_and_its_opposite_never_both_act(book: Make, facts: Make, side: Make, condition: str) -> None:
    finding = facts(file=side("new.jpg", is_arrival=True))
    rule, opposite = (book(f"- {{when: {{{when}}}, do: [notify]}}") for when in (condition, f"not: {{{condition}}}"))

    assert rule.judge(finding) is None or opposite.judge(finding) is None
