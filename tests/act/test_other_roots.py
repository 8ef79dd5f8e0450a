"""Moves into another root: it has to be there, and one in which things may change."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from pictrace.act import Actor
from pictrace.model import ChangeState, Role, RootState, Step


@pytest.mark.parametrize(
    ("role", "state", "says"),
    [
        (Role.LIBRARY, RootState.REPLACED, "its root .* is replaced"),
        (Role.LIBRARY, RootState.MISSING, "its root .* is missing"),
        (Role.ARCHIVE, RootState.USABLE, "its root is archive, where nothing is changed"),
        (Role.READONLY, RootState.USABLE, "its root is readonly, where nothing is changed"),
    ],
)
def test_nothing_is_put_into_a_root_that_is_away_or_where_nothing_is_changed(
    stage, tmp_path: Path, role: Role, state: RootState, says: str
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    info = replace(stage.info, identity="root-2", path=other, role=role)
    world = replace(
        stage.world,
        root_of=lambda path: next((root for root in (stage.info, info) if path.is_relative_to(root.path)), None),
        state_of=lambda identity: state if identity == "root-2" else RootState.USABLE,
    )
    stage.journal.put_root(info)
    stage.actor = Actor(world, stage.journal)
    keeper, copy = stage.put("keeper.jpg", b"photo"), stage.put("copy.jpg", b"photo")

    [change] = stage.carry_out(copy, keeper, Step(action="move", options={"to": str(other / "Copies")}))

    assert change.state is ChangeState.ABORTED
    assert re.search(says, change.error or "")
    assert copy.path.read_bytes() == b"photo"
    assert list(other.iterdir()) == []
