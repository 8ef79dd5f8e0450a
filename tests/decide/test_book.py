"""Which rule matches, what it wants, and what holds it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pictrace.model import Certainty, Role, Side, Step

Make = Callable[..., Any]

QUARANTINE = "- {name: put away, when: {relation: rendition}, do: [quarantine]}"


def test_the_first_rule_that_matches_wins(book: Make, facts: Make) -> None:
    rules = book("""
        - {name: others, when: {relation: edited}, do: [quarantine]}
        - {name: first, when: {relation: rendition}, do: [{tag: a}]}
        - {name: second, when: {relation: rendition}, do: [quarantine]}
        """)

    plan = rules.judge(facts())

    assert plan.rule == "first"
    assert plan.steps == (Step(action="tag", options={"options": "a"}),)
    assert (plan.duplicate, plan.keeper) == (Path("/photos/new.jpg"), Path("/photos/old.jpg"))
    assert plan.keeper_reason == "more-pixels: 12.00 MP against 3.00 MP"
    assert plan.held is None


def test_metadata_is_merged_into_the_keeper_before_the_duplicate_goes(book: Make, facts: Make) -> None:
    rules = book("- {name: tidy, when: {relation: rendition}, do: [quarantine, merge-metadata]}")

    plan = rules.judge(facts())

    assert [(step.action, step.on) for step in plan.steps] == [
        ("merge-metadata", Side.KEEPER),
        ("quarantine", Side.DUPLICATE),
    ]


def test_a_keeper_that_was_there_before_is_told_what_an_arrival_says(book: Make, facts: Make, side: Make) -> None:
    rules = book("- {when: {relation: rendition}, do: [merge-metadata]}")
    old = side("old.jpg", is_arrival=False)
    backlog = facts(file=side("new.jpg", is_arrival=False, width_pixels=2000, height_pixels=1500), other=old)

    assert rules.judge(facts(other=old)).held is None
    assert "was there before" in rules.judge(backlog).held


def test_no_rule_no_plan(book: Make, facts: Make) -> None:
    assert book("[]").judge(facts()) is None
    assert book("- {when: {relation: edited}, do: [quarantine]}").judge(facts()) is None


def test_a_file_is_never_its_own_copy(book: Make, facts: Make, side: Make) -> None:
    photo = side("new.jpg", is_arrival=True)

    assert book(QUARANTINE).judge(facts(file=photo, other=photo)) is None


def test_ignore_ends_the_search_and_does_nothing(book: Make, facts: Make) -> None:
    plan = book(f"""
        - {{name: leave alone, when: {{duplicate: {{path: 'new*'}}}}, do: [ignore]}}
        {QUARANTINE}
        """).judge(facts())

    assert (plan.rule, plan.steps, plan.held) == ("leave alone", (), None)


def test_continue_goes_on_and_moves_last(book: Make, facts: Make) -> None:
    plan = book("""
        - {name: a, when: {relation: rendition}, do: [quarantine, {tag: x}], continue: true}
        - {name: b, when: {relation: edited}, do: [{tag: never}], continue: true}
        - {name: c, when: {relation: rendition}, do: [{tag: x}, {tag: y, on: both}]}
        - {name: d, when: {relation: rendition}, do: [{tag: never}]}
        """).judge(facts())

    assert plan.rule == "a + c"
    assert [(step.action, step.on) for step in plan.steps] == [
        ("tag", Side.DUPLICATE),
        ("tag", Side.BOTH),
        ("quarantine", Side.DUPLICATE),
    ]


def test_rules_that_keep_different_photos_are_not_done_together(book: Make, facts: Make) -> None:
    plan = book("""
        - {name: a, when: {relation: rendition}, keep: [newer], do: [{tag: x}], continue: true}
        - {name: b, when: {relation: rendition}, keep: [older], do: [quarantine]}
        """).judge(facts(is_backlog_allowed=True))

    assert plan.held == "the rules 'a' and 'b' keep different photos"


def test_a_photo_does_not_go_to_two_places(book: Make, facts: Make) -> None:
    plan = book("""
        - {name: a, when: {relation: rendition}, do: [{move: A}], continue: true}
        - {name: b, when: {relation: rendition}, do: [quarantine]}
        """).judge(facts())

    assert plan.held == "the rules together move one photo twice: move, quarantine"


@pytest.mark.parametrize("relation", ["burst", "same-scene"])
@pytest.mark.parametrize(
    "when",
    [
        "{similarity: {at-least: 0}}",
        "{not: {relation: same-bytes}}",
        "{not: {not: {relation: [burst, same-scene]}}}",
        "{any: [{relation: rendition}, {duplicate: {path: '**'}}]}",
    ],
)
def test_other_exposures_are_left_alone_unless_named(
    book: Make, facts: Make, match: Make, relation: str, when: str
) -> None:
    assert book(f"- {{when: {when}, do: [{{tag: x}}]}}").judge(facts(match=match(relation))) is None


def test_a_burst_that_is_named_may_be_tagged(book: Make, facts: Make, match: Make) -> None:
    plan = book("- {when: {relation: burst}, do: [{tag: burst}]}").judge(facts(match=match("burst")))

    assert [step.action for step in plan.steps] == ["tag"]


@pytest.mark.parametrize("relation", ["edited", "part"])
def test_somebodys_work_is_moved_only_where_it_is_named(book: Make, facts: Make, match: Make, relation: str) -> None:
    finding = facts(match=match(relation))

    assert book("- {when: {duplicate: {path: '**'}}, do: [quarantine]}").judge(finding) is None
    assert book("- {when: {duplicate: {path: '**'}}, do: [{tag: x}]}").judge(finding) is not None
    assert book(f"- {{when: {{relation: {relation}}}, do: [quarantine]}}").judge(finding) is not None


@pytest.mark.parametrize(
    "when",
    [
        "{relation: rendition}",
        "{relation: rendition, not: {certainty: proved}}",
        "{relation: rendition, any: [{certainty: proved}, {duplicate: {path: '**'}}]}",
    ],
)
def test_suspected_is_left_alone_unless_named(book: Make, facts: Make, match: Make, when: str) -> None:
    finding = facts(match=match(certainty=Certainty.SUSPECTED))

    assert book(f"- {{when: {when}, do: [{{tag: x}}]}}").judge(finding) is None


def test_what_cannot_be_told_does_not_match_under_not_either(book: Make, facts: Make) -> None:
    rules = book("""
        - {name: a, when: {duplicate: {camera: '*'}}, do: [quarantine]}
        - {name: b, when: {not: {duplicate: {camera: '*'}}}, do: [quarantine]}
        """)

    assert rules.judge(facts()) is None  # the photo does not say which camera took it


def test_a_rule_that_protects_and_cannot_tell_holds_what_later_rules_want(book: Make, facts: Make) -> None:
    plan = book(f"""
        - {{name: my camera, when: {{duplicate: {{camera: 'Leica*'}}}}, do: [ignore]}}
        {QUARANTINE}
        """).judge(facts())

    assert [step.action for step in plan.steps] == ["quarantine"]
    assert plan.held == "the rule 'my camera' cannot tell whether to leave this alone"


def test_a_rule_that_protects_and_cannot_tell_does_not_hold_what_earlier_rules_want(book: Make, facts: Make) -> None:
    plan = book("""
        - {name: say it, when: {relation: rendition}, do: [{tag: x}], continue: true}
        - {name: my camera, when: {duplicate: {camera: 'Leica*'}}, do: [ignore]}
        """).judge(facts())

    assert plan.held is None


def test_an_error_in_a_condition_is_cannot_tell(book: Make, facts: Make, side: Make) -> None:
    broken = side("new.jpg", is_arrival=True, age_days="yesterday")

    assert book("- {when: {duplicate: {age: {at-least: 1d}}}, do: [quarantine]}").judge(facts(file=broken)) is None


class TestHeld:
    """What a plan waits for."""

    def test_the_backlog_waits_to_be_asked_for(self, book: Make, facts: Make, side: Make) -> None:
        finding = facts(file=side("new.jpg", is_arrival=True, width_pixels=8000))

        held = book(QUARANTINE).judge(finding).held

        assert held == "old.jpg was there before: `scan --act` or `backlog: act`"

    def test_the_backlog_is_acted_on_when_asked_for(self, book: Make, facts: Make, side: Make) -> None:
        finding = facts(file=side("a.jpg"), other=side("b.jpg"), is_backlog_allowed=True)

        assert book(QUARANTINE).judge(finding).held is None

    @pytest.mark.parametrize("role", [Role.ARCHIVE, Role.READONLY])
    def test_nothing_is_changed_in_such_a_root(self, book: Make, facts: Make, side: Make, role: Role) -> None:
        finding = facts(file=side("new.jpg", is_arrival=True, role=role, width_pixels=10), is_backlog_allowed=True)

        assert f"role {role.value}" in book(QUARANTINE).judge(finding).held
        assert f"role {role.value}" in book("- {when: {relation: rendition}, do: [{tag: x}]}").judge(finding).held

    def test_an_archive_is_never_what_stays(self, book: Make, facts: Make, side: Make) -> None:
        finding = facts(other=side("old.jpg", role=Role.ARCHIVE))

        assert "archive" in book(QUARANTINE).judge(finding).held

    def test_a_readonly_root_may_keep(self, book: Make, facts: Make, side: Make) -> None:
        assert book(QUARANTINE).judge(facts(other=side("old.jpg", role=Role.READONLY))).held is None

    @pytest.mark.parametrize("on", ["keeper", "both"])
    def test_a_tag_on_the_keeper_is_a_change_of_the_keeper(self, book: Make, facts: Make, on: str) -> None:
        rules = book(f"- {{when: {{relation: rendition}}, do: [{{tag: x, on: {on}}}]}}")

        assert rules.judge(facts()).held is not None
        assert rules.judge(facts(is_backlog_allowed=True)).held is None

    def test_a_word_in_the_log_is_never_held(self, book: Make, facts: Make, side: Make) -> None:
        finding = facts(file=side("a.jpg", role=Role.ARCHIVE), other=side("b.jpg", role=Role.ARCHIVE))

        assert book("- {when: {relation: rendition}, do: [notify]}").judge(finding).held is None
