"""A program that saves over a photo in the moment before its rename, or right after: what it saved is not moved."""

from __future__ import annotations

import pytest

from pictrace.act.changes import renaming
from pictrace.model import ChangeState


def _by_rename(path) -> None:
    saved = path.with_name("saved.tmp")
    saved.write_bytes(b"edited photo")
    saved.rename(path)


def _in_place(path) -> None:
    path.write_bytes(b"edited photo")


def disturbed(stage, at: str, spoil):
    """Put a copy away while something happens at the first checkpoint of a name."""
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    probe, left = stage._checkpoint, [spoil]

    def checkpoint(word: str) -> None:
        probe(word)
        if word == at and left:
            left.pop()(copy.path)

    stage._checkpoint = checkpoint
    stage.reopen()
    [change] = stage.carry_out(copy, keeper)
    return copy.path, change


@pytest.mark.parametrize("has_renameat2", [True, False])
@pytest.mark.parametrize("spoil", [_by_rename, _in_place])
def test_what_was_saved_in_the_last_moment_is_put_back(stage, monkeypatch, spoil, has_renameat2) -> None:
    if not has_renameat2:
        monkeypatch.setattr(renaming, "_renameat2", lambda: None)
    path, change = disturbed(stage, "before rename", spoil)

    assert change.state is ChangeState.ABORTED
    assert "changed at the last moment" in change.error
    assert path.read_bytes() == b"edited photo"
    assert not list((stage.root / ".pictrace/quarantine").rglob("*.jpg"))
    assert stage.actor.recover() == []


def test_what_was_saved_in_the_last_moment_stays_where_its_name_is_taken_again(stage) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    words = {"before rename": lambda: _by_rename(copy.path), "after rename": lambda: copy.path.write_bytes(b"another")}
    stage._checkpoint = lambda word: words.pop(word, lambda: None)()
    stage.reopen()
    [change] = stage.carry_out(copy, keeper)

    assert change.state is ChangeState.NEEDS_ATTENTION
    assert copy.path.read_bytes() == b"another"
    assert change.target.read_bytes() == b"edited photo"
