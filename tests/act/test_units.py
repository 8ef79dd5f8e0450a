"""All that belongs to a photo goes, stays and comes back as one: videos, RAW and JPEG, shared sidecars."""

from __future__ import annotations

import contextlib
import os
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pictrace.act import QuarantineKeeper, restore_from_manifest
from pictrace.errors import ActError
from pictrace.model import Change, ChangeState, Member, Metadata, Plan, Step

from .conftest import MATCH  # type: ignore[import-not-found]
from .sheets import sheet  # type: ignore[import-not-found]

DONE, ABORTED, UNDONE = ChangeState.DONE, ChangeState.ABORTED, ChangeState.UNDONE
MOVE, QUARANTINE = Step(action="move", options={"to": "Copies"}), Step(action="quarantine")
SUFFIXES = (".aae", ".jpg", ".jpg.json", ".jpg.xmp", ".mov", ".nef")


def box(kind: bytes, *inside: bytes) -> bytes:
    content = b"".join(inside)
    return struct.pack(">I4s", 8 + len(content), kind) + content


def live_video(identifier: bytes) -> bytes:
    keys = box(b"keys", struct.pack(">II", 0, 1), box(b"mdta", b"com.apple.quicktime.content.identifier"))
    items = box(b"ilst", box(struct.pack(">I", 1), box(b"data", struct.pack(">II", 1, 0), identifier)))
    return box(b"ftyp", b"qt  ") + box(b"moov", box(b"meta", keys, items))


def said(identifier: str) -> Metadata:
    return Metadata(width_pixels=6, height_pixels=4, format="heic", content_identifier=identifier)


class Unit:
    """A photo with its RAW, video and notes in `copy/`, and the same beside the photo that stays in `kept/`."""

    def __init__(self, stage) -> None:
        self.stage = stage
        self.keeper, self.photo = self.fill("kept"), self.fill("copy")
        self.raw = stage.row(stage.root / "copy/b.nef")
        self.member = Member(photo=self.raw, keeper=stage.row(stage.root / "kept/b.nef"))

    def fill(self, folder: str):
        for suffix in SUFFIXES:
            path = self.stage.put(f"{folder}/b{suffix}", f"content of b{suffix}".encode()).path
            os.utime(path, ns=(10**18, 10**18))
        return self.stage.row(self.stage.root / folder / "b.jpg")

    def go(self, step: Step = QUARANTINE) -> list[Change]:
        plan = Plan(
            rule="test",
            steps=(step,),
            keeper=self.keeper.path,
            duplicate=self.photo.path,
            keeper_reason="test",
            members=(self.member,),
        )
        self.stage.actor.carry_out(plan, duplicate=self.photo, keeper=self.keeper, match=MATCH, finding="{}")
        return self.stage.journal.changes()[::-1]

    def left(self) -> set[str]:
        return {path.name for path in (self.stage.root / "copy").iterdir()}


