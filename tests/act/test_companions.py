"""A photo and its sidecar stay together: with names that are taken, half-way undone, purged, after a stop."""

from __future__ import annotations

import contextlib
import os

import pytest

from pictrace.act import QuarantineKeeper
from pictrace.act.changes import renaming
from pictrace.errors import ActError
from pictrace.model import ChangeState, Side, Step

DONE, ABORTED = ChangeState.DONE, ChangeState.ABORTED
MOVE = Step(action="move", options={"to": "Copies"})


@pytest.fixture
def pair(stage):
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("b.jpg.xmp", b"<xmp/>")
    return keeper, copy


def test_a_sidecar_takes_the_number_that_its_photo_takes(stage, pair) -> None:
    keeper, copy = pair
    stage.put("Copies/b.jpg", b"somebody else's")

    stage.carry_out(copy, keeper, MOVE)

    assert set(stage.tree()) == {"a.jpg", "Copies/b.jpg", "Copies/b~2.jpg", "Copies/b~2.jpg.xmp"}


def test_a_photo_does_not_come_beside_somebody_elses_sidecar(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("Copies/b.jpg.xmp", b"of a photo that went")

    stage.carry_out(copy, keeper, MOVE)

    assert "Copies/b~2.jpg" in stage.tree()


def test_a_sidecar_comes_back_beside_its_photo_where_that_place_is_taken(stage, pair) -> None:
    keeper, copy = pair
    changes = stage.carry_out(copy, keeper)
    stage.put("b.jpg", b"new one")

    stage.actor.undo([change.id for change in changes])

    assert set(stage.tree()) == {"a.jpg", "b.jpg", "b~restored.jpg", "b~restored.jpg.xmp"}


def test_a_photo_comes_back_beside_its_place_where_that_of_its_sidecar_is_taken(stage, pair) -> None:
    keeper, copy = pair
    changes = stage.carry_out(copy, keeper)
    stage.put("b.jpg.xmp", b"new one")

    stage.actor.undo([change.id for change in changes])

    assert set(stage.tree()) == {"a.jpg", "b.jpg.xmp", "b~restored.jpg", "b~restored.jpg.xmp"}


@pytest.mark.parametrize("which", [0, 1], ids=["by the sidecar", "by the photo"])
def test_photo_and_sidecar_come_back_together_whichever_is_named(stage, pair, which) -> None:
    keeper, copy = pair
    before = stage.tree()
    changes = stage.carry_out(copy, keeper)

    stage.actor.undo([changes[which].id])

    assert stage.tree() == before


def test_only_the_sidecar_of_the_photo_that_stayed_comes_back(stage, pair) -> None:
    keeper, copy = pair
    stage.put("a.jpg.xmp", b"<xmp/>")

    changes = stage.carry_out(copy, keeper, Step(action="move", on=Side.BOTH, options={"to": "Copies"}))

    assert [change.state for change in changes] == [DONE, DONE, ChangeState.UNDONE, ABORTED]
    assert set(stage.tree()) == {"a.jpg", "a.jpg.xmp", "Copies/b.jpg", "Copies/b.jpg.xmp"}


def test_recovery_brings_a_sidecar_home_whose_photo_never_left(stage, pair) -> None:
    keeper, copy = pair
    before = stage.tree()
    stage.stop_at = 6
    with contextlib.suppress(stage.stop):
        stage.carry_out(copy, keeper)
    assert set(stage.tree()) == {"a.jpg", "b.jpg"}, "the sidecar went, the photo did not"

    stage.reopen()
    stage.actor.recover()

    assert stage.tree() == before


def test_a_sidecar_is_purged_after_its_photo_and_not_without_it(stage, pair) -> None:
    keeper, copy = pair
    [sidecar, photo] = stage.carry_out(copy, keeper)
    room = QuarantineKeeper(stage.world, stage.journal, lambda _: [keeper])

    with pytest.raises(ActError, match="was not purged"):
        room.purge(sidecar)
    assert sidecar.target.exists()

    wanted = [change for change, _ in room.ages()]
    assert [change.id for change in wanted] == [photo.id, sidecar.id]
    for change in wanted:
        room.purge(change)
    assert not sidecar.target.exists()


def test_a_sidecar_is_not_purged_when_its_photo_is_home(stage, pair) -> None:
    keeper, copy = pair
    [sidecar, photo] = stage.carry_out(copy, keeper)
    stage.stop_at = len(stage.points) + 7
    with contextlib.suppress(stage.stop):
        stage.actor.undo([photo.id])
    stage.stop_at = None
    assert stage.journal.change(photo.id).state is ChangeState.UNDONE
    room = QuarantineKeeper(stage.world, stage.journal, lambda _: [keeper])

    with pytest.raises(ActError, match="was not purged"):
        room.purge(sidecar)

    assert sidecar.target.exists()


def test_what_a_stopped_purge_left_counts_as_kept(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    before = stage.tree()
    [change] = stage.carry_out(copy, keeper)
    room = QuarantineKeeper(stage.world, stage.journal, lambda _: [keeper])
    stage.stop_at = len(stage.points)
    with contextlib.suppress(stage.stop):
        room.purge(change)
    assert change.target.exists()

    stage.reopen()
    stage.actor.recover()

    assert [one.id for one in stage.journal.quarantined()] == [change.id]
    stage.actor.undo([change.id])
    assert stage.tree() == before


def test_recovery_does_not_guess_about_a_sidecar_that_somebody_changed(stage, pair) -> None:
    keeper, copy = pair
    sidecar = stage.root / "b.jpg.xmp"
    sidecar.unlink()
    stage.stop_at = 2
    with contextlib.suppress(stage.stop):
        stage.carry_out(copy, keeper, Step(action="tag", options={"tags": ["x"]}))
    sidecar.write_bytes(b"mine now")

    stage.reopen()
    [change] = stage.actor.recover()

    assert change.state is ChangeState.NEEDS_ATTENTION
    assert sidecar.read_bytes() == b"mine now"


def test_a_tag_is_not_said_to_be_taken_back_while_its_sidecar_is_away(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    tag = Step(action="tag", options={"tags": ["x"]})
    [tagged, *_] = stage.carry_out(copy, keeper, tag, Step(action="quarantine"))

    [undo] = stage.actor.undo([tagged.id])

    assert undo.state is ABORTED
    assert "taken back first" in undo.error


def test_where_the_old_name_cannot_go_no_second_one_stays(stage, monkeypatch) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    monkeypatch.setattr(renaming, "_renameat2", lambda: None)
    unlink = os.unlink

    def refuse(name, **named) -> None:
        if name == "b.jpg":
            raise PermissionError(1, "sticky")
        unlink(name, **named)

    monkeypatch.setattr(os, "unlink", refuse)

    [change] = stage.carry_out(copy, keeper)

    assert change.state is ABORTED
    assert stage.contents() == sorted(set(stage.contents()))
