"""A duplicate shares its keeper's data: `hardlink` and `reflink`, stopped, spoiled and taken back."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pictrace.act import QuarantineKeeper
from pictrace.act.changes import renaming
from pictrace.model import ChangeState, Step

DONE, ABORTED, UNDONE, PUZZLING = (
    ChangeState.DONE,
    ChangeState.ABORTED,
    ChangeState.UNDONE,
    ChangeState.NEEDS_ATTENTION,
)
CONTENT = b"one photo " * 5_000
HARD, SOFT = Step(action="hardlink"), Step(action="reflink")


@pytest.fixture(scope="module")
def clone_disk() -> Iterator[Path]:
    """Return a folder on a file system that shares data between files, in an image of its own."""
    if os.geteuid() != 0 or shutil.which("mkfs.btrfs") is None or not Path("/dev/loop-control").exists():
        pytest.skip("reflinks are not tried: that needs root, mkfs.btrfs (Debian: btrfs-progs) and loop devices")
    with tempfile.TemporaryDirectory() as scratch:
        image, folder = Path(scratch) / "image", Path(scratch) / "disk"
        folder.mkdir()
        with image.open("wb") as file:
            file.truncate(128 * 2**20)
        subprocess.run(["mkfs.btrfs", "-q", image], check=True)
        mounted = subprocess.run(["mount", "-o", "loop", image, folder], capture_output=True, check=False)
        if mounted.returncode != 0:
            pytest.skip(f"reflinks are not tried: {mounted.stderr.decode().strip()}")
        try:
            yield folder
        finally:
            subprocess.run(["umount", folder], check=True)


@pytest.fixture
def make(make_stage: Callable, request: pytest.FixtureRequest, step: Step) -> Callable:
    """Return a function that makes a stage where the step can be done."""
    disk = request.getfixturevalue("clone_disk") if step is SOFT else None

    def made():
        if disk is None:
            return make_stage()
        return make_stage(folder=Path(tempfile.mkdtemp(dir=disk)))

    return made


both = pytest.mark.parametrize("step", [HARD, SOFT], ids=lambda step: step.action)


def fill(stage) -> tuple[Path, Path]:
    keeper, copy = stage.put("a.jpg", CONTENT).path, stage.put("sub/b.jpg", CONTENT).path
    os.utime(keeper, ns=(1, 10**18))
    os.utime(copy, ns=(1, 2 * 10**18 + 7))
    copy.chmod(0o640)
    os.setxattr(copy, "user.rating", b"5")
    return keeper, copy


def link(stage, step: Step) -> list:
    return stage.carry_out(stage.row(stage.root / "sub/b.jpg"), stage.row(stage.root / "a.jpg"), step)


def look(path: Path) -> tuple[bytes, int, int, bytes]:
    status = path.stat()
    return path.read_bytes(), status.st_mtime_ns, status.st_mode, os.getxattr(path, "user.rating")


def whole(stage) -> list[Path]:
    """Return every file that holds the photo, its place in quarantine included."""
    return [path for path in stage.root.rglob("*") if path.is_file() and path.read_bytes() == CONTENT]


def shares_data(first: Path, second: Path) -> bool:
    """Return whether the first extents of two files lie at one place on the disk."""
    places = []
    for path in (first, second):
        told = subprocess.run(["filefrag", "-v", path], capture_output=True, text=True, check=True).stdout
        places.append(next(line.split(":")[2] for line in told.splitlines() if line.strip().startswith("0:")))
    return places[0] == places[1]


@both
def test_the_name_stays_and_its_old_file_lies_in_quarantine(make, step) -> None:
    stage = make()
    keeper, copy = fill(stage)
    before = look(copy)

    [change] = link(stage, step)

    assert change.state is DONE, change.error
    assert copy.read_bytes() == CONTENT
    assert look(change.target) == before
    assert stage.journal.quarantined() == [change]
    assert stage.tree().keys() == {"a.jpg", "sub/b.jpg"}
    assert os.path.samefile(keeper, copy) == (step is HARD)


def test_a_reflink_has_the_looks_of_the_old_file_and_the_data_of_the_keeper(clone_disk, make_stage) -> None:
    stage = make_stage(folder=Path(tempfile.mkdtemp(dir=clone_disk)))
    keeper, copy = fill(stage)
    before = look(copy)
    subprocess.run(["sync", "-f", keeper], check=True)
    assert not shares_data(keeper, copy)

    link(stage, SOFT)

    assert look(copy) == before
    subprocess.run(["sync", "-f", keeper], check=True)
    assert shares_data(keeper, copy)
    copy.write_bytes(b"edited")
    assert keeper.read_bytes() == CONTENT


@both
def test_undo_gives_back_the_very_file(make, step) -> None:
    stage = make()
    keeper, copy = fill(stage)
    before, inode = look(copy), copy.stat().st_ino
    [change] = link(stage, step)

    [undo] = stage.actor.undo([change.id])

    assert (undo.state, undo.error) == (DONE, None)
    assert (look(copy), copy.stat().st_ino) == (before, inode)
    assert sorted(whole(stage)) == [keeper, copy]
    assert keeper.stat().st_nlink == 1


@both
@pytest.mark.parametrize("word", ["before exchange", "exchanged", "before twin removed"])
def test_what_is_written_into_a_twin_while_it_is_taken_back_comes_beside(make, step, word) -> None:
    stage = make()
    keeper, copy = fill(stage)
    [change] = link(stage, step)
    keeper.unlink()  # the twin is the last name of that file
    with copy.open("r+b", buffering=0) as file:
        stage.at(word, lambda: file.write(b"EDITED"))
        [undo] = stage.actor.undo([change.id])

    assert undo.state is DONE
    assert "what was written is in" in undo.error
    assert copy.read_bytes() == CONTENT
    assert copy.with_name("b~restored-1.jpg").read_bytes() == b"EDITED" + CONTENT[6:]


@both
def test_an_undo_that_is_taken_back_links_again(make, step) -> None:
    stage = make()
    fill(stage)
    [undo] = stage.actor.undo([link(stage, step)[0].id])

    [again] = stage.actor.undo([undo.id])

    assert (again.kind.value, again.state) == (step.action, DONE)
    assert len(whole(stage)) == 3


@both
def test_a_stop_at_any_write_leaves_both_photos_whole(make, step) -> None:
    def run(stage) -> None:
        fill(stage)
        stage.actor.undo([link(stage, step)[0].id])

    rehearsal = make()
    run(rehearsal)
    points = len(rehearsal.points)
    assert points > 12

    for number in range(points):
        stage = make()
        stage.stop_at = number
        with contextlib.suppress(stage.stop):
            run(stage)
        where = f"stopped at {stage.points[number]} ({number})"
        assert {stage.root / "a.jpg", stage.root / "sub/b.jpg"} <= set(whole(stage)), where
        stage.reopen()
        stage.actor.recover()
        once = (stage.tree(), [(c.id, c.state) for c in stage.journal.changes()])
        stage.reopen()
        stage.actor.recover()

        assert (stage.tree(), [(c.id, c.state) for c in stage.journal.changes()]) == once, where
        assert all(one.state in (DONE, ABORTED, UNDONE) for one in stage.journal.changes()), where
        assert not list(stage.root.rglob("*.tmp")), where
        held = stage.journal.quarantined()
        assert len(whole(stage)) == 2 + len(held), where
        stage.actor.undo(stage.actor.undoable())
        assert sorted(whole(stage)) == [stage.root / "a.jpg", stage.root / "sub/b.jpg"], where
        assert look(stage.root / "sub/b.jpg")[1:] == (2 * 10**18 + 7, 0o100640, b"5"), where


@both
@pytest.mark.parametrize("moment", ["planned", "linking written", "twin noted", "before exchange"])
def test_what_another_program_saves_in_that_moment_stays(make, step, moment) -> None:
    stage = make()
    keeper, copy = fill(stage)

    def save(word: str) -> None:
        if word == moment:
            new = copy.with_name("new")
            new.write_bytes(b"what a person saved")
            new.rename(copy)

    object.__setattr__(stage.world, "checkpoint", save)
    [change] = link(stage, step)

    assert change.state is ABORTED
    assert copy.read_bytes() == b"what a person saved"
    assert keeper.read_bytes() == CONTENT
    assert not list(stage.root.rglob("*.tmp"))


@both
def test_what_is_written_into_the_photo_in_that_moment_stays_at_its_place(make, step) -> None:
    stage = make()
    _, copy = fill(stage)

    def write(word: str) -> None:
        if word == "before exchange":
            copy.write_bytes(b"written in place")

    object.__setattr__(stage.world, "checkpoint", write)
    [change] = link(stage, step)

    assert change.state is ABORTED
    assert copy.read_bytes() == b"written in place"
    assert not list(stage.root.rglob("*.tmp"))


@both
@pytest.mark.parametrize("moment", ["before exchange", "exchanged"])
def test_a_stop_beside_another_programs_save_loses_neither(make, step, moment) -> None:
    stage = make()
    keeper, copy = fill(stage)

    def save_and_stop(word: str) -> None:
        if word == "before exchange":
            new = copy.with_name("new")
            new.write_bytes(b"what a person saved")
            new.rename(copy)
        if word == moment:
            raise stage.stop(word)

    object.__setattr__(stage.world, "checkpoint", save_and_stop)
    with pytest.raises(stage.stop):
        link(stage, step)
    stage.reopen()
    stage.actor.recover()

    assert copy.read_bytes() == b"what a person saved"
    assert keeper.read_bytes() == CONTENT
    assert not list(stage.root.rglob("*.tmp"))


def test_photos_that_differ_in_a_byte_share_nothing(stage) -> None:
    keeper, copy = stage.put("a.jpg", CONTENT), stage.put("b.jpg", CONTENT[:-1] + b"!")

    [change] = stage.carry_out(copy, keeper, HARD)

    assert change.state is ABORTED
    assert "bytes are not those" in change.error
    assert not keeper.path.samefile(copy.path)


def test_two_names_of_one_file_are_left_alone(stage) -> None:
    keeper, copy = stage.put("a.jpg", CONTENT), stage.put("b.jpg", b"")
    copy.path.unlink()
    os.link(keeper.path, copy.path)

    [change] = stage.carry_out(stage.row(copy.path), stage.row(keeper.path), HARD)

    assert change.state is ABORTED
    assert not list((stage.root / ".pictrace").rglob("*.jpg"))


def test_without_the_exchange_of_names_nothing_is_done(stage, monkeypatch) -> None:
    keeper, copy = fill(stage)
    monkeypatch.setattr(renaming, "_renameat2", lambda: None)

    [change] = link(stage, HARD)

    assert (change.state, "cannot have two names" in change.error) == (ABORTED, True)
    assert keeper.stat().st_nlink == copy.stat().st_nlink == 1
    assert not list(stage.root.rglob("*.tmp"))


def test_a_file_system_that_cannot_share_data_is_told(make_stage, other_disk) -> None:
    stage = make_stage(folder=other_disk)  # in memory: it has no reflinks
    _, copy = fill(stage)
    before = look(copy)

    [change] = link(stage, SOFT)

    assert change.state is ABORTED
    assert "cannot share data" in change.error
    assert look(copy) == before
    assert not list(stage.root.rglob("*.tmp"))


def test_with_a_quarantine_on_another_disk_nothing_is_linked(make_stage, other_disk) -> None:
    stage = make_stage(quarantine=other_disk)
    keeper, copy = fill(stage)

    [change] = link(stage, HARD)

    assert (change.state, "not on one file system" in change.error) == (ABORTED, True)
    assert not keeper.samefile(copy)


@both
def test_a_name_that_was_edited_since_is_not_taken_away_by_undo(make, step) -> None:
    stage = make()
    keeper, copy = fill(stage)
    before = look(copy)
    [change] = link(stage, step)
    copy.unlink()
    copy.write_bytes(b"edited")

    [undo] = stage.actor.undo([change.id])

    assert (undo.state, undo.details["beside"]) == (DONE, True)
    assert copy.read_bytes() == b"edited"
    assert look(stage.root / "sub/b~restored.jpg") == before
    assert keeper.read_bytes() == CONTENT


def test_the_old_file_is_purged_only_while_the_photo_lives(stage) -> None:
    keeper, copy = fill(stage)
    [change] = link(stage, HARD)
    living = [stage.row(keeper)]
    room = QuarantineKeeper(stage.world, stage.journal, lambda wanted: living)

    room.purge(change)

    assert whole(stage) == [keeper, copy]
    assert change.id not in stage.actor.undoable()


def test_recovery_leaves_the_twin_where_what_came_back_was_changed(stage) -> None:
    _, copy = fill(stage)
    [change] = link(stage, HARD)
    stage.points.clear()
    stage.stop_at = 2
    with contextlib.suppress(stage.stop):
        stage.actor.undo([change.id])
    assert stage.points[-1] == "exchanged"
    copy.write_bytes(b"edited in place")
    stage.reopen()

    [undo] = stage.actor.recover()

    assert undo.state is PUZZLING
    assert change.target.read_bytes() == CONTENT
    assert copy.read_bytes() == b"edited in place"
