"""``pictrace confirm``: what it shows, whom it asks, and what it writes down."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pictrace.model import HeldPlan
from pictrace.store import Index, Journal

Run = Callable[..., Any]


@pytest.fixture
def braked(state: Path) -> Path:
    """Return a state folder in which two plans are held."""
    Index.open(state).close()
    with Journal.open(state) as journal:
        for name in ("a", "b"):
            path = Path("/srv/Pictures") / f"{name}-copy.jpg"
            plan = HeldPlan(
                root="aa11",
                file=path,
                duplicate=path,
                keeper=path.with_name(f"{name}.jpg"),
                rule="exact copies",
                actions=("quarantine",),
                is_backlog_allowed=False,
            )
            journal.brake.hold(plan)
    return state


def confirmed(state: Path) -> int:
    with Journal.read(state) as journal:
        return len(journal.brake.held_plans(is_confirmed=True))


def test_without_a_terminal_it_refuses(pictrace: Run, braked: Path) -> None:
    ran = pictrace("confirm")

    assert ran.code == 2
    assert "Let 2 held plans be carried out? Nobody is there to answer: give --yes." in ran.err
    assert confirmed(braked) == 0


def test_yes_confirms_what_is_shown(pictrace: Run, braked: Path) -> None:
    ran = pictrace("confirm", "--yes")

    assert ran.code == 0
    assert "quarantine /srv/Pictures/a-copy.jpg  rule: exact copies; kept: /srv/Pictures/a.jpg" in ran.out
    assert "2 plans confirmed: the next `pictrace scan --act` or `watch` carries them out" in ran.out
    assert confirmed(braked) == 2


def test_json_has_one_object_for_each_plan_and_one_for_the_outcome(pictrace: Run, braked: Path) -> None:
    *held, last = map(json.loads, pictrace("confirm", "--yes", "--json").out.splitlines())

    assert [(one["event"], one["rule"], one["plan"]) for one in held] == [("held", "exact copies", ["quarantine"])] * 2
    assert last == {"event": "confirm", "confirmed": 2, "refused": 0, "running": False}


def test_nothing_held_is_nothing_to_ask(pictrace: Run, state: Path) -> None:
    Index.open(state).close()

    ran = pictrace("confirm")

    assert (ran.code, ran.out) == (0, "nothing is held\n")


def test_a_mistyped_state_folder_is_named(pictrace: Run, state: Path) -> None:
    ran = pictrace("confirm", "--yes")

    assert ran.code == 2
    assert str(state) in ran.err


def test_status_says_how_many_by_which_rule_since_when(pictrace: Run, braked: Path) -> None:
    told = pictrace("status").out
    [held] = json.loads(pictrace("status", "--json").out)["held"]

    assert "held              2 plans of 'exact copies', since 20" in told
    assert "pictrace confirm" in told
    assert (held["rule"], held["count"], held["confirmed"]) == ("exact copies", 2, 0)
    assert held["since"] > 1e9


def test_refused_plans_are_forgotten_and_remembered_as_refused(pictrace: Run, braked: Path) -> None:
    asked = pictrace("confirm", "--refuse")
    ran = pictrace("confirm", "--refuse", "--yes")

    assert asked.code == 2
    assert "Refuse 2 held plans for good? Nobody is there to answer: give --yes." in asked.err
    assert "2 plans refused: what they would have moved stays where it is" in ran.out
    assert pictrace("confirm").out == "nothing is held\n"


def test_json_says_how_many_were_refused(pictrace: Run, braked: Path) -> None:
    last = json.loads(pictrace("confirm", "--refuse", "--yes", "--json").out.splitlines()[-1])

    assert last == {"event": "confirm", "confirmed": 0, "refused": 2, "running": False}
