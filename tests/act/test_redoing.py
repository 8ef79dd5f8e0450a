"""An undo is taken back: what came home goes again, with every proof."""

from __future__ import annotations

import os

import pytest

from pictrace.errors import ActError
from pictrace.model import ChangeKind, ChangeState, Side, Step

DONE, ABORTED, UNDONE = ChangeState.DONE, ChangeState.ABORTED, ChangeState.UNDONE


@pytest.mark.parametrize(
    "step",
    [
        Step(action="quarantine"),
        Step(action="move", options={"to": "Copies"}),
        Step(action="tag", options={"tags": ["pictrace/rendition"]}),
    ],
    ids=lambda step: step.action,
)
def test_an_undo_that_is_taken_back_leaves_what_the_first_act_left(stage, step) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("sub/b.jpg", b"copy")
    os.utime(copy.path, ns=(1, 123456789))
    before = stage.tree()
    [change] = stage.carry_out(stage.row(copy.path), keeper, step)
    acted = {name: (digest, mode) for name, (digest, _, mode) in stage.tree().items()}
    [undo] = stage.actor.undo([change.id])

    [again] = stage.actor.undo([undo.id])

    assert (again.kind, again.state) == (change.kind, DONE)
    assert stage.journal.change(undo.id).state is UNDONE
    assert {name: (digest, mode) for name, (digest, _, mode) in stage.tree().items()} == acted
    stage.actor.undo([again.id])
    assert stage.tree() == before


def test_the_sidecar_goes_again_with_its_photo_whichever_of_the_two_is_named(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("b.jpg.xmp", b"<xmp/>")
    before = stage.tree()
    changes = stage.carry_out(copy, keeper)

    for named in (0, 1, 0):
        undos = stage.actor.undo([changes[0].id])
        assert stage.tree() == before
        changes = stage.actor.undo([undos[named].id])
        assert [change.state for change in changes] == [DONE, DONE]
        assert set(stage.tree()) == {"a.jpg"}


def test_without_its_keeper_nothing_goes_again(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("b.jpg.xmp", b"<xmp/>")
    [undo, *_] = stage.actor.undo([change.id for change in stage.carry_out(copy, keeper)])
    keeper.path.unlink()

    changes = stage.actor.undo([undo.id])

    assert ABORTED in [change.state for change in changes]
    assert set(stage.tree()) == {"b.jpg", "b.jpg.xmp"}
    assert stage.journal.change(undo.id).state is DONE


def test_a_photo_that_changed_at_home_does_not_go_again(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    [undo] = stage.actor.undo([stage.carry_out(copy, keeper)[0].id])
    copy.path.write_bytes(b"edited")

    [again] = stage.actor.undo([undo.id])

    assert again.state is ABORTED
    assert copy.path.read_bytes() == b"edited"


def test_an_undo_is_taken_back_once(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    [undo] = stage.actor.undo([stage.carry_out(copy, keeper)[0].id])
    stage.actor.undo([undo.id])

    with pytest.raises(ActError, match="only a finished undo"):
        stage.actor.undo([undo.id])


def test_what_came_home_beside_its_place_goes_again_from_there(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    [change] = stage.carry_out(copy, keeper)
    stage.put("b.jpg", b"another")
    [undo] = stage.actor.undo([change.id])

    [again] = stage.actor.undo([undo.id])

    assert again.source == stage.root / "b~restored.jpg"
    assert set(stage.tree()) == {"a.jpg", "b.jpg"}


def test_of_two_photos_of_one_plan_only_the_one_named_goes_again(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    tags = Step(action="tag", options={"tags": ["x"]}, on=Side.BOTH)
    changes = stage.carry_out(copy, keeper, tags)
    undos = stage.actor.undo([change.id for change in changes])
    wanted = next(undo for undo in undos if undo.target == stage.root / "b.jpg.xmp")

    [again] = stage.actor.undo([wanted.id])

    assert (again.kind, again.source) == (ChangeKind.TAG, copy.path)
    assert set(stage.tree()) == {"a.jpg", "b.jpg", "b.jpg.xmp"}


def test_killed_at_any_moment_of_it_nothing_is_lost_or_doubled(make_stage) -> None:
    place = 0
    while True:
        stage = make_stage()
        keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
        stage.put("b.jpg.xmp", b"<xmp/>")
        undos = stage.actor.undo([change.id for change in stage.carry_out(copy, keeper)])
        contents = stage.contents()
        stage.points.clear()
        stage.stop_at = place
        try:
            stage.actor.undo([undos[0].id])
        except stage.stop:
            stage.reopen()
            stage.actor.recover()
            stage.actor.recover()
        else:
            break

        assert stage.contents() == contents
        assert set(stage.tree()) in ({"a.jpg"}, {"a.jpg", "b.jpg", "b.jpg.xmp"})
        assert stage.journal.open_changes() == []
        place += 1
    assert place > 5
