"""Which of the files that are purged are remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictrace.model import Change, ChangeKind, ChangeState, Role, RootInfo
from pictrace.pipeline.farewells import Farewells
from pictrace.store import Index, Journal


@pytest.mark.parametrize(
    ("details", "keeper", "is_remembered"),
    [
        ({}, "a.nef", True),
        ({"companion": True, "belonging": "pair"}, "a.nef", True),
        ({"companion": True, "belonging": "sidecar"}, None, False),
        ({"companion": True}, None, False),
    ],
)
def test_every_photo_that_is_purged_is_remembered_and_nothing_else(tmp_path: Path, details, keeper, is_remembered):
    quarantined = tmp_path / "put-away"
    quarantined.write_bytes(b"not a picture")
    root = RootInfo(identity="aa", path=tmp_path, role=Role.LIBRARY, dev=1, ino=1, filesystem="x")
    with Index.open(tmp_path / "state") as index, Journal.open(tmp_path / "state") as journal:
        journal.put_root(root)
        [change] = journal.plan(
            [
                Change(
                    id=0,
                    kind=ChangeKind.QUARANTINE,
                    state=ChangeState.DONE,
                    root="aa",
                    source=tmp_path / "b.nef",
                    target=quarantined,
                    content_hash=b"h",
                    keeper=None if keeper is None else tmp_path / keeper,
                    keeper_hash=None if keeper is None else b"k",
                    details=details,
                )
            ]
        )
        farewells = Farewells(index=index, journal=journal, living=lambda _: [], wall_clock=lambda: 1.0)
        with farewells, farewells.of_purged(change):
            journal.set_purged(change.id)
        stone = journal.tombstones.of_content(b"h")

    assert (stone is not None) is is_remembered
    assert stone is None or stone.keeper_hash == b"k"
