"""What is remembered of photos that go for good."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pictrace.errors import ActError
from pictrace.model import Change, ChangeKind, ChangeState, Role, RootInfo
from pictrace.pipeline.farewells import Farewells
from pictrace.store import Index, Journal


@pytest.fixture
def refused(line: Any, photographs: dict[str, Image.Image]) -> Any:
    """Return a pipeline in which a photo was refused and taken away; a smaller rendition landed since."""
    cat = photographs["cat"]
    line.land("gone.jpg", cat)
    with farewells(line, 1.0) as asked:
        asked.refuse(line.folder / "gone.jpg")
    shutil.move(line.folder / "gone.jpg", line.folder.parent / "gone.jpg")
    line.index.files.forget(line.folder / "gone.jpg")
    line.land("small.jpg", cat.resize((cat.width // 2, cat.height // 2)))
    assert came_back(line) == ["gone.jpg"]
    return line


def farewells(line: Any, now: float) -> Farewells:
    return Farewells(index=line.index, journal=line.journal, living=line.library.living, wall_clock=lambda: now)


def came_back(line: Any) -> list[str]:
    return [event.stone.name for event in line.found.alone(line.index.files.file_at(line.folder / "small.jpg"))]


def test_what_returned_is_known_after_the_photo_is_refused_again(refused: Any) -> None:
    with farewells(refused, 2e10) as asked:
        asked.refuse(refused.folder.parent / "gone.jpg")

    assert came_back(refused) == ["gone.jpg"]


def test_what_returned_is_known_after_a_purge_that_failed(refused: Any) -> None:
    (before,) = refused.journal.tombstones.listed()
    change = Change(
        id=0,
        kind=ChangeKind.QUARANTINE,
        state=ChangeState.DONE,
        root="aa11",
        source=refused.folder / "gone.jpg",
        target=refused.folder.parent / "gone.jpg",
        content_hash=before.content_hash,
        keeper_hash=bytes(32),
    )
    refused.journal.put_root(refused.library.roots[0])
    (change,) = refused.journal.plan([change])

    with farewells(refused, 2e10) as asked, pytest.raises(ActError), asked.of_purged(change):
        raise ActError("busy")

    assert came_back(refused) == ["gone.jpg"]
    assert refused.journal.tombstones.listed()[0].keeper_hash == before.keeper_hash


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
        asked = Farewells(index=index, journal=journal, living=lambda _: [], wall_clock=lambda: 1.0)
        with asked, asked.of_purged(change):
            journal.set_purged(change.id)
        stone = journal.tombstones.of_content(b"h")

    assert (stone is not None) is is_remembered
    assert stone is None or stone.keeper_hash == b"k"
