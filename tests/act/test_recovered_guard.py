"""What lost its keeper while PicTrace was stopped stays, and so does what would be the last after a purge."""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace

import pytest

from pictrace.act import QuarantineKeeper
from pictrace.act.changes import renaming
from pictrace.act.guard import is_one_file
from pictrace.errors import ActError
from pictrace.model import ChangeState, Role

from .namespaces import run_unshared  # type: ignore[import-not-found]


def stopped_at(stage, word: str, *, step=None) -> tuple:
    """Put a copy away, and end the process at the first checkpoint of that name after the copy was noted."""
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("sub/b.jpg", b"copy")
    probe = stage._checkpoint

    def checkpoint(at: str) -> None:
        probe(at)
        if at == word and ("copy noted" in stage.points or word == "linked"):
            raise stage.stop(at)

    stage._checkpoint = checkpoint
    stage.reopen()
    with contextlib.suppress(stage.stop):
        stage.carry_out(copy, keeper)
    assert stage.points[-1] == word
    stage._checkpoint = probe
    return keeper, copy


@pytest.mark.parametrize("word", ["copy noted", "after rename", "after fsync", "copy named", "copied written"])
def test_a_copy_whose_keeper_went_while_stopped_is_taken_back(make_stage, other_disk, word) -> None:
    stage = make_stage(quarantine=other_disk)
    keeper, copy = stopped_at(stage, word)
    keeper.path.unlink()

    stage.reopen()
    [change] = stage.actor.recover()

    assert change.state is ChangeState.ABORTED
    assert change.error.startswith("stopped before it was carried out")
    assert copy.path.read_bytes() == b"copy"
    assert not list(other_disk.rglob("*.jpg")) + list(other_disk.rglob("*.tmp"))
    assert stage.actor.recover() == []


@pytest.mark.parametrize("word", ["copy named", "copied written"])
def test_a_copy_whose_keeper_lives_is_finished(make_stage, other_disk, word) -> None:
    stage = make_stage(quarantine=other_disk)
    _, copy = stopped_at(stage, word)

    stage.reopen()
    [change] = stage.actor.recover()

    assert change.state is ChangeState.DONE
    assert not copy.path.exists()
    assert change.target.read_bytes() == b"copy"


def test_a_copy_is_finished_where_the_disk_has_another_number_after_a_new_start(make_stage, other_disk) -> None:
    stage = make_stage(quarantine=other_disk)
    _, copy = stopped_at(stage, "copied written")
    stage.reopen()
    [change] = stage.journal.open_changes()
    stage.journal.advance(change.id, change.state, key=replace(change.key, dev=change.key.dev + 1))

    [change] = stage.actor.recover()

    assert change.state is ChangeState.DONE
    assert not copy.path.exists()


def test_a_second_name_whose_keeper_went_while_stopped_is_taken_back(stage, monkeypatch) -> None:
    monkeypatch.setattr(renaming, "_renameat2", lambda: None)
    keeper, copy = stopped_at(stage, "linked")
    keeper.path.write_bytes(b"edited")

    stage.reopen()
    [change] = stage.actor.recover()

    assert change.state is ChangeState.ABORTED
    assert copy.path.read_bytes() == b"copy"
    assert copy.path.stat().st_nlink == 1
    assert not list((stage.root / ".pictrace/quarantine").rglob("*.jpg"))


def test_recovery_takes_no_file_away_that_it_did_not_make(make_stage, other_disk) -> None:
    stage = make_stage(quarantine=other_disk)
    keeper, copy = stopped_at(stage, "copied written")
    keeper.path.unlink()
    [inside] = other_disk.rglob("*.jpg")
    inside.rename(inside.with_name("kept"))  # holds the inode, so that no other file gets its number
    inside.write_bytes(b"copy")

    stage.reopen()
    [change] = stage.actor.recover()

    assert change.state is ChangeState.NEEDS_ATTENTION
    assert copy.path.read_bytes() == inside.read_bytes() == b"copy"


def test_a_copy_is_taken_back_where_its_original_cannot_be_removed(make_stage, other_disk, monkeypatch) -> None:
    stage = make_stage(quarantine=other_disk)
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    unlink = os.unlink

    def refusing(name, *, dir_fd=None) -> None:
        if name == "b.jpg":
            raise PermissionError(1, "Operation not permitted")
        unlink(name, dir_fd=dir_fd)

    monkeypatch.setattr(os, "unlink", refusing)
    [change] = stage.carry_out(copy, keeper)

    assert change.state is ChangeState.ABORTED
    assert change.error == "Operation not permitted (errno 1)"
    assert copy.path.read_bytes() == b"copy"
    assert not list(other_disk.rglob("*.jpg"))


