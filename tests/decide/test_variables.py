"""Variables in the options of actions: what they stand for, and what holds a plan where they stand for nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from pictrace.decide.variables import MOST_BYTES, PHOTO_VARIABLES, VARIABLES
from pictrace.model import Role, Side

Make = Callable[..., Any]


@pytest.fixture(scope="session")
def planned(book: Make, facts: Make, side: Make) -> Make:
    """Return the plan of a rule with one step, for a new photo about which things are said."""

    def ask(step: str, relative: str = "Trips/Rome/IMG_1.small.jpg", **about: Any) -> Any:
        rules = book(f"- {{name: my rule, when: {{relation: rendition}}, do: [{step}]}}")
        photo = side(
            relative, **{"is_arrival": True, "width_pixels": 10, "captured_at": "2024-05-31T10:00:00", **about}
        )
        keeper = side("Best/keeper.png", captured_at="2019-01-02T00:00:00", camera="Leica")
        return rules.judge(facts(file=photo, other=keeper, is_backlog_allowed=True))

    return ask


@pytest.fixture(scope="session")
def filled(planned: Make) -> Make:
    """Return what a text comes to."""

    def ask(text: str, *words: str, **about: Any) -> str:
        plan = planned(f"{{tag: '{text}'}}", *words, **about)
        assert plan.held is None
        return str(plan.steps[0].options["options"])

    return ask


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{year}/{month}/{day}", "2024/05/31"),
        ("{relation}-{certainty}", "rendition-verified"),
        ("{rule}", "my rule"),
        ("{name}|{stem}|{ext}", "IMG_1.small.jpg|IMG_1.small|jpg"),
        ("{folder}", "Trips/Rome"),
        ("{camera}", "Canon R5"),
        ("{root}", "photos"),
        ("{keeper-name}, {keeper-stem}, {keeper-ext}, {keeper-folder}", "keeper.png, keeper, png, Best"),
        ("{keeper-year}-{keeper-month}-{keeper-day} {keeper-camera} {keeper-root}", "2019-01-02 Leica photos"),
        ("{duplicate-name}, {duplicate-stem}, {duplicate-folder}", "IMG_1.small.jpg, IMG_1.small, Trips/Rome"),
        ("{duplicate-ext} {duplicate-root} {duplicate-camera}", "jpg photos Canon R5"),
        ("{duplicate-year}-{duplicate-month}-{duplicate-day}", "2024-05-31"),
        ("{{year}} {year}{{}}", "{year} 2024{}"),
        ("no variable", "no variable"),
    ],
)
def test_each_variable_has_its_value(filled: Make, text: str, value: str) -> None:
    assert filled(text, camera="Canon R5") == value


def test_every_variable_is_asked_above() -> None:
    of_photos = {"year", "month", "day", "name", "stem", "ext", "folder", "camera", "root"}

    assert set(PHOTO_VARIABLES) == of_photos
    assert set(VARIABLES) == {
        *("relation", "certainty", "rule", *of_photos),
        *(f"{side}-{name}" for side in ("keeper", "duplicate") for name in of_photos),
    }


def test_the_date_of_the_keeper_serves_where_the_copy_has_none(filled: Make) -> None:
    assert filled("{keeper-year}", captured_at=None) == "2019"


@pytest.mark.parametrize(
    ("text", "about", "reason"),
    [
        ("{year}", {"captured_at": None}, "IMG_1.jpg does not say when it was taken, so {year} is not known"),
        ("{month}", {"captured_at": "0000-00-00T00:00:00"}, "IMG_1.jpg does not say when it was taken"),
        ("{day}", {"captured_at": "2024:05:31 10:00:00"}, "IMG_1.jpg does not say when it was taken"),
        ("{camera}", {}, "IMG_1.jpg does not say which camera took it, so {camera} is not known"),
        ("{camera}", {"camera": " ... "}, "{camera} is empty for IMG_1.jpg"),
    ],
)
def test_what_is_not_known_holds_the_plan(planned: Make, text: str, about: dict[str, Any], reason: str) -> None:
    plan = planned(f"{{tag: 'a/{text}'}}", "IMG_1.jpg", **about)

    assert plan.held is not None
    assert plan.held.startswith(reason)


def test_a_value_that_is_not_known_holds_what_other_steps_want_too(planned: Make) -> None:
    plan = planned("{tag: '{year}'}, quarantine", captured_at=None)

    assert [step.action for step in plan.steps] == ["tag", "quarantine"]
    assert "{year} is not known" in plan.held


@pytest.mark.parametrize(
    ("camera", "value"),
    [
        ("Canon/../../etc", "Canon_.._.._etc"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..", None),
        (".hidden", "hidden"),
        ("a\nb\x1b[2Jc\x00", "a_b_[2Jc_"),
        ("level|below\\", "level_below_"),
        ("{year}", "{year}"),
        ("x" * 300, "x" * MOST_BYTES),
        ("é" * 300, "é" * (MOST_BYTES // 2)),
        ("\udcff", "_"),
    ],
)
def test_what_a_stranger_wrote_is_made_harmless(planned: Make, camera: str, value: str | None) -> None:
    plan = planned("{move: 'Sorted/{camera}'}", camera=camera)

    assert (plan.held is None) is (value is not None)
    if value is not None:
        assert plan.steps[0].options == {"to": f"Sorted/{value}"}


@given(camera=st.text(max_size=200), folder=st.lists(st.text(min_size=1, max_size=20), max_size=3))
def test_no_stranger_leads_a_photo_out_of_its_folder(planned: Make, camera: str, folder: list[str]) -> None:
    parts = [part for part in folder if "/" not in part and "\0" not in part and part not in (".", "..")]
    plan = planned("{move: 'Sorted/{camera}/{folder}'}", "/".join([*parts, "a.jpg"]), camera=camera)

    if plan.held is None:
        target = Path("/photos") / plan.steps[0].options["to"]
        assert target.is_relative_to("/photos/Sorted")
        assert not any(part in ("", ".", "..") or part.startswith(".") for part in target.parts)
        assert str(target).isprintable()


def test_a_photo_at_the_top_of_its_root_has_an_empty_folder(planned: Make) -> None:
    assert planned("{move: '{folder}/Copies'}", "IMG.jpg").steps[0].options == {"to": "Copies"}
    assert planned("{move: '{folder}/Copies'}", "a/IMG.jpg").steps[0].options == {"to": "a/Copies"}


@pytest.mark.parametrize("action", ["move: 'vault/x'", "move: 'vault/{year}'"])
@pytest.mark.parametrize("role", [Role.ARCHIVE, Role.READONLY])
def test_a_folder_in_a_root_where_nothing_is_changed_holds_the_plan(
    book: Make, facts: Make, side: Make, action: str, role: Role
) -> None:
    rules = book(
        f"- {{when: {{relation: rendition}}, do: [{{{action}}}]}}",
        roots={"/photos": Role.LIBRARY, "/photos/vault": role},
    )
    photo = side("IMG.jpg", is_arrival=True, width_pixels=10, captured_at="2020-01-01T00:00:00")

    plan = rules.judge(facts(file=photo))

    assert plan.held.endswith(f"lies in a root with the role {role}: nothing in it is changed")


def test_a_folder_that_came_of_variables_and_lies_in_no_root_holds_the_plan(
    book: Make, facts: Make, side: Make
) -> None:
    rules = book("- {when: {relation: rendition}, do: [{move: '/{root}/x'}]}", roots=())
    photo = side("IMG.jpg", root=Path("/elsewhere/pics"), is_arrival=True, width_pixels=10)

    plan = rules.judge(facts(file=photo))

    assert plan.held == "/pics/x lies in no root (roots: )"


def test_a_photo_that_lies_where_it_is_to_go_stays(planned: Make) -> None:
    plan = planned("{move: 'Sorted/{year}'}", "Sorted/2024/IMG.jpg")

    assert plan.held == "IMG.jpg lies in /photos/Sorted/2024 already"


def test_a_step_on_both_becomes_two_where_they_differ(planned: Make) -> None:
    plan = planned("{tag: 'has {name}', on: both}", "IMG.jpg")

    assert [(step.on, step.options["options"]) for step in plan.steps] == [
        (Side.DUPLICATE, "has IMG.jpg"),
        (Side.KEEPER, "has keeper.png"),
    ]


def test_a_step_on_both_stays_one_where_they_do_not(planned: Make) -> None:
    plan = planned("{tag: '{relation}', on: both}", "IMG.jpg")

    assert [(step.on, step.options["options"]) for step in plan.steps] == [(Side.BOTH, "rendition")]


def test_a_list_of_texts_is_filled_text_by_text(planned: Make) -> None:
    plan = planned("{tag: ['{year}', 'copy of {keeper-stem}']}")

    assert plan.steps[0].options == {"options": ["2024", "copy of keeper"]}


def test_each_rule_fills_in_its_own_name(book: Make, facts: Make) -> None:
    plan = book("""
        - {name: a, when: {relation: rendition}, do: [{tag: '{rule}'}], continue: true}
        - {name: b, when: {relation: rendition}, do: [{tag: '{rule}'}]}
        """).judge(facts())

    assert [step.options["options"] for step in plan.steps] == ["a", "b"]