@pytest.fixture
def memory_disk() -> Iterator[Path]:
    """A folder in memory, where there is one: the many runs are quick there."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
def unit(stage) -> Unit:
    return Unit(stage)


WHOLE = {f"b{suffix}" for suffix in SUFFIXES}


@pytest.mark.parametrize("step", [MOVE, QUARANTINE], ids=lambda step: step.action)
def test_all_that_belongs_to_a_photo_goes_and_comes_back_with_it(stage, unit, step) -> None:
    before = stage.tree()

    changes = unit.go(step)

    assert [change.state for change in changes] == [DONE] * 6
    assert unit.left() == set()
    stage.actor.undo([changes[2].id])
    assert stage.tree() == before


def test_names_go_together_where_one_is_taken(stage, unit) -> None:
    stage.put("Copies/b.mov", b"somebody else's")

    unit.go(MOVE)

    assert {path.name for path in (stage.root / "Copies").iterdir()} == {
        "b.mov",
        *(f"b~2{suffix}" for suffix in SUFFIXES),
    }


def test_names_go_together_where_a_place_is_taken_at_home(stage, unit) -> None:
    changes = unit.go()
    stage.put("copy/b.mov", b"a new one")

    stage.actor.undo([change.id for change in changes])

    assert unit.left() == {"b.mov", *(f"b~restored{suffix}" for suffix in SUFFIXES)}


def test_an_undo_of_a_unit_can_be_taken_back_and_that_again(stage, unit) -> None:
    before = stage.tree()
    changes = unit.go()
    for _ in range(2):
        undos = stage.actor.undo([changes[0].id])
        assert stage.tree() == before
        changes = stage.actor.undo([undos[-1].id])
        assert [change.state for change in changes] == [DONE] * 6
        assert unit.left() == set()


def test_a_unit_that_came_back_beside_its_place_goes_and_comes_again_as_one(stage, unit) -> None:
    changes = unit.go()
    stage.put("copy/b.jpg", b"a new one")
    undos = stage.actor.undo([changes[0].id])

    changes = stage.actor.undo([undos[0].id])

    assert unit.left() == {"b.jpg"}
    stage.actor.undo([changes[0].id])
    assert unit.left() == {"b.jpg", *(f"b~restored{suffix}" for suffix in SUFFIXES)}


@pytest.mark.parametrize("name", ["kept/b.nef", "kept/b.jpg"])
def test_where_a_keeper_is_gone_nothing_of_the_unit_goes(stage, unit, name) -> None:
    (stage.root / name).unlink()
    before = stage.tree()

    changes = unit.go()

    assert stage.tree() == before
    assert DONE not in {change.state for change in changes if change.kind.value == "quarantine"}


@pytest.mark.parametrize("name", ["b.mov", "b.nef", "b.aae"])
def test_where_one_member_changes_at_the_last_moment_none_goes(stage, unit, name) -> None:
    path = stage.root / "copy" / name
    stage.at("planned", lambda: path.write_bytes(b"another content now"))

    unit.go()

    assert unit.left() == WHOLE


def test_a_raw_is_proved_by_its_own_keeper_and_pins_it(stage, unit) -> None:
    changes = unit.go()

    [raw] = [change for change in changes if change.source == unit.raw.path]

    assert raw.keeper == stage.root / "kept/b.nef"
    assert [change.id for change in stage.journal.kept_for(raw.content_hash)] == [raw.id]


def test_a_raw_that_is_no_member_of_the_plan_stays(stage) -> None:
    keeper, photo = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("b.nef", b"raw")

    stage.carry_out(photo, keeper)

    assert "b.nef" in stage.tree()


def test_what_a_photo_that_stays_needs_as_well_stays_with_it(stage) -> None:
    keeper, photo = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    for name in ("b.png", "b.xmp", "b.mov", "b.jpg.xmp"):
        stage.put(name, b"of " + name.encode())

    stage.carry_out(photo, keeper)

    assert set(stage.tree()) == {"a.jpg", "b.png", "b.xmp", "b.mov"}


@pytest.mark.parametrize(("hint", "goes"), [("jpg", True), ("PNG", False), ("CR2", False)])
def test_a_sidecar_that_names_the_ending_of_its_photo_goes_with_that_one(stage, hint, goes) -> None:
    keeper, photo = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("b.png", b"another picture")
    photoshop = 'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
    stage.put("b.xmp", sheet(f'<rdf:Description {photoshop} photoshop:SidecarForExtension="{hint}"/>'))

    stage.carry_out(photo, keeper)

    assert ("b.xmp" not in stage.tree()) is goes


@pytest.mark.parametrize(("identifier", "goes"), [(b"A-1", True), (b"B-2", False)])
def test_a_video_goes_only_with_the_still_that_has_its_identifier(stage, identifier, goes) -> None:
    keeper, photo = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("b.mov", live_video(identifier))
    stage.metadata[photo.content_hash] = said("A-1")

    stage.carry_out(photo, keeper)

    assert ("b.mov" not in stage.tree()) is goes


def test_a_video_of_another_name_is_known_by_its_identifier(stage) -> None:
    keeper, photo = stage.put("kept/a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("trip.mov", live_video(b"A-1"))
    stage.put("other.mov", live_video(b"B-2"))
    stage.metadata[photo.content_hash] = said("A-1")

    stage.carry_out(photo, keeper)

    assert set(stage.tree()) == {"kept/a.jpg", "other.mov"}


def test_a_video_of_that_name_from_another_day_stays(stage) -> None:
    keeper, photo = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    video = stage.put("b.mov", b"a film")
    os.utime(video.path, ns=(10**18, 10**18))

    stage.carry_out(photo, keeper)

    assert "b.mov" in stage.tree()


def test_a_video_that_is_nowhere_else_is_not_purged_and_neither_is_its_photo(stage, unit) -> None:
    changes = unit.go()
    (stage.root / "kept/b.mov").write_bytes(b"another film")
    room = QuarantineKeeper(stage.world, stage.journal, lambda _: [unit.keeper])

    for change in (changes[-1], next(one for one in changes if one.source.suffix == ".mov")):
        with pytest.raises(ActError):
            room.purge(change)
        assert change.target.exists()


@pytest.fixture
def original(stage, unit) -> tuple[Change, Change]:
    """The changes that put a photo away and exiftool's `_original` with it, which is a photo of its own."""
    path = stage.put("copy/b.jpg_original", b"the one before exiftool wrote").path
    gone = {change.source: change for change in unit.go()}
    return gone[unit.photo.path], gone[path]


def test_an_original_that_is_nowhere_else_is_not_purged_and_neither_is_its_photo(stage, unit, original) -> None:
    stage.put("kept/b.jpg_original", b"another one")
    room = QuarantineKeeper(
        stage.world, stage.journal, lambda wanted: [unit.keeper] if wanted == unit.keeper.content_hash else []
    )

    for change in original:
        with pytest.raises(ActError):
            room.purge(change)
        assert change.target.exists()


