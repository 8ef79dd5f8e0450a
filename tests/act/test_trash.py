"""The desktop's trash: where it is, the note beside each file, and taking files out again."""

from __future__ import annotations

import configparser
import datetime
import os
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from pictrace.act import Trash
from pictrace.act.trash import note, note_of, place_in
from pictrace.model import ChangeState, Step

DONE, ABORTED, UNDONE = ChangeState.DONE, ChangeState.ABORTED, ChangeState.UNDONE
TRASH = Step(action="trash")
UID = os.getuid()


def read(path: Path) -> dict[str, str]:
    """Return a note as a file manager reads it."""
    parser = configparser.RawConfigParser()
    parser.optionxform = str
    parser.read_string(path.read_text("ascii"))
    return dict(parser["Trash Info"])


def put_away(stage, name: str = "b.jpg", **options: bool):
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put(name, b"copy")
    [*_, change] = stage.carry_out(copy, keeper, TRASH, **options)
    assert change.state is DONE, change.error
    return change


# -- where it is


def test_photos_of_the_homes_file_system_go_into_the_homes_trash(tmp_path) -> None:
    trash = Trash(home=tmp_path / "share/Trash", uid=7, mount_point=lambda _: Path("/"))
    (tmp_path / "share").mkdir()

    assert trash.folder_for(tmp_path) == tmp_path / "share/Trash"


@pytest.mark.parametrize(
    ("shared", "folder"),
    [
        (None, ".Trash-7"),
        (0o1777, ".Trash/7"),
        (0o777, ".Trash-7"),  # without the sticky bit anybody could take it away
        ("link", ".Trash-7"),
    ],
)
def test_of_another_file_system_the_trash_lies_at_its_top(tmp_path, shared, folder) -> None:
    top, root = tmp_path / "disk", tmp_path / "disk/photos"
    root.mkdir(parents=True)
    if shared == "link":
        (top / "elsewhere").mkdir(mode=0o1777)
        (top / ".Trash").symlink_to(top / "elsewhere")
    elif shared is not None:
        (top / ".Trash").mkdir()
        (top / ".Trash").chmod(shared)
    trash = Trash(home=tmp_path / "no such folder/Trash", uid=7, mount_point=lambda _: top)

    assert trash.folder_for(root) == top / folder


def test_only_a_trash_is_reached_from_outside_a_root(tmp_path) -> None:
    top = tmp_path / "disk"
    trash = Trash(home=tmp_path / "share/Trash", uid=7, mount_point=lambda path: top)

    assert trash.top_of(tmp_path / "share/Trash/files/a.jpg") == tmp_path / "share"
    assert trash.top_of(top / ".Trash-7/info/a.jpg.trashinfo") == top
    assert trash.top_of(top / ".Trash/7/files/a.jpg") == top
    for other in ("share/Trash/a.jpg", "disk/.Trash-8/files/a.jpg", "disk/.Trash/8/files/a.jpg", "disk/files/a.jpg"):
        assert trash.top_of(tmp_path / other) is None, other
    assert trash.top_of(top / "folder/.Trash-7/files/a.jpg") is None, "not at the top of a file system"


# -- the note


def test_a_note_says_whence_and_when(stage) -> None:
    change = put_away(stage, "Fotos/Größe 100%;\n.jpg")

    told = read(note_of(change.target))

    assert change.target.parent == stage.home / "Trash/files"
    assert unquote(told["Path"]) == str(change.source)
    assert told["Path"].isascii()
    when = datetime.datetime.fromisoformat(told["DeletionDate"]).astimezone()  # local time stands there
    assert abs(when.timestamp() - change.made_at) <= 1
    assert (stage.home / "Trash").stat().st_mode & 0o777 == 0o700


def test_a_name_that_is_no_text_is_told_byte_by_byte() -> None:
    source = Path(os.fsdecode(b"/disk/photos/\xff.jpg"))

    content = note(source, Path("/home/me/Trash/files/x"), Path("/home/me/Trash"), at=0.0)

    assert b"\nPath=/disk/photos/%FF.jpg\n" in content


@pytest.mark.parametrize("folder", ["/disk/.Trash-7", "/disk/.Trash/7"])
def test_at_the_top_of_a_disk_the_path_counts_from_there(folder) -> None:
    content = note(Path("/disk/photos/a.jpg"), place_in(Path(folder), "a.jpg"), Path("/home/me/Trash"), at=0.0)

    assert b"\nPath=photos/a.jpg\n" in content


def test_a_disk_of_its_own_has_its_own_trash(make_stage, other_disk) -> None:
    stage = make_stage(folder=other_disk)
    top = other_disk
    object.__setattr__(stage.world.trash, "home", Path("/no such folder/Trash"))
    object.__setattr__(stage.world.trash, "mount_point", lambda _: top)

    change = put_away(stage)

    assert change.target == top / f".Trash-{UID}/files/b.jpg"
    assert read(note_of(change.target))["Path"] == f"{stage.root.name}/b.jpg"
    stage.actor.undo([change.id])
    assert (stage.root / "b.jpg").read_bytes() == b"copy"


# -- names, companions, proofs


