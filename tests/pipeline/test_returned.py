"""What comes back counts as returned, and is acted on, only while what was kept in its place is there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pictrace.config import load_config
from pictrace.match import remains_of
from pictrace.model import Farewell, PhotoFile, Role, Tombstone

from .conftest import make_responder  # type: ignore[import-not-found]

RULE = "  - {name: again, when: {returned: true}, do: [quarantine]}\n"
GONE, AGAIN = "small.jpg", "again.jpg"


class Return:
    """`kept.jpg` shows a cat; a smaller copy of it was refused because that one stayed, and lands again.

    `other.jpg` is equal to the smaller one, so that there is a finding whatever became of `kept.jpg`.
    """

    def __init__(self, line: Any, cat: Image.Image) -> None:
        self.line = line
        line.land("kept.jpg", cat)
        line.land(GONE, cat.resize((cat.width // 2, cat.height // 2)))
        self.stone = Tombstone(
            content_hash=line.hash(GONE),
            farewell=Farewell.REFUSED,
            made_at=0.0,
            name=GONE,
            keeper_hash=line.hash("kept.jpg"),
            remains=remains_of(line.folder / GONE, line.index.photos.photo(line.hash(GONE)).fingerprint.phashes),
        )
        line.journal.tombstones.put(self.stone)
        (line.folder / GONE).rename(line.folder / "other.jpg")
        line.index.files.forget(line.folder / GONE)
        line.land("other.jpg")
        shutil.copy(line.folder / "other.jpg", line.folder / AGAIN)
        line.land(AGAIN)

    def row(self, name: str) -> PhotoFile:
        return self.line.index.files.file_at(self.line.folder / name)

    def answers(self) -> dict[str, bool | None]:
        """Return what is said of each finding of what came again, by the name of the other file."""
        findings = self.line.found.of_file(self.row(AGAIN))
        facts = [(one, self.line.found.facts(one, now=1e9, is_backlog_allowed=True)) for one in findings]
        return {one.other.path.name: fact.returned for one, fact in facts}

    def respond(self, config: Path) -> set[str]:
        """Have the rule act on what came again; returns what is in the folder then."""
        root, state = json.dumps(str(self.line.folder)), json.dumps(str(config.parent / "state"))
        config.write_text(
            f"version: 1\nroots:\n  - path: {root}\nstate: {state}\nact: true\nkeep: [older]\nrules:\n{RULE}"
        )
        config.chmod(0o600)
        for known in self.line.library.roots:
            self.line.journal.put_root(known)
        responder = make_responder(load_config(config), self.line, self.line.journal, findings=self.line.found)
        responder.respond(self.row(AGAIN))
        return {path.name for path in self.line.folder.iterdir() if path.is_file()}


@pytest.fixture
def came_back(line: Any, photographs: dict[str, Image.Image]) -> Return:
    return Return(line, photographs["cat"])


def is_gone(one: Return) -> None:
    (one.line.folder / "kept.jpg").unlink()


def is_another_photo_now(one: Return) -> None:
    path = one.line.folder / "kept.jpg"
    path.write_bytes(path.read_bytes() + b"edited")


def was_never_there(one: Return) -> None:
    one.line.journal.tombstones.put(replace(one.stone, keeper_hash=None))


def lies_in_an_archive(one: Return) -> None:
    archive = one.line.folder / "archive"
    archive.mkdir()
    info = replace(one.line.library.roots[0], identity="bb22", path=archive, role=Role.ARCHIVE)
    one.line.index.roots.put_root(info)
    one.line.library.roots = (info, *one.line.library.roots)
    (one.line.folder / "kept.jpg").rename(archive / "kept.jpg")
    one.line.index.files.forget(one.line.folder / "kept.jpg")
    one.line.land("archive/kept.jpg")


def test_what_came_again_beside_what_was_kept_is_put_away(came_back: Return, tmp_path: Path) -> None:
    assert came_back.answers() == {"other.jpg": True}
    assert came_back.respond(tmp_path / "config.yaml") == {"kept.jpg", "other.jpg"}


@pytest.mark.parametrize(
    "spoil", [is_gone, is_another_photo_now, was_never_there, lies_in_an_archive], ids=lambda one: one.__name__
)
def test_without_what_was_kept_it_is_not_told_and_nothing_is_put_away(
    came_back: Return, tmp_path: Path, spoil: Callable[[Return], None]
) -> None:
    spoil(came_back)
    before = {path.name for path in came_back.line.folder.iterdir() if path.is_file()}

    assert came_back.answers()["other.jpg"] is None
    assert came_back.respond(tmp_path / "config.yaml") == before