def test_an_original_whose_copy_went_after_its_photo_was_purged_stays(stage, unit, original) -> None:
    copy = stage.put("kept/b.jpg_original", b"the one before exiftool wrote").path
    room = QuarantineKeeper(
        stage.world, stage.journal, lambda wanted: [unit.keeper] if wanted == unit.keeper.content_hash else []
    )
    photo, taken_along = original
    room.purge(photo)
    copy.unlink()

    with pytest.raises(ActError, match="this original is not beside"):
        room.purge(taken_along)

    assert taken_along.target.exists()


@pytest.mark.parametrize("place", ["kept/b.jpg_original", "elsewhere.jpg"])
def test_an_original_that_lives_elsewhere_is_purged(stage, unit, original, place) -> None:
    there = stage.put(place, b"the one before exiftool wrote")
    rows = {row.content_hash: [row] for row in (unit.keeper, there)}
    room = QuarantineKeeper(stage.world, stage.journal, lambda wanted: rows.get(wanted, []))

    for change in original:
        room.purge(change)

    assert not any(change.target.exists() for change in original)


def test_a_whole_unit_is_purged_while_all_of_it_lives_elsewhere(stage, unit) -> None:
    unit.go()
    rows = {row.content_hash: row for row in (unit.keeper, unit.member.keeper)}
    room = QuarantineKeeper(stage.world, stage.journal, lambda wanted: [rows[wanted]])

    for change, _ in room.ages():
        room.purge(change)

    inside = (stage.root / ".pictrace/quarantine").rglob("*")
    assert [path.name for path in inside if path.is_file()] == ["manifest.jsonl"]
    assert unit.left() == set()


def test_a_raw_without_its_own_keeper_is_not_purged(stage, unit) -> None:
    changes = unit.go()
    (stage.root / "kept/b.nef").unlink()
    room = QuarantineKeeper(
        stage.world, stage.journal, lambda wanted: [unit.keeper] if wanted == unit.keeper.content_hash else []
    )
    room.purge(changes[-1])
    [raw] = [change for change in changes if change.source == unit.raw.path]

    with pytest.raises(ActError):
        room.purge(raw)

    assert raw.target.exists()


def test_a_unit_comes_home_by_the_manifest_alone(stage, unit) -> None:
    before = stage.tree()
    unit.go()

    results = restore_from_manifest(stage.root, stage.root / ".pictrace/quarantine", wall_clock=lambda: 0.0)

    assert [one.error for one in results] == [None] * 6
    assert stage.tree() == before


def test_by_the_manifest_nothing_of_a_unit_comes_home_where_one_place_is_taken(stage, unit) -> None:
    unit.go()
    stage.put("copy/b.mov", b"a new one")

    results = restore_from_manifest(stage.root, stage.root / ".pictrace/quarantine", wall_clock=lambda: 0.0)

    assert all(one.error for one in results)
    assert unit.left() == {"b.mov"}


def test_companions_stay_away_where_their_photo_cannot_come_back(stage, unit) -> None:
    changes = unit.go()
    changes[-1].target.unlink()

    stage.actor.undo([change.id for change in changes])

    assert unit.left() == set()


def test_a_unit_that_is_stopped_at_any_write_is_whole_at_one_place(make_stage, memory_disk) -> None:
    whole = make_stage(folder=memory_disk)
    changes = Unit(whole).go()
    whole.actor.undo([changes[-1].id])
    for number in range(len(whole.points)):
        stage = make_stage(folder=memory_disk)
        unit = Unit(stage)
        before = stage.tree()
        stage.stop_at = number
        with contextlib.suppress(stage.stop):
            stage.actor.undo([unit.go()[-1].id])
        stage.reopen()
        stage.actor.recover()

        where = f"stopped at write {number}, {whole.points[number]}"
        assert unit.left() in (set(), WHOLE), where
        assert len(stage.contents()) == len(before), where
        states = {change.state for change in stage.journal.changes()}
        assert states <= {DONE, ABORTED, UNDONE}, where


def test_a_photo_does_not_come_beside_somebody_elses_video(stage) -> None:
    keeper, photo = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    stage.put("Copies/b.MOV", b"somebody else's")

    stage.carry_out(photo, keeper, MOVE)

    assert "Copies/b~2.jpg" in stage.tree()


def test_where_a_name_is_taken_in_the_last_moment_nothing_goes(stage, unit) -> None:
    stage.at("planned", lambda: stage.put("Copies/b.nef", b"somebody else's"))

    unit.go(MOVE)

    assert unit.left() == WHOLE
    assert {path.name for path in (stage.root / "Copies").iterdir()} == {"b.nef"}


def test_a_companion_that_waits_for_its_disk_is_ended_before_its_photo_is_planned_anew(stage, unit) -> None:
    stage.stop_at = 3
    with contextlib.suppress(stage.stop):
        unit.go()
    stage.reopen()
    assert stage.journal.open_changes()

    unit.go()

    assert stage.journal.open_changes() == []
    assert unit.left() == set()
    assert len(stage.journal.quarantined()) == 6
