"""The old name goes only when the new file and its name are on the disk: seen in the order of the system's calls."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable

import pytest

from pictrace.act.changes import renaming
from pictrace.model import ChangeState, Step


@pytest.fixture
def calls(monkeypatch) -> list[tuple[str, str]]:
    """Return a list that fills with what is synced and removed, the name at that moment."""
    seen: list[tuple[str, str]] = []
    fsync, unlink = os.fsync, os.unlink

    def syncing(descriptor: int) -> None:
        fsync(descriptor)
        seen.append(("synced", os.path.basename(os.readlink(f"/proc/self/fd/{descriptor}"))))

    def removing(name, *, dir_fd=None) -> None:
        unlink(name, dir_fd=dir_fd)
        seen.append(("removed", os.path.basename(name)))

    monkeypatch.setattr(os, "fsync", syncing)
    monkeypatch.setattr(os, "unlink", removing)
    return seen


def put_away(stage) -> str:
    """Put a copy into quarantine; returns the name of the folder where it is then."""
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    [change] = stage.carry_out(copy, keeper)
    return change.target.parent.name


def before_removal(calls: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return calls[: calls.index(("removed", "b.jpg"))]


def position(calls: list[tuple[str, str]], which: Callable[[str], bool]) -> int:
    return next(number for number, (word, name) in enumerate(calls) if word == "synced" and which(name))


def test_across_disks_the_copy_then_its_name_are_synced_before_the_source_goes(make_stage, other_disk, calls) -> None:
    month = put_away(make_stage(quarantine=other_disk))

    first = before_removal(calls)
    copied = position(first, lambda name: name.endswith(".tmp"))
    assert ("synced", month) in first[copied + 1 :]


def test_without_renameat2_the_new_name_is_synced_before_the_old_one_goes(stage, calls, monkeypatch) -> None:
    monkeypatch.setattr(renaming, "_renameat2", lambda: None)
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    [change] = stage.carry_out(copy, keeper)

    # Making the folder syncs the one above it: the month itself is synced for the name alone.
    assert ("synced", change.target.parent.name) in before_removal(calls)


def test_a_renamed_photo_is_synced_at_both_ends_before_it_counts_as_done(stage, calls) -> None:
    month = put_away(stage)

    assert (
        calls.index(("synced", month)) < calls.index(("synced", "root-0")) < calls.index(("synced", "manifest.jsonl"))
    )


def test_recovery_syncs_a_copy_and_its_name_before_the_source_goes(make_stage, other_disk, calls) -> None:
    stage = make_stage(quarantine=other_disk)
    stage.stop_at = 7
    with contextlib.suppress(stage.stop):
        put_away(stage)
    assert stage.points[-1] == "after rename"
    stage.reopen()
    calls.clear()

    [change] = stage.actor.recover()

    first = before_removal(calls)
    assert ("synced", change.target.name) in first
    assert ("synced", change.target.parent.name) in first


@pytest.mark.parametrize("points", [3, 4])
def test_recovery_does_not_guess_about_a_photo_that_somebody_replaced(stage, points) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.stop_at = points
    with contextlib.suppress(stage.stop):
        stage.carry_out(copy, keeper)
    [moved] = (stage.root / ".pictrace/quarantine").rglob("*b.jpg")
    moved.write_bytes(b"another photo")

    stage.reopen()
    [change] = stage.actor.recover()

    assert change.state is ChangeState.NEEDS_ATTENTION
    assert moved.read_bytes() == b"another photo"


def test_the_note_of_a_photo_in_the_trash_is_synced_before_the_photo_goes(stage, calls) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.carry_out(copy, keeper, Step(action="trash"))

    noted = calls.index(("synced", "b.jpg.trashinfo"))
    assert noted < calls.index(("synced", "info"), noted) < calls.index(("synced", "files"), noted)


def test_a_copy_and_its_name_are_synced_before_it_counts_as_made(stage, calls) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.carry_out(copy, keeper, Step(action="copy", options={"to": "Kept"}))

    copied = position(calls, lambda name: name.endswith(".tmp"))
    assert ("synced", "Kept") in calls[copied + 1 :]


@pytest.mark.parametrize("is_killed", [False, True])
def test_the_twin_goes_when_the_old_file_is_home_on_the_disk(stage, calls, is_killed) -> None:
    keeper, copy = stage.put("a.jpg", b"photo"), stage.put("sub/b.jpg", b"photo")
    [change] = stage.carry_out(copy, keeper, Step(action="hardlink"))
    calls.clear()
    if is_killed:
        stage.points.clear()
        stage.stop_at = 2
        with contextlib.suppress(stage.stop):
            stage.actor.undo([change.id])
        assert stage.points[-1] == "exchanged"
        stage.reopen()
        calls.clear()
        stage.actor.recover()
    else:
        stage.actor.undo([change.id])

    first = calls[: calls.index(("removed", change.target.name))]
    assert ("synced", "sub") in first
    assert ("synced", change.target.parent.name) in first


def test_recovery_syncs_the_old_file_of_a_link_before_it_counts_as_put_away(stage, calls) -> None:
    keeper, copy = stage.put("a.jpg", b"photo"), stage.put("sub/b.jpg", b"photo")
    stage.carry_out(copy, keeper, Step(action="hardlink"))
    stage.stop_at = stage.points.index("after rename")
    other = stage.put("sub/c.jpg", b"photo")
    stage.points.clear()
    with contextlib.suppress(stage.stop):
        stage.carry_out(other, keeper, Step(action="hardlink"))
    assert stage.points[-1] == "after rename"
    stage.reopen()
    calls.clear()

    [change] = stage.actor.recover()

    first = calls[: calls.index(("synced", "manifest.jsonl"))]
    assert change.state is ChangeState.DONE
    assert ("synced", "sub") in first
    assert ("synced", change.target.parent.name) in first
