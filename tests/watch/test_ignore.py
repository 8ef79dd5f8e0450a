"""Names that are passed over, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictrace.watch import IgnoreList, is_photo_name

SHIPPED = IgnoreList.load()


@pytest.mark.parametrize("name", ["@eaDir", ".thumbnails", "$RECYCLE.BIN", "My.photoslibrary", "@apphome", ".pictrace"])
def test_folders_of_other_programs_are_passed_over(name: str) -> None:
    assert SHIPPED.hit(name, is_dir=True) is not None


@pytest.mark.parametrize(
    "name", [".b.jpg.Xa12fQ", ".syncthing.a.jpg.tmp", "a.jpg.part", "._a.jpg", "A.JPG.CRDOWNLOAD", ".hidden.jpg"]
)
def test_half_written_and_hidden_files_are_passed_over(name: str) -> None:
    assert SHIPPED.hit(name, is_dir=False) is not None


@pytest.mark.parametrize(
    "name", ["a.jpg", "a.sync-conflict-20240101-101010-ABC.jpg", "a (conflicted copy).jpg", "thumbnails.jpg"]
)
def test_photos_and_conflict_copies_are_looked_at(name: str) -> None:
    assert SHIPPED.hit(name, is_dir=False) is None


def test_a_hit_names_the_pattern_and_its_line() -> None:
    hit = SHIPPED.hit_below(Path("/photos"), Path("/photos/x/@eaDir/a.jpg"))

    assert hit is not None
    assert hit.part == "@eaDir"
    text = (Path(__file__).parents[2] / "daemon/pictrace/data/ignore.yaml").read_text().splitlines()
    name, line = hit.source.split(":")
    assert name == "ignore.yaml"
    assert "@eaDir/" in text[int(line) - 1]


def test_the_config_adds_and_takes_away() -> None:
    changed = IgnoreList.load(["!thumbnails/", "*.bak.jpg", "Work/"])

    assert SHIPPED.hit("thumbnails", is_dir=True) is not None
    assert changed.hit("thumbnails", is_dir=True) is None
    assert changed.hit("a.BAK.jpg", is_dir=False) is not None
    assert changed.hit("work", is_dir=True) is not None


def test_names_end_like_pictures_in_any_case() -> None:
    assert is_photo_name(Path("a.JPG"))
    assert is_photo_name(Path("b.Cr2"))
    assert not is_photo_name(Path("c.mp4"))
    assert not is_photo_name(Path("jpg"))
