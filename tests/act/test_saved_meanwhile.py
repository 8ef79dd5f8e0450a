"""A program that saves a sidecar while a rule writes into it: what it saved is at its name again."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictrace.act.changes import renaming
from pictrace.model import ChangeState, Step

DONE, ABORTED = ChangeState.DONE, ChangeState.ABORTED
TAG = Step(action="tag", options={"tags": ["pictrace/copy"]})
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:t="urn:test" t:said="{}"/></rdf:RDF></x:xmpmeta>'
)
OLD, SAVED, AGAIN = (XMP.format(word).encode() for word in ("old", "saved by another", "saved once more"))


def by_rename(path: Path, content: bytes = SAVED) -> None:
    other = path.with_name("other program")
    other.write_bytes(content)
    other.rename(path)


def in_place(path: Path) -> None:
    path.write_bytes(SAVED)


def scene(stage, *, has_sidecar: bool) -> tuple:
    keeper, photo = stage.put("a.jpg", b"keeper"), stage.put("in/b.jpg", b"photo")
    sidecar = photo.path.with_name("b.jpg.xmp")
    if has_sidecar:
        sidecar.write_bytes(OLD)
    return keeper, photo, sidecar


def names(stage) -> list[str]:
    return sorted(path.name for path in (stage.root / "in").iterdir())


@pytest.mark.parametrize("save", [by_rename, in_place])
@pytest.mark.parametrize("has_renameat2", [True, False])
@pytest.mark.parametrize("word", ["tag planned", "sidecar written"])
@pytest.mark.parametrize("has_sidecar", [True, False])
def test_what_is_saved_while_a_tag_is_written_stays(stage, monkeypatch, save, has_renameat2, word, has_sidecar) -> None:
    if not has_renameat2:
        monkeypatch.setattr(renaming, "_renameat2", lambda: None)
    keeper, photo, sidecar = scene(stage, has_sidecar=has_sidecar)
    stage.at(word, lambda: save(sidecar))

    [change] = stage.carry_out(photo, keeper, TAG)

    assert change.state is ABORTED
    assert "another program saved it" in change.error
    assert sidecar.read_bytes() == SAVED
    assert names(stage) == ["b.jpg", "b.jpg.xmp"]
    assert stage.actor.recover() == []


def test_a_sidecar_that_goes_while_a_tag_is_written_is_not_made_anew(stage) -> None:
    keeper, photo, sidecar = scene(stage, has_sidecar=True)
    stage.at("sidecar written", sidecar.unlink)

    [change] = stage.carry_out(photo, keeper, TAG)

    assert change.state is ABORTED
    assert names(stage) == ["b.jpg"]


@pytest.mark.parametrize("has_renameat2", [True, False])
def test_what_is_saved_while_a_tag_is_taken_back_stays(stage, monkeypatch, has_renameat2) -> None:
    if not has_renameat2:
        monkeypatch.setattr(renaming, "_renameat2", lambda: None)
    keeper, photo, sidecar = scene(stage, has_sidecar=True)
    [change] = stage.carry_out(photo, keeper, TAG)
    stage.at("sidecar written", lambda: by_rename(sidecar))

    [undo] = stage.actor.undo([change.id])

    assert undo.state is ABORTED
    assert sidecar.read_bytes() == SAVED
    assert names(stage) == ["b.jpg", "b.jpg.xmp"]
    assert stage.journal.change(change.id).state is DONE


def test_what_is_saved_while_a_new_sidecar_is_taken_away_stays(stage) -> None:
    keeper, photo, sidecar = scene(stage, has_sidecar=False)
    [change] = stage.carry_out(photo, keeper, TAG)
    stage.points.clear()
    stage.at("before rename", lambda: by_rename(sidecar))

    [undo] = stage.actor.undo([change.id])

    assert undo.state is ABORTED
    assert sidecar.read_bytes() == SAVED
    assert names(stage) == ["b.jpg", "b.jpg.xmp"]


def test_of_two_that_are_saved_meanwhile_the_newer_has_the_name_and_the_other_is_kept(stage) -> None:
    keeper, photo, sidecar = scene(stage, has_sidecar=True)
    stage.at("sidecar written", lambda: by_rename(sidecar))
    stage.at("sidecar exchanged", lambda: by_rename(sidecar, AGAIN))

    [change] = stage.carry_out(photo, keeper, TAG)

    assert change.state is ChangeState.NEEDS_ATTENTION
    assert sidecar.read_bytes() == AGAIN
    assert SAVED in [path.read_bytes() for path in (stage.root / "in").iterdir()]


@pytest.mark.parametrize("has_sidecar", [True, False])
@pytest.mark.parametrize("is_undone", [True, False])
def test_a_stop_while_another_program_saves_loses_nothing(make_stage, has_sidecar, is_undone) -> None:
    for number in range(30):
        stage = make_stage()
        keeper, photo, sidecar = scene(stage, has_sidecar=has_sidecar)
        changes = stage.carry_out(photo, keeper, TAG) if is_undone else []
        stage.points.clear()
        stage.stop_at = number
        word = "before rename" if is_undone and not has_sidecar else "sidecar written"
        stage.at(word, lambda sidecar=sidecar: by_rename(sidecar))
        stopped = False
        try:
            stage.actor.undo([changes[0].id]) if is_undone else stage.carry_out(photo, keeper, TAG)
        except stage.stop:
            stopped = True
        is_saved = word in stage.points
        stage.spoils.clear()
        stage.reopen()
        stage.actor.recover()
        states = [change.state for change in stage.journal.changes()]
        stage.reopen()
        stage.actor.recover()

        where = f"stopped at {stage.points}"
        assert [change.state for change in stage.journal.changes()] == states, where
        assert not is_saved or sidecar.read_bytes() == SAVED, where
        assert not list(stage.root.rglob("*.tmp")), where
        if not stopped:
            return
    pytest.fail("it never came to its end")


@pytest.mark.parametrize("word", ["sidecar exchanged", "sidecar written"])
def test_a_disk_that_fails_while_a_tag_is_written_leaves_the_old_or_the_new(stage, word) -> None:
    keeper, photo, sidecar = scene(stage, has_sidecar=True)

    def fail() -> None:
        raise OSError(5, "Input/output error")

    stage.at(word, fail)
    [change] = stage.carry_out(photo, keeper, TAG)

    assert change.state is (DONE if word == "sidecar exchanged" else ABORTED)
    assert (sidecar.read_bytes() == OLD) is (change.state is ABORTED)
    assert names(stage) == ["b.jpg", "b.jpg.xmp"]
