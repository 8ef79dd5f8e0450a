"""Plans that wait because of another program, and those that never come."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pictrace.config import default_config
from pictrace.model import Plan, Role, RootInfo, Side, Step
from pictrace.patience import StalledError
from pictrace.pipeline.claims import Claims


class Ground:
    """A root with two photos, and who asks for claims on it."""

    def __init__(self, root: Path) -> None:
        self.path = root
        self.root = RootInfo(identity="aa", path=root, role=Role.LIBRARY, dev=1, ino=1, filesystem="ext4")
        library: Any = SimpleNamespace(
            root_of=lambda path: self.root if path.is_relative_to(root) else None, ask=lambda _, question: question()
        )
        self.claims = Claims(library, default_config([]))

    def plan(self, *actions: str, on: Side = Side.DUPLICATE, duplicate: str = "b.jpg") -> Plan:
        return Plan(
            rule="r",
            steps=tuple(Step(action=action, on=on) for action in actions),
            keeper=self.path / "a.jpg",
            duplicate=self.path / duplicate,
            keeper_reason="",
        )


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    (tmp_path / "Photos").mkdir()
    return Ground(tmp_path / "Photos")


def put(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def test_where_nobody_else_is_nothing_is_held(ground: Ground) -> None:
    assert ground.claims.of_plan(ground.plan("tag", "quarantine")) is None
    assert ground.claims.of_root(ground.root) is None


@pytest.mark.parametrize(
    ("actions", "is_held"), [(["quarantine"], True), (["tag", "move"], True), (["tag"], False), (["notify"], False)]
)
def test_in_a_synced_folder_what_moves_a_photo_waits(ground: Ground, actions: list[str], is_held: bool) -> None:
    put(ground.path / ".stfolder")
    plan = ground.plan(*actions)

    reason = ground.claims.of_plan(plan)

    assert (reason is not None) == is_held
    assert ground.claims.is_waiting(replace(plan, held=reason)) == is_held


def test_a_plan_that_waited_waits_no_more_once_the_line_is_there(ground: Ground) -> None:
    put(ground.path / ".stfolder")
    held = ground.plan("quarantine")
    held = replace(held, held=ground.claims.of_plan(held))
    assert ground.claims.is_waiting(held)

    (ground.path / ".stignore").write_text("/.pictrace\n")

    assert not ground.claims.is_waiting(held)
    assert ground.claims.of_root(ground.root) is None


def test_what_a_person_refused_does_not_wait_for_syncthing(ground: Ground) -> None:
    put(ground.path / ".stfolder")

    assert not ground.claims.is_waiting(replace(ground.plan("quarantine"), held="you refused this"))


@pytest.mark.parametrize(("actions", "is_held"), [(["quarantine"], True), (["tag"], True), (["notify"], False)])
def test_in_a_managed_tree_nothing_is_changed_and_nothing_waited_for(
    ground: Ground, actions: list[str], is_held: bool
) -> None:
    put(ground.path / "deep/library/.immich")
    plan = ground.plan(*actions, duplicate="deep/library/2024/b.jpg")

    reason = ground.claims.of_plan(plan)

    assert (reason is not None) == is_held
    assert not ground.claims.is_waiting(replace(plan, held=reason))


PUTTING = [Step(action="move", options={"to": "x/y"}), Step(action="copy", options={"to": "x/y"})]


@pytest.mark.parametrize("is_absolute", [False, True])
@pytest.mark.parametrize("step", PUTTING, ids=lambda step: step.action)
@pytest.mark.parametrize("marker", [".immich", ".nopictrace"])
def test_nothing_is_put_into_a_folder_that_is_managed_or_closed(ground: Ground, marker, step, is_absolute) -> None:
    put(ground.path / "x" / marker)
    to = str(ground.path / "x/y") if is_absolute else "x/y"
    plan = replace(ground.plan("move"), steps=(replace(step, options={"to": to}),))
    elsewhere = replace(plan, steps=(replace(step, options={"to": "z"}),))

    assert ground.claims.of_plan(plan) is not None
    assert ground.claims.of_plan(elsewhere) is None


def test_into_a_folder_that_the_config_passes_over_photos_may_be_put(ground: Ground) -> None:
    ground.claims.adopt(replace(default_config([]), ignore=("Twice/",)))
    plan = replace(ground.plan("move"), steps=(Step(action="move", options={"to": "Twice"}),))

    assert ground.claims.of_plan(plan) is None
    assert ground.claims.of_plan(ground.plan("move", duplicate="Twice/b.jpg")) is not None


def test_a_marker_in_the_very_folder_that_photos_would_be_put_in_closes_it(ground: Ground) -> None:
    put(ground.path / "x/y/.nopictrace")
    plan = replace(ground.plan("move"), steps=(Step(action="move", options={"to": "x/y"}),))

    assert ".nopictrace" in str(ground.claims.of_plan(plan))


@pytest.mark.parametrize(("on", "is_held"), [(Side.DUPLICATE, False), (Side.KEEPER, True), (Side.BOTH, True)])
def test_only_the_photo_that_is_worked_on_counts(ground: Ground, on: Side, is_held: bool) -> None:
    put(ground.path / "library/.immich")
    plan = replace(ground.plan("tag", on=on), keeper=ground.path / "library/a.jpg")

    assert (ground.claims.of_plan(plan) is not None) == is_held


def test_a_root_that_is_only_read_needs_no_line(ground: Ground) -> None:
    put(ground.path / ".stfolder")

    assert ground.claims.of_root(replace(ground.root, role=Role.READONLY)) is None
    assert ground.claims.of_root(ground.root) is not None


@pytest.mark.parametrize("marker", [".nopictrace", ".nomedia"])
def test_a_folder_that_was_just_closed_is_left_alone_at_once(ground: Ground, marker: str) -> None:
    put(ground.path / "x" / marker)
    plan = ground.plan("tag", duplicate="x/b.jpg")

    assert marker in str(ground.claims.of_plan(plan))
    assert ground.claims.of_plan(ground.plan("tag", duplicate="y/b.jpg")) is None


def test_what_cannot_be_looked_at_waits(tmp_path: Path) -> None:
    ground = Ground(tmp_path)

    def hang(_: RootInfo, __: object) -> None:
        raise StalledError(str(tmp_path))

    library: Any = SimpleNamespace(root_of=lambda path: ground.root, ask=hang)
    claims = Claims(library, default_config([]))
    plan = ground.plan("quarantine")

    held = claims.of_plan(plan)

    assert held == "the disk does not answer"
    assert claims.is_waiting(replace(plan, held=held))