@pytest.mark.parametrize("taken", ["files/b.jpg", "info/b.jpg.trashinfo"])
def test_what_lies_in_the_trash_is_never_overwritten(stage, taken) -> None:
    path = stage.home / "Trash" / taken
    path.parent.mkdir(parents=True)
    path.write_bytes(b"somebody else's")

    change = put_away(stage)

    assert path.read_bytes() == b"somebody else's"
    assert change.target.name == "b~2.jpg"
    assert read(note_of(change.target))["Path"].endswith("/b.jpg")


def test_the_sidecar_goes_along_and_comes_back(stage) -> None:
    stage.put("b.jpg.xmp", b"<xmp/>")
    change = put_away(stage)
    assert sorted(path.name for path in (stage.home / "Trash/files").iterdir()) == ["b.jpg", "b.jpg.xmp"]

    stage.actor.undo([change.id])

    assert stage.tree().keys() == {"a.jpg", "b.jpg", "b.jpg.xmp"}
    assert not list((stage.home / "Trash/files").iterdir())
    assert not list((stage.home / "Trash/info").iterdir())


def test_without_a_living_keeper_nothing_goes_into_the_trash(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    keeper.path.unlink()

    [change] = stage.carry_out(copy, keeper, TRASH)

    assert change.state is ABORTED
    assert copy.path.read_bytes() == b"copy"
    assert not list(stage.home.rglob("*.trashinfo"))


def test_a_photo_in_the_trash_keeps_nothing(stage) -> None:
    inside = stage.home / "Trash/files/a.jpg"
    inside.parent.mkdir(parents=True)
    inside.write_bytes(b"keeper")
    object.__setattr__(stage.world, "root_of", lambda _: replace(stage.info, path=stage.root.parent))
    copy = stage.put("b.jpg", b"copy")

    [change] = stage.carry_out(copy, stage.row(inside), TRASH)

    assert (change.state, "keeps nothing" in change.error) == (ABORTED, True)
    assert copy.path.exists()


def test_a_trash_behind_a_link_is_not_used(stage) -> None:
    (stage.home / "elsewhere").mkdir()
    (stage.home / "Trash").symlink_to(stage.home / "elsewhere")
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")

    [change] = stage.carry_out(copy, keeper, TRASH)

    assert change.state is ABORTED
    assert copy.path.exists()
    assert not list((stage.home / "elsewhere").rglob("*"))


def test_a_trash_on_another_disk_takes_nothing(make_stage, other_disk) -> None:
    stage = make_stage()
    object.__setattr__(stage.world.trash, "home", other_disk / "Trash")
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    # The trash of the root's own disk is then at its top, which a test may name: here a folder of another disk.
    object.__setattr__(stage.world.trash, "mount_point", lambda _: other_disk)

    [change] = stage.carry_out(copy, keeper, TRASH)

    assert change.state is ABORTED
    assert copy.path.read_bytes() == b"copy"
    assert not [path for path in other_disk.rglob("*") if path.is_file()], "neither a copy nor a note"


# -- taking back


def test_undo_says_that_the_trash_was_emptied(stage) -> None:
    change = put_away(stage)
    change.target.unlink()
    note_of(change.target).unlink()

    [undo] = stage.actor.undo([change.id])

    assert undo.state is ABORTED
    assert "emptied" in undo.error


def test_undo_leaves_the_note_of_another_file_alone(stage) -> None:
    change = put_away(stage)
    other = note_of(change.target)
    other.write_text("[Trash Info]\nPath=/somebody/else.jpg\nDeletionDate=2026-01-01T00:00:00\n")

    stage.actor.undo([change.id])

    assert "somebody" in other.read_text()


def test_what_stays_for_a_photo_in_the_trash_stays_until_it_is_emptied(stage) -> None:
    change = put_away(stage)
    keeper, better = stage.row(stage.root / "a.jpg"), stage.put("best.jpg", b"best")

    [held] = stage.carry_out(keeper, better, TRASH)
    change.target.unlink()
    [gone] = stage.carry_out(keeper, better, TRASH)

    assert (held.state, "lies in the trash" in held.error) == (ABORTED, True)
    assert gone.state is DONE


def test_the_brake_counts_the_trash(stage) -> None:
    put_away(stage)

    assert stage.journal.brake.count_acts("root-1", stage.world.monotonic()) == 1


def test_a_folder_that_is_not_used_as_a_trash_is_told_of_once(tmp_path, caplog) -> None:
    (tmp_path / "disk/photos").mkdir(parents=True)
    (tmp_path / "disk/.Trash").mkdir()
    trash = Trash(home=tmp_path / "no such folder/Trash", uid=7, mount_point=lambda _: tmp_path / "disk")

    for _ in range(3):
        trash.folder_for(tmp_path / "disk/photos")

    assert len(caplog.records) == 1


class NotAsked(Trash):
    """A trash that nobody may ask for."""

    def folder_for(self, root: Path) -> Path:
        raise AssertionError(root)


@pytest.mark.parametrize("step", [Step(action="quarantine"), Step(action="tag", options={"tags": ["x"]})])
def test_no_other_action_looks_for_the_trash(stage, step) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    trash = NotAsked(home=stage.home / "Trash", uid=UID, mount_point=lambda _: stage.root.parent)
    object.__setattr__(stage.world, "trash", trash)

    [change] = stage.carry_out(copy, keeper, step)

    assert change.state is DONE