def test_purging_counts_no_keeper_in_an_archive(stage) -> None:
    keeper, copy = stage.put("old/a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    [change] = stage.carry_out(copy, keeper)
    archive = replace(stage.info, identity="archive", path=stage.root / "old", role=Role.ARCHIVE)
    world = replace(stage.world, root_of=lambda path: archive if "old" in path.parts else stage.info)
    room = QuarantineKeeper(world, stage.journal, lambda _: [keeper])

    with pytest.raises(ActError, match="is not there any more"):
        room.purge(stage.journal.change(change.id))

    assert change.target.read_bytes() == b"copy"


@pytest.mark.parametrize("how", ["other", "link", "quarantined"])
def test_purging_counts_no_keeper_that_is_not_a_photo_of_its_own(stage, how) -> None:
    keeper, copy = stage.put("a.jpg", b"photo"), stage.put("b.jpg", b"photo")
    [change] = stage.carry_out(copy, keeper)
    if how == "other":
        keeper.path.write_bytes(b"PHOTO")
    elif how == "link":
        keeper.path.unlink()
        os.link(change.target, keeper.path)
    else:
        inside = change.target.with_name("a.jpg")
        keeper.path.rename(inside)
        keeper = stage.row(inside)
    room = QuarantineKeeper(stage.world, stage.journal, lambda _: [keeper])

    with pytest.raises(ActError, match="is not there any more"):
        room.purge(stage.journal.change(change.id))

    assert change.target.read_bytes() == b"photo"


_MOUNTED = """
stage = Stage(root=folders[0] / "root", state=folders[0] / "state")
(stage.root / "in").mkdir()
mount("-t", "tmpfs", "none", stage.root / "in")
keeper, copy = stage.put("in/a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
[change] = stage.carry_out(copy, keeper)
print(change.state.value, change.error)
"""


def test_a_keeper_on_a_disk_that_is_mounted_inside_the_root_keeps_nothing(tmp_path) -> None:
    told = run_unshared(_MOUNTED, tmp_path)

    assert told.startswith("aborted")
    assert "another file system" in told


_TWICE = """
stage = Stage(root=folders[0] / "root", state=folders[0] / "state")
keeper = stage.put("a.jpg", b"photo")
mount("--bind", keeper.path.parent, folders[1])
(stage.root / "in").mkdir()
mount("--bind", stage.root, stage.root / "in")
[change] = stage.carry_out(stage.row(stage.root / "in/a.jpg"), keeper)
print(change.state.value, change.error)
print(sorted(path.name for path in stage.root.iterdir()))
"""


def test_i2_a_file_under_a_bind_mount_of_its_folder_is_no_copy(tmp_path) -> None:
    (tmp_path / "second").mkdir()

    told = run_unshared(_TWICE, tmp_path, tmp_path / "second").splitlines()

    assert told[0].startswith("aborted")
    assert "same file as its keeper" in told[0]
    assert "'a.jpg'" in told[1]


def _status(**values: int) -> os.stat_result:
    known = {"st_ino": 7, "st_dev": 1, "st_size": 9, "st_mtime_ns": 5, "st_ctime_ns": 6} | values
    return os.stat_result(
        (0o100644, known["st_ino"], known["st_dev"], 1, 0, 0, known["st_size"], 0, 0, 0),
        {"st_mtime_ns": known["st_mtime_ns"], "st_ctime_ns": known["st_ctime_ns"]},
    )


@pytest.mark.parametrize(
    ("other", "is_one"),
    [
        ({}, True),
        ({"st_dev": 2}, True),
        ({"st_ctime_ns": 7}, True),
        ({"st_dev": 2, "st_ctime_ns": 7}, False),
        ({"st_dev": 2, "st_mtime_ns": 7}, False),
        ({"st_dev": 2, "st_size": 7}, False),
        ({"st_ino": 8}, False),
    ],
)
def test_a_file_seen_through_two_mounts_is_one(other, is_one) -> None:
    assert is_one_file(_status(), _status(**other)) is is_one
