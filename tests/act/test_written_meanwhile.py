"""A program that writes into a photo while its keeper is read, or after it was put away: what it wrote is not lost."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pictrace.act import guard
from pictrace.model import ChangeState, Step

DONE, ABORTED, UNDONE = ChangeState.DONE, ChangeState.ABORTED, ChangeState.UNDONE
CONTENT, EDIT = b"one photo " * 50, b"EDITED"
COPY = Step(action="copy", options={"to": "Kept"})


def write_into(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(EDIT)


def once_read(monkeypatch, name: str, nth: int, spoil: Callable[[], object]) -> None:
    """Have something happen while a file of that name is read for the nth time by the guard: the machine, not us."""
    read, seen = os.read, []

    def reading(descriptor: int, size: int) -> bytes:
        content = read(descriptor, size)
        if not content and os.readlink(f"/proc/self/fd/{descriptor}").endswith(name):
            seen.append(name)
            if len(seen) == nth:
                spoil()
        return content

    monkeypatch.setattr(guard.os, "read", reading)


def pair(stage) -> tuple:
    return stage.put("a.jpg", CONTENT), stage.put("in/b.jpg", CONTENT)


def starts(path: Path) -> bool:
    return path.read_bytes().startswith(EDIT)


@pytest.mark.parametrize("action", ["quarantine", "trash", "hardlink"])
def test_a_photo_that_is_written_while_its_keeper_is_read_stays(stage, monkeypatch, action) -> None:
    keeper, photo = pair(stage)
    once_read(monkeypatch, "/a.jpg", 1, lambda: write_into(photo.path))

    [change] = stage.carry_out(photo, keeper, Step(action=action))

    assert change.state is ABORTED
    assert starts(photo.path)
    assert keeper.path.read_bytes() == CONTENT
    assert [path for path in stage.root.rglob("*.jpg") if ".pictrace" in path.parts] == []


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_across_disks_a_photo_that_is_written_while_its_keeper_is_read_stays(
    make_stage, other_disk, monkeypatch, nth
) -> None:
    stage = make_stage(quarantine=other_disk)
    keeper, photo = pair(stage)
    once_read(monkeypatch, "/a.jpg", nth, lambda: write_into(photo.path))

    [change] = stage.carry_out(photo, keeper)

    assert change.state is not DONE
    assert starts(photo.path)


def test_across_disks_what_is_written_right_before_the_removal_stays(make_stage, other_disk) -> None:
    stage = make_stage(quarantine=other_disk)
    keeper, photo = pair(stage)
    stage.at("before unlink", lambda: write_into(photo.path))

    [change] = stage.carry_out(photo, keeper)

    assert change.state is not DONE
    assert starts(photo.path)


@pytest.mark.parametrize("nth", [1, 2])
def test_recovery_sees_what_is_written_while_the_keeper_is_read(make_stage, other_disk, monkeypatch, nth) -> None:
    stage = make_stage(quarantine=other_disk)
    keeper, photo = pair(stage)

    def stop() -> None:
        raise stage.stop

    stage.at("copied written", stop)
    with contextlib.suppress(stage.stop):
        stage.carry_out(photo, keeper)
    stage.reopen()
    name = ("/a.jpg", photo.path.name)[nth - 1]
    once_read(monkeypatch, name, 1, lambda: write_into(photo.path))

    stage.actor.recover()

    assert starts(photo.path)


@pytest.mark.parametrize(
    "word", ["planned", "linking written", "twin whole", "twin noted", "before exchange", "before rename"]
)
def test_what_is_written_into_a_photo_while_it_is_linked_is_at_its_name_again(stage, word) -> None:
    keeper, photo = pair(stage)
    with photo.path.open("r+b", buffering=0) as file:
        stage.at(word, lambda: file.write(EDIT))
        [change] = stage.carry_out(photo, keeper, Step(action="hardlink"))

    assert change.state is ABORTED
    assert starts(photo.path)
    assert keeper.path.read_bytes() == CONTENT
    assert sorted(stage.tree()) == ["a.jpg", "in/b.jpg"]


@pytest.mark.parametrize("action", ["quarantine", "trash", "hardlink"])
def test_undo_brings_home_what_was_written_into_a_file_that_was_put_away(stage, action) -> None:
    keeper, photo = pair(stage)
    with photo.path.open("r+b", buffering=0) as file:
        stage.at("manifest written", lambda: file.write(EDIT))
        [change] = stage.carry_out(photo, keeper, Step(action=action))
    assert change.state is DONE

    [undo] = stage.actor.undo([change.id])

    assert undo.state is DONE
    assert "was written into" in undo.error
    assert starts(undo.target)
    assert undo.target == (photo.path.with_name("b~restored.jpg") if action == "hardlink" else photo.path)
    assert stage.journal.change(change.id).state is UNDONE
    assert sorted(stage.tree()) == sorted({"a.jpg", "in/b.jpg", f"in/{undo.target.name}"})


def test_a_copy_that_is_written_while_its_photo_is_read_stays(stage, monkeypatch) -> None:
    keeper, photo = stage.put("z.jpg", b"another"), stage.put("in/a.jpg", CONTENT)
    [copy] = stage.carry_out(photo, keeper, COPY)
    once_read(monkeypatch, "/in/a.jpg", 1, lambda: write_into(copy.target))

    [undo] = stage.actor.undo([copy.id])

    assert undo.state is ABORTED
    assert starts(copy.target)


def test_a_copy_that_is_written_right_before_it_is_taken_back_stays(stage) -> None:
    keeper, photo = stage.put("z.jpg", b"another"), stage.put("in/a.jpg", CONTENT)
    [copy] = stage.carry_out(photo, keeper, COPY)
    stage.at("before unlink", lambda: write_into(copy.target))

    [undo] = stage.actor.undo([copy.id])

    assert undo.state is ABORTED
    assert starts(copy.target)


def _vanish(path: Path) -> None:
    path.unlink()


def _edit(path: Path) -> None:
    path.write_bytes(b"edited since")


@pytest.mark.parametrize("spoil", [_vanish, _edit])
@pytest.mark.parametrize("name", ["in/b.jpg.xmp", "in/b.mov"])
def test_the_copy_of_a_companion_stays_where_its_original_is_not_what_it_was(stage, name, spoil) -> None:
    keeper, photo = stage.put("a.jpg", b"keeper"), stage.put("in/b.jpg", CONTENT)
    companion = stage.put(name, b"edits or film").path
    os.utime(companion, ns=(photo.key.mtime_ns,) * 2)
    changes = stage.carry_out(photo, keeper, COPY)
    copied = stage.root / "Kept" / companion.name
    assert copied.read_bytes() == b"edits or film"
    spoil(companion)

    undone = stage.actor.undo([change.id for change in changes])

    assert copied.read_bytes() == b"edits or film"
    told = [undo.error for undo in undone if undo.state is ABORTED]
    assert len(told) == 1
    assert "the copy stays" in told[0]


def test_what_is_written_into_a_twin_that_cannot_stay_is_kept(stage) -> None:
    keeper, photo = pair(stage)

    def spoil() -> None:
        keeper.path.unlink()  # the twin is the last name of that file
        write_into(photo.path)

    def take_the_place() -> None:
        [change] = stage.journal.open_changes()
        change.target.write_bytes(b"somebody else's")

    stage.at("exchanged", spoil)
    stage.at("before rename", take_the_place)
    [change] = stage.carry_out(photo, keeper, Step(action="hardlink"))

    assert change.state is ChangeState.NEEDS_ATTENTION
    assert photo.path.read_bytes() == CONTENT
    assert any(starts(path) for path in photo.path.parent.iterdir())


def test_a_copy_that_is_written_while_it_is_taken_away_again_stays(make_stage, other_disk) -> None:
    stage = make_stage(quarantine=other_disk)
    keeper, photo = pair(stage)
    stage.at("copied written", keeper.path.unlink)

    def spoil() -> None:
        [copy] = other_disk.rglob("*.jpg")
        write_into(copy)

    stage.at("before copy taken back", spoil)
    stage.carry_out(photo, keeper)

    [copy] = other_disk.rglob("*.jpg")
    assert starts(copy)
    assert photo.path.read_bytes() == CONTENT


def test_a_stop_while_a_link_that_was_written_into_is_taken_back_loses_nothing(make_stage) -> None:
    points = 10
    for number in range(points):
        stage = make_stage()
        keeper, photo = pair(stage)
        [change] = stage.carry_out(photo, keeper, Step(action="hardlink"))
        keeper.path.unlink()
        stage.points.clear()
        stage.stop_at = number
        with photo.path.open("r+b", buffering=0) as file:
            stage.at("exchanged", lambda file=file: file.write(EDIT))
            with contextlib.suppress(stage.stop):
                stage.actor.undo([change.id])
        spoiled = not stage.spoils
        stage.spoils.clear()
        for _ in range(2):
            stage.reopen()
            stage.actor.recover()

        stage.actor.undo(stage.actor.undoable())

        where = f"stopped at {stage.points[:number]}"
        assert photo.path.read_bytes() == CONTENT, where
        assert any(starts(path) for path in (stage.root / "in").iterdir()) is spoiled, where
        assert not list(stage.root.rglob("*.tmp")), where


def test_an_undo_takes_no_other_file_that_has_the_name_now(stage) -> None:
    keeper = stage.put("k.jpg", CONTENT)
    move = Step(action="move", options={"to": "M"})
    [first] = stage.carry_out(stage.put("a/p.jpg", CONTENT), keeper, move)
    [second] = stage.carry_out(stage.row(first.target), keeper)
    [third] = stage.carry_out(stage.put("c/p.jpg", CONTENT), keeper, move)
    assert first.target == third.target

    [undo] = stage.actor.undo([first.id])

    assert undo.state is ABORTED
    assert f"take back {second.id} first" in undo.error
    assert third.target.exists()
    assert not first.source.exists()


def test_what_was_refused_comes_home_once_the_later_changes_were_taken_back(stage) -> None:
    keeper = stage.put("k.jpg", CONTENT)
    move = Step(action="move", options={"to": "M"})
    [first] = stage.carry_out(stage.put("a/p.jpg", CONTENT), keeper, move)
    stage.carry_out(stage.row(first.target), keeper)
    stage.carry_out(stage.put("c/p.jpg", CONTENT), keeper, move)

    undone = stage.actor.undo(stage.actor.undoable())

    assert {undo.state for undo in undone} == {DONE}
    assert sorted(stage.tree()) == ["a/p.jpg", "c/p.jpg", "k.jpg"]
