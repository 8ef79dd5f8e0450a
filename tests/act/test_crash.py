"""The process ends at every write, one after the other; the next start brings everything to an end."""

from __future__ import annotations

import contextlib
import hashlib

import pytest

from pictrace.act.changes import renaming
from pictrace.model import METADATA_VERSION, ChangeState, Metadata, Side, Step

from .sheets import DARKTABLE

FINAL = (ChangeState.DONE, ChangeState.ABORTED, ChangeState.UNDONE)


def _run(stage, step) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("sub/b.jpg", b"copy")
    stage.put("sub/b.jpg.xmp", DARKTABLE)
    plain = Metadata(width_pixels=1, height_pixels=1, format="jpeg", version=METADATA_VERSION)
    stage.metadata.update({keeper.content_hash: plain, copy.content_hash: plain})
    changes = stage.carry_out(copy, keeper, step)
    stage.actor.undo([change.id for change in changes if change.state is ChangeState.DONE])


STEPS = [
    Step(action="quarantine"),
    Step(action="move", options={"to": "Copies"}),
    Step(action="tag", options={"tags": ["x"]}),
    Step(action="merge-metadata", on=Side.KEEPER, options={"carry": ["keywords", "rating"]}),
    Step(action="trash"),
]


def _stop_everywhere(make, step) -> None:
    whole = make()
    _run(whole, step)
    assert {change.state for change in whole.journal.changes()} == {ChangeState.DONE, ChangeState.UNDONE}
    photos = set(whole.contents())
    assert len(whole.contents()) == len(photos)
    points = len(whole.points)
    assert points > 4

    for number in range(points):
        stage = make()
        stage.stop_at = number
        with contextlib.suppress(stage.stop):
            _run(stage, step)
        stage.reopen()
        stage.actor.recover()
        after_once = (stage.tree(), [(c.id, c.state) for c in stage.journal.changes()])
        stage.reopen()
        stage.actor.recover()

        where = f"stopped at {stage.points[number]} ({number})"
        assert (stage.tree(), [(c.id, c.state) for c in stage.journal.changes()]) == after_once, where
        assert all(change.state in FINAL for change in stage.journal.changes()), where
        contents = stage.contents()
        assert {c for c in photos if c in contents} >= _photos_of(stage), where
        assert len(contents) == len(set(contents)), f"{where}: a second copy was left behind"
        assert not list(stage.root.rglob("*.tmp")), where
        assert _sidecar_is_beside_its_photo(stage), where
        assert _notes_are_beside_their_files(stage), where
        stage.actor.undo(stage.actor.undoable())
        assert (stage.root / "sub/b.jpg").read_bytes() == b"copy", where
        assert (stage.root / "a.jpg").read_bytes() == b"keeper", where


def _sidecar_is_beside_its_photo(stage) -> bool:
    tops = [stage.root, stage.home] + ([stage.quarantine] if stage.quarantine else [])
    sidecars = [path for top in tops for path in top.rglob("*b*.jpg.xmp")]
    return len(sidecars) == 1 and sidecars[0].with_suffix("").read_bytes() == b"copy"


def _notes_are_beside_their_files(stage) -> bool:
    notes = {path.name.removesuffix(".trashinfo") for path in stage.home.rglob("*.trashinfo")}
    return notes == {path.name for path in stage.home.rglob("files/*")}


def _photos_of(stage) -> set[str]:
    return {hashlib.sha256(content).hexdigest() for content in (b"keeper", b"copy")}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.action)
def test_a_stop_at_any_write_loses_nothing(make_stage, step) -> None:
    _stop_everywhere(make_stage, step)


def test_a_stop_at_any_write_across_disks_loses_nothing(make_stage, other_disk) -> None:
    made = []

    def make():
        made.append(None)
        folder = other_disk / str(len(made))
        folder.mkdir()
        return make_stage(quarantine=folder)

    _stop_everywhere(make, STEPS[0])


def test_a_stop_at_any_write_loses_nothing_without_renameat2(make_stage, monkeypatch) -> None:
    monkeypatch.setattr(renaming, "_renameat2", lambda: None)

    _stop_everywhere(make_stage, STEPS[0])


def test_a_stop_at_any_write_across_disks_loses_nothing_without_renameat2(make_stage, other_disk, monkeypatch) -> None:
    monkeypatch.setattr(renaming, "_renameat2", lambda: None)
    made = iter(range(1000))

    def make():
        folder = other_disk / str(next(made))
        folder.mkdir()
        return make_stage(quarantine=folder)

    _stop_everywhere(make, STEPS[0])
