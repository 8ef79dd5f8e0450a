"""The folder of the acceptance lines holds what they name, and lies where nothing is committed."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from pictrace.bench.copies import ATTACKS, groups_in, originals_in
from pictrace.imaging import pixel_hash

_SCRIPT = Path(__file__).resolve().parents[1] / "make_fixtures.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """Return the script as a module."""
    spec = importlib.util.spec_from_file_location("make_fixtures", _SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(script: ModuleType, corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder, made once."""
    folder = tmp_path_factory.mktemp("fixtures") / "F"
    folder.mkdir()
    script.make_fixtures(folder, corpus)
    return folder


def test_there_are_fifty_photos_and_the_attacks_of_the_first(made: Path) -> None:
    names = {path.name for path in made.iterdir()}

    assert {"a.jpg", "b.jpg", "z.jpg", "aa.jpg", "ax.jpg"} <= names
    assert len([path for path in originals_in(made) if len(path.stem) <= 2]) == 50
    assert {attack.file_name("a") for attack in ATTACKS} <= names
    assert {"flat.png", "flat.reencode.jpg", "truncated.jpg", "unrelated.jpg", "skyline1.jpg", "skyline2.jpg"} <= names


def test_copies_of_the_first_photo_have_its_bytes_or_its_pixels(made: Path) -> None:
    a = made / "a.jpg"

    assert (made / "a.copy.jpg").read_bytes() == a.read_bytes()
    for name in ("a.exif.jpg", "a.orientation.png"):
        assert (made / name).read_bytes() != a.read_bytes()
        assert pixel_hash(made / name) == pixel_hash(a)


def test_bursts_and_series_are_groups(made: Path) -> None:
    assert [group.name for group in groups_in(made)] == ["burst1", "burst2", "burst3"]
    near, views = groups_in(made / "groups1"), groups_in(made / "groups2")
    assert {group.kind for group in near} == {"video-like", "focus-stack", "exposure-bracket", "overlap"}
    assert len(views) >= 6
    assert not {group.name for group in near} & {group.name for group in views}


def test_a_folder_in_the_repository_is_refused(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = _SCRIPT.parent / "fixtures-of-a-test"
    monkeypatch.setattr(sys, "argv", ["make_fixtures.py", str(inside)])

    with pytest.raises(SystemExit):
        script.main()

    assert not inside.exists()
