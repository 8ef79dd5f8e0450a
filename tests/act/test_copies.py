"""`copy`: a verified copy in another folder, made once, and removed only while it is needless."""

from __future__ import annotations

import contextlib
import os

import pytest

from pictrace.model import ChangeState, RootState, Step

DONE, ABORTED, UNDONE = ChangeState.DONE, ChangeState.ABORTED, ChangeState.UNDONE
COPY = Step(action="copy", options={"to": "Kept"})


def fill(stage) -> tuple:
    keeper, photo = stage.put("a.jpg", b"keeper"), stage.put("in/b.jpg", b"photo")
    os.utime(photo.path, ns=(1, 123456789))
    os.setxattr(photo.path, "user.rating", b"5")
    return keeper, stage.row(photo.path)


def test_a_copy_is_equal_and_the_photo_stays(stage) -> None:
    keeper, photo = fill(stage)

    [change] = stage.carry_out(photo, keeper, COPY)

    assert (change.state, change.target) == (DONE, stage.root / "Kept/b.jpg")
    tree = stage.tree()
    assert tree["Kept/b.jpg"] == tree["in/b.jpg"]
    assert os.getxattr(change.target, "user.rating") == b"5"
    assert not change.target.samefile(photo.path)


def test_a_taken_name_gets_a_number_and_the_sidecar_the_same(stage) -> None:
    keeper, photo = fill(stage)
    stage.put("in/b.jpg.xmp", b"<xmp/>")
    stage.put("Kept/b.jpg", b"another")

    stage.carry_out(photo, keeper, COPY)

    assert (stage.root / "Kept/b.jpg").read_bytes() == b"another"
    assert (stage.root / "Kept/b~2.jpg").read_bytes() == b"photo"
    assert (stage.root / "Kept/b~2.jpg.xmp").read_bytes() == b"<xmp/>"
    assert (stage.root / "in/b.jpg.xmp").exists()


def test_a_photo_is_copied_once_however_often_its_plan_comes_again(stage) -> None:
    keeper, photo = fill(stage)
    stage.carry_out(photo, keeper, COPY)

    again = stage.carry_out(photo, keeper, COPY)

    assert again == []
    assert [path.name for path in (stage.root / "Kept").iterdir()] == ["b.jpg"]


def test_a_copy_that_is_gone_is_made_again(stage) -> None:
    keeper, photo = fill(stage)
    [first] = stage.carry_out(photo, keeper, COPY)
    first.target.unlink()

    [second] = stage.carry_out(photo, keeper, COPY)

    assert second.target.read_bytes() == b"photo"


def test_undo_removes_the_copy_with_its_sidecar_and_nothing_else(stage) -> None:
    keeper, photo = fill(stage)
    stage.put("in/b.jpg.xmp", b"<xmp/>")
    before = stage.tree()
    changes = stage.carry_out(photo, keeper, COPY)

    undos = stage.actor.undo([changes[0].id])

    assert [undo.state for undo in undos] == [DONE, DONE]
    assert stage.tree() == before


def test_an_undo_that_is_taken_back_copies_again(stage) -> None:
    keeper, photo = fill(stage)
    [undo] = stage.actor.undo([stage.carry_out(photo, keeper, COPY)[0].id])

    [again] = stage.actor.undo([undo.id])

    assert again.state is DONE
    assert (stage.root / "Kept/b.jpg").read_bytes() == b"photo"


def _edited(path) -> None:
    path.write_bytes(b"edited")


def _replaced(path) -> None:
    new = path.with_name("new")
    new.write_bytes(path.read_bytes())
    new.rename(path)


@pytest.mark.parametrize("touch", [_edited, _replaced])
def test_a_copy_that_is_not_as_it_was_made_stays_with_its_sidecar(stage, touch) -> None:
    keeper, photo = fill(stage)
    stage.put("in/b.jpg.xmp", b"<xmp/>")
    *_, change = stage.carry_out(photo, keeper, COPY)
    touch(change.target)
    left = change.target.read_bytes()

    undos = stage.actor.undo([change.id])

    assert {undo.state for undo in undos} == {ABORTED}
    assert change.target.read_bytes() == left
    assert (stage.root / "Kept/b.jpg.xmp").exists()


