"""Plans carried out on a real folder, and what is refused."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

import pytest

from pictrace.act import QuarantineKeeper, restore_from_manifest
from pictrace.errors import ActError
from pictrace.model import ChangeState, Role, RootState, Side, Step

DONE, ABORTED = ChangeState.DONE, ChangeState.ABORTED


def states(changes) -> list[ChangeState]:
    return [change.state for change in changes]


@pytest.mark.parametrize(
    "step",
    [
        Step(action="quarantine"),
        Step(action="move", options={"to": "Copies"}),
        Step(action="tag", options={"tags": ["pictrace/rendition"]}),
    ],
    ids=lambda step: step.action,
)
def test_every_action_comes_back_with_path_bytes_time_and_mode(stage, step) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("sub/b.jpg", b"copy")
    os.chmod(copy.path, 0o640)
    os.utime(copy.path, ns=(1, 123456789))
    before = stage.tree()

    changes = stage.carry_out(stage.row(copy.path), keeper, step)
    after = stage.tree()
    stage.actor.undo([change.id for change in changes])

    assert states(changes) == [DONE]
    assert after != before
    assert stage.tree() == before


def test_a_photo_and_its_sidecar_travel_together(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("b.jpg.xmp", b"<xmp/>")
    before = stage.tree()

    changes = stage.carry_out(copy, keeper)
    left = set(stage.tree())
    stage.actor.undo([change.id for change in changes])

    assert states(changes) == [DONE, DONE]
    assert left == {"a.jpg"}
    assert stage.tree() == before


def test_a_sidecar_that_the_same_plan_wrote_travels_too(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    before = stage.tree()

    tag = Step(action="tag", options={"tags": ["x"]})
    changes = stage.carry_out(copy, keeper, tag, Step(action="quarantine"))
    left = set(stage.tree())
    stage.actor.undo([change.id for change in changes])

    assert states(changes) == [DONE, DONE, DONE]
    assert left == {"a.jpg"}
    assert stage.tree() == before


def test_a_level_that_came_out_empty_is_left_out_of_a_keyword(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")

    [change] = stage.carry_out(copy, keeper, Step(action="tag", options={"tags": ["albums/", "/a//b", "/", ""]}))

    assert change.details["tags"] == ["albums", "a/b"]


def folders(stage) -> set[str]:
    found = (path for path in stage.root.rglob("*") if path.is_dir() and ".pictrace" not in path.parts)
    return {str(path.relative_to(stage.root)) for path in found}


@pytest.mark.parametrize("action", ["move", "copy"])
def test_undo_removes_the_folders_that_were_made_for_it_and_are_empty(stage, action) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("b.jpg.xmp", b"<x/>")
    (stage.root / "Copies").mkdir()
    changes = stage.carry_out(copy, keeper, Step(action=action, options={"to": "Copies/2024/May"}))
    assert folders(stage) == {"Copies", "Copies/2024", "Copies/2024/May"}

    stage.actor.undo([change.id for change in changes])

    assert folders(stage) == {"Copies"}


def test_undo_leaves_a_folder_in_which_something_is(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    [change] = stage.carry_out(copy, keeper, Step(action="move", options={"to": "Copies/2024/May"}))
    stage.put("Copies/2024/note.txt", b"mine")

    stage.actor.undo([change.id])

    assert folders(stage) == {"Copies", "Copies/2024"}


def test_undo_leaves_a_file_that_is_not_the_one_moved(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    [change] = stage.carry_out(copy, keeper, Step(action="move", options={"to": "Copies"}))
    (stage.root / "Copies/b.jpg").write_bytes(b"another photo")

    [undo] = stage.actor.undo([change.id])

    assert undo.state is not DONE
    assert (stage.root / "Copies/b.jpg").read_bytes() == b"another photo"


def test_a_sidecar_comes_back_when_its_photo_cannot_go(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("b.jpg.xmp", b"<xmp/>")
    copy.path.write_bytes(b"something else now")
    before = stage.tree()

    changes = stage.carry_out(copy, keeper)

    assert states(changes) == [ChangeState.UNDONE, ABORTED]
    assert stage.tree() == before


def test_move_never_overwrites(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("Copies/b.jpg", b"somebody else's")

    [change] = stage.carry_out(copy, keeper, Step(action="move", options={"to": "Copies"}))

    assert change.state is DONE
    assert (stage.root / "Copies/b.jpg").read_bytes() == b"somebody else's"
    assert (stage.root / "Copies/b~2.jpg").read_bytes() == b"copy"


def test_undo_puts_a_file_beside_its_place_where_that_is_taken(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    [change] = stage.carry_out(copy, keeper)
    stage.put("b.jpg", b"new one")

    [undo] = stage.actor.undo([change.id])

    assert undo.state is DONE
    assert undo.details["beside"] is True
    assert (stage.root / "b.jpg").read_bytes() == b"new one"
    assert (stage.root / "b~restored.jpg").read_bytes() == b"copy"


def test_a_change_is_taken_back_once(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    [change] = stage.carry_out(copy, keeper)
    stage.actor.undo([change.id])

    with pytest.raises(ActError, match="only a finished"):
        stage.actor.undo([change.id])


def _vanish(stage, keeper, copy) -> None:
    keeper.path.unlink()


def _change_keeper(stage, keeper, copy) -> None:
    status = keeper.path.stat()
    keeper.path.write_bytes(b"other!")
    os.utime(keeper.path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _change_keeper_to_the_copys_time(stage, keeper, copy) -> None:
    status = copy.path.stat()
    keeper.path.write_bytes(b"other!")
    os.utime(keeper.path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _change_copy(stage, keeper, copy) -> None:
    copy.path.write_bytes(b"edited")


def _hard_link(stage, keeper, copy) -> None:
    copy.path.unlink()
    os.link(keeper.path, copy.path)


def _symlink(stage, keeper, copy) -> None:
    copy.path.unlink()
    os.symlink(keeper.path, copy.path)


def _symlinked_keeper(stage, keeper, copy) -> None:
    real = keeper.path.with_name("real.jpg")
    keeper.path.rename(real)
    os.symlink(real, keeper.path)


def _root_away(stage, keeper, copy) -> None:
    stage.root_state = RootState.REPLACED


def _swapped_folder(stage, keeper, copy) -> None:
    outside = stage.root.parent / "outside"
    (stage.root / "sub").rename(outside)
    os.symlink(outside, stage.root / "sub")


@pytest.mark.parametrize(
    "spoil",
    [
        _vanish,
        _change_keeper,
        _change_keeper_to_the_copys_time,
        _change_copy,
        _hard_link,
        _symlink,
        _symlinked_keeper,
        _root_away,
        _swapped_folder,
    ],
    ids=lambda spoil: spoil.__name__,
)
def test_nothing_is_moved_without_a_proved_keeper(stage, spoil) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("sub/b.jpg", b"copy!!")
    spoil(stage, keeper, copy)
    before = stage.contents()

    [change] = stage.carry_out(copy, keeper)

    assert change.state is ABORTED
    assert change.error
    assert stage.contents() == before
    assert not list((stage.root / ".pictrace").glob("quarantine/*/*"))


def test_a_hard_link_that_was_there_when_it_was_judged_is_no_copy(stage) -> None:
    keeper = stage.put("a.jpg", b"keeper")
    os.link(keeper.path, stage.root / "b.jpg")
    keeper, twin = stage.row(keeper.path), stage.row(stage.root / "b.jpg")

    [change] = stage.carry_out(twin, keeper)

    assert change.state is ABORTED
    assert "same file as its keeper" in change.error
    assert set(stage.tree()) == {"a.jpg", "b.jpg"}


def test_a_photo_that_others_lean_on_stays(stage) -> None:
    a, b, c = stage.put("a.jpg", b"aaa"), stage.put("b.jpg", b"bbb"), stage.put("c.jpg", b"ccc")

    [first] = stage.carry_out(c, b)
    [second] = stage.carry_out(b, a)

    assert (first.state, second.state) == (DONE, ABORTED)
    assert "keeper of change" in second.error
    assert b.path.exists()


def test_of_equal_photos_one_always_stays(stage) -> None:
    rows = [stage.put(f"{name}.jpg", b"same") for name in "abcd"]

    for duplicate in rows:
        for keeper in rows:
            if duplicate is not keeper and duplicate.path.exists():
                stage.carry_out(duplicate, keeper)

    assert len(stage.tree()) == 1
    assert len(stage.contents()) == 4


def test_on_a_readonly_root_nothing_is_changed(make_stage) -> None:
    stage = make_stage(role=Role.READONLY)
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")

    [change] = stage.carry_out(copy, keeper)

    assert change.state is ABORTED
    assert "readonly" in change.error


def test_another_disk_gets_a_verified_copy_with_time_and_mode(make_stage, other_disk) -> None:
    stage = make_stage(quarantine=other_disk)
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy" * 100_000)
    os.utime(copy.path, ns=(5, 987654321))
    before = stage.tree()

    [change] = stage.carry_out(stage.row(copy.path), keeper)
    assert change.state is DONE
    assert not copy.path.exists()
    stage.actor.undo([change.id])

    assert stage.tree() == before
    assert not list(other_disk.rglob("*.tmp"))


def test_everything_comes_home_by_the_manifest_alone(stage) -> None:
    keeper = stage.put("a.jpg", b"keeper")
    odd = os.fsdecode(b"odd-\xff-name.jpg")
    copies = [stage.put(f"sub/c{n}.jpg", b"copy%d" % n) for n in range(3)] + [stage.put(odd, b"odd")]
    before = stage.tree()
    changes = [change for copy in copies for change in stage.carry_out(copy, keeper)]
    stage.actor.undo([changes[0].id])

    results = restore_from_manifest(stage.root, stage.root / ".pictrace/quarantine", wall_clock=lambda: 0.0)

    assert [one.error for one in results] == [None] * 3
    assert stage.tree() == before


def test_everything_comes_home_from_another_disk(make_stage, other_disk) -> None:
    stage = make_stage(quarantine=other_disk)
    keeper, copy, taken = stage.put("a.jpg", b"keeper"), stage.put("sub/b.jpg", b"copy"), stage.put("c.jpg", b"copy")
    os.utime(copy.path, ns=(7, 1_600_000_000_123_456_789))
    before = stage.tree()
    changes = [change for file in (stage.row(copy.path), taken) for change in stage.carry_out(file, keeper)]
    assert [change.state for change in changes] == [DONE, DONE]
    stage.put("c.jpg", b"somebody else's")
    (manifest,) = other_disk.rglob("manifest.jsonl")

    results = restore_from_manifest(stage.root, manifest.parent, wall_clock=lambda: 0.0)

    assert [one.error is None for one in results] == [True, False]
    assert stage.tree()["sub/b.jpg"] == before["sub/b.jpg"]
    assert (stage.root / "c.jpg").read_bytes() == b"somebody else's"
    assert [path.read_bytes() for path in other_disk.rglob("*.jpg")] == [b"copy"]
    assert not [*stage.root.rglob("*.tmp"), *other_disk.rglob("*.tmp")]


def test_purging_needs_the_keeper_alive(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    [change] = stage.carry_out(copy, keeper)
    living = {keeper.content_hash: [keeper]}
    room = QuarantineKeeper(stage.world, stage.journal, lambda wanted: living.get(wanted, []))

    keeper.path.rename(stage.root / "moved-away.jpg")
    with pytest.raises(ActError, match="is not there any more"):
        room.purge(stage.journal.change(change.id))
    assert Path(change.target).exists()

    (stage.root / "moved-away.jpg").rename(keeper.path)
    room.purge(stage.journal.change(change.id))
    assert not Path(change.target).exists()


def test_purging_looks_at_the_age(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.carry_out(copy, keeper)
    room = QuarantineKeeper(stage.world, stage.journal, lambda _: [keeper])

    assert [0 <= age.days < 1 for _, age in room.ages()] == [True]


def test_a_tag_on_both_is_two_changes(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")

    changes = stage.carry_out(copy, keeper, Step(action="tag", on=Side.BOTH, options={"tags": ["x"]}))

    assert states(changes) == [DONE, DONE]
    assert {"a.jpg.xmp", "b.jpg.xmp"} <= set(stage.tree())


def test_where_no_line_could_tell_whence_it_came_the_photo_stays(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    (stage.root / ".pictrace/quarantine/manifest.jsonl").mkdir(parents=True)
    before = stage.tree()

    [change] = stage.carry_out(copy, keeper)

    assert change.state is ABORTED
    assert stage.tree() == before


def test_a_sidecar_that_somebody_changed_since_stays(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    [change] = stage.carry_out(copy, keeper, Step(action="tag", options={"tags": ["x"]}))
    sidecar = stage.root / "b.jpg.xmp"
    sidecar.write_bytes(b"mine now")

    [undo] = stage.actor.undo([change.id])

    assert undo.state is ABORTED
    assert sidecar.read_bytes() == b"mine now"


def test_no_other_program_acts_while_one_does(stage, monkeypatch) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    is_free = []

    def look(_: str) -> None:
        with (stage.state / "acting.lock").open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                is_free.append(False)
            else:
                is_free.append(True)

    monkeypatch.setattr(stage, "_checkpoint", look)
    stage.reopen()
    (change,) = stage.carry_out(copy, keeper)
    stage.actor.undo([change.id])
    stage.actor.recover()
    look("afterwards")

    assert len(is_free) > 6
    assert is_free == [False] * (len(is_free) - 1) + [True]


def test_one_photo_with_its_sidecar_is_one_act_for_the_brake(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("b.jpg.xmp", b"<xmp/>")

    changes = stage.carry_out(copy, keeper)

    assert states(changes) == [DONE, DONE]
    assert stage.journal.brake.count_acts("root-1", time.monotonic()) == 1


def test_what_a_person_confirmed_and_what_is_undone_is_no_act_for_the_brake(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")

    changes = stage.carry_out(copy, keeper, is_confirmed=True)
    stage.actor.undo([change.id for change in changes])

    assert states(changes) == [DONE]
    assert stage.journal.brake.count_acts("root-1", time.monotonic()) == 0
