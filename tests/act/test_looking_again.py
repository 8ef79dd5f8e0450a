"""A disk that goes in the middle of a move: the change waits; and what needed a person is looked at again."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pictrace.model import ChangeState, Plan, Step

from .ground import MATCH, Ground, row  # type: ignore[import-not-found]


def move_to_second(ground: Ground):
    """Move a copy into the second root."""
    library, second = ground.roots["library"].path, ground.roots["second"].path
    (library / "a.jpg").write_bytes(b"keeper")
    (library / "b.jpg").write_bytes(b"copy")
    step = Step(action="move", options={"to": str(second)})
    plan = Plan(rule="t", steps=(step,), keeper=library / "a.jpg", duplicate=library / "b.jpg", keeper_reason="t")
    [change] = ground.actor.carry_out(
        plan, duplicate=row(library / "b.jpg"), keeper=row(library / "a.jpg"), match=MATCH, finding="{}"
    )
    return change


def away(root: Path) -> Callable[[], None]:
    """Leave an empty mount point where a root was; returns what brings it back."""
    gone = root.with_name("gone")
    root.rename(gone)
    root.mkdir()

    def back() -> None:
        root.rmdir()
        gone.rename(root)

    return back


@pytest.mark.parametrize(("word", "state"), [("before rename", "aborted"), ("after rename", "done")])
def test_a_disk_that_goes_in_a_move_leaves_the_change_open_until_it_is_back(tmp_path, word, state) -> None:
    ground, back = Ground(near=tmp_path, far=None), []

    def spoil() -> None:
        back.append(away(ground.roots["library"].path))
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    ground.moment, ground.spoil = word, spoil
    change = move_to_second(ground)
    assert change.state is ChangeState.PLANNED
    assert ground.actor.recover() == []

    back[0]()
    [ended] = ground.actor.recover()

    assert ended.state.value == state
    assert ended.source.exists() is (state == "aborted")


def test_a_change_waits_while_the_root_where_its_file_went_is_away(tmp_path, other_disk) -> None:
    class Stop(BaseException):
        pass

    def stop() -> None:
        raise Stop

    ground = Ground(near=tmp_path, far=other_disk)
    ground.moment, ground.spoil = "unlinked", stop
    with contextlib.suppress(Stop):
        move_to_second(ground)
    back = away(ground.roots["second"].path)
    assert ground.actor.recover() == []
    assert [change.state for change in ground.journal.open_changes()] == [ChangeState.COPIED]

    back()
    [ended] = ground.actor.recover()

    assert ended.state is ChangeState.DONE


@pytest.mark.parametrize("end", ["source", "target"])
def test_what_needed_a_person_is_ended_when_the_file_is_at_one_place_again(stage, end) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage._checkpoint = lambda word: word == "before rename" and copy.path.unlink()
    stage.reopen()
    [change] = stage.carry_out(copy, keeper)
    assert change.state is ChangeState.NEEDS_ATTENTION
    assert stage.actor.recover() == []

    getattr(change, end).write_bytes(b"copy")
    [ended] = stage.actor.recover()

    assert ended.state is (ChangeState.DONE if end == "target" else ChangeState.ABORTED)
    assert stage.actor.recover() == []


def test_what_is_at_both_places_stays_with_the_person(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage._checkpoint = lambda word: word == "before rename" and copy.path.unlink()
    stage.reopen()
    [change] = stage.carry_out(copy, keeper)
    for path in (change.source, change.target):
        path.write_bytes(b"copy")

    assert stage.actor.recover() == []
    assert change.source.read_bytes() == change.target.read_bytes() == b"copy"


def test_a_photo_that_went_before_it_was_moved_needs_nobody(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    copy.path.unlink()

    [change] = stage.carry_out(copy, keeper)

    assert change.state is ChangeState.ABORTED


def test_a_file_whose_change_was_left_open_is_planned_anew_only_after_that_ended(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    [first] = stage.carry_out(copy, keeper)
    stage.actor.undo([first.id])
    [left] = stage.journal.plan([stage.journal.change(first.id)])
    stage.journal.advance(left.id, ChangeState.PLANNED)

    [change] = stage.carry_out(stage.row(copy.path), keeper)

    assert change.state is ChangeState.DONE
    assert stage.journal.open_changes() == []
    assert stage.actor.recover() == []