@pytest.mark.parametrize("fate", ["removed", "changed", "put away"])
def test_the_last_copy_of_a_photo_is_never_removed(stage, fate) -> None:
    keeper, photo = fill(stage)
    [change] = stage.carry_out(photo, keeper, COPY)
    match fate:
        case "removed":
            photo.path.unlink()
        case "changed":
            photo.path.write_bytes(b"other")
        case _:
            stage.carry_out(photo, keeper)

    [undo] = stage.actor.undo([change.id])

    assert (undo.state, "so the copy stays" in undo.error) == (ABORTED, True)
    assert change.target.read_bytes() == b"photo"


def test_a_copy_and_a_move_of_one_plan_are_taken_back_together(stage) -> None:
    keeper, photo = fill(stage)
    before = stage.tree()
    stage.carry_out(photo, keeper, COPY, Step(action="quarantine"))
    assert stage.tree().keys() == {"a.jpg", "Kept/b.jpg"}

    stage.actor.undo(stage.actor.undoable())

    assert stage.tree() == before


def test_a_stop_at_any_write_leaves_a_whole_copy_or_none(make_stage) -> None:
    def run(stage) -> None:
        keeper, photo = fill(stage)
        stage.put("in/b.jpg.xmp", b"<xmp/>")
        stage.actor.undo([stage.carry_out(photo, keeper, COPY)[-1].id])

    rehearsal = make_stage()
    run(rehearsal)
    assert len(rehearsal.points) > 15

    for number in range(len(rehearsal.points)):
        stage = make_stage()
        stage.stop_at = number
        with contextlib.suppress(stage.stop):
            run(stage)
        stage.reopen()
        stage.actor.recover()
        once = (stage.tree(), [(one.id, one.state) for one in stage.journal.changes()])
        stage.reopen()
        stage.actor.recover()

        where = f"stopped at {stage.points[number]} ({number})"
        assert (stage.tree(), [(one.id, one.state) for one in stage.journal.changes()]) == once, where
        assert all(one.state in (DONE, ABORTED, UNDONE) for one in stage.journal.changes()), where
        assert not list(stage.root.rglob("*.tmp")), where
        assert (stage.root / "in/b.jpg").read_bytes() == b"photo", where
        made = {path.name for path in (stage.root / "Kept").glob("*")}
        assert made in (set(), {"b.jpg.xmp", "b.jpg"}), f"{where}: {made}"
        stage.actor.undo(stage.actor.undoable())
        assert stage.tree().keys() == {"a.jpg", "in/b.jpg", "in/b.jpg.xmp"}, where


def test_the_copy_of_a_sidecar_goes_again_where_that_of_the_photo_cannot_be_made(stage) -> None:
    keeper, photo = fill(stage)
    stage.put("in/b.jpg.xmp", b"<xmp/>")
    photo.path.write_bytes(b"changed meanwhile")

    changes = stage.carry_out(photo, keeper, COPY)

    assert [change.state for change in changes] == [UNDONE, ABORTED]
    assert not (stage.root / "Kept").exists()


def test_where_there_is_no_room_nothing_stays_behind(make_stage, other_disk, monkeypatch) -> None:
    stage = make_stage(folder=other_disk)
    keeper, photo = fill(stage)
    full = os.statvfs_result((4096, 4096, 10, 0, 0, 10, 10, 10, 0, 255))
    monkeypatch.setattr(os, "fstatvfs", lambda _: full)

    [change] = stage.carry_out(photo, keeper, COPY)

    assert (change.state, "no space left" in change.error) == (ABORTED, True)
    assert not list((stage.root / "Kept").iterdir())


def test_a_disk_that_goes_in_the_middle_leaves_the_copy_to_recovery(stage) -> None:
    keeper, photo = fill(stage)

    def unplug(word: str) -> None:
        if word == "copy noted":
            stage.root_state = RootState.MISSING
            raise OSError(5, "Input/output error")

    object.__setattr__(stage.world, "checkpoint", unplug)
    [change] = stage.carry_out(photo, keeper, COPY)
    stage.root_state = RootState.USABLE
    stage.reopen()
    [ended] = stage.actor.recover()

    assert change.state is ChangeState.COPYING
    assert ended.state is ABORTED
    assert not list((stage.root / "Kept").iterdir())
