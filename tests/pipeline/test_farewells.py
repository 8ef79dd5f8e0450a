"""What is remembered of photos that go for good."""

from __future__ import annotations

import shutil
from typing import Any

import pytest
from PIL import Image

from pictrace.errors import ActError
from pictrace.model import Change, ChangeKind, ChangeState
from pictrace.pipeline.farewells import Farewells


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
