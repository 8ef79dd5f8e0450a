"""``pictrace calibrate``: cuts on one's own photos, which `doctor` shows and `compare` uses."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Photo = Callable[..., Path]
SIZE = (120, 90)
QUICK = ("--methods", "thumb4", "--limit", "2")


@pytest.fixture
def photos(tmp_path: Path, photo: Photo) -> Path:
    """Return a folder of twenty different photos, in two folders."""
    for seed in range(20):
        photo(f"{seed:02}.png", seed=seed, size=SIZE, folder=tmp_path / "photos" / str(seed % 2))
    return tmp_path / "photos"


def cut_of(state: Path) -> dict[str, Any]:
    (cut,) = json.loads((state / "cuts.json").read_text())["cuts"]
    return dict(cut)


def test_cuts_are_kept_shown_and_used(pictrace: Run, photos: Path, state: Path) -> None:
    ran = pictrace("calibrate", photos, *QUICK, "--json")

    assert ran.code == 0, ran.err
    told, kept = json.loads(ran.out), cut_of(state)
    assert (kept["method"], kept["value"], kept["recall"]) == ("thumb4", told["cut"], told["recall"])
    assert kept["pairs"] == told["pairs"] > 3
    doctor = [json.loads(line) for line in pictrace("doctor", "--json").out.splitlines()]
    (found,) = [check["found"] for check in doctor if check["name"] == "cuts"]
    assert found.startswith("your own,")
    assert "1 methods" in found
    assert str(photos) in found
    verbose = pictrace("doctor", "--verbose").out
    assert "cut: thumb4" in verbose
    assert f"none of {kept['pairs']} pairs" in verbose
    pair = photos / "0" / "00.png", photos / "1" / "01.png"
    compared = pictrace("compare", *pair, "--method", "thumb4", "--json").out.splitlines()
    assert json.loads(compared[-1])["cut"] == kept["value"]


def test_photos_that_are_copies_of_each_other_do_not_count(pictrace: Run, photos: Path, state: Path) -> None:
    shutil.rmtree(photos / "1")
    for file in sorted((photos / "0").iterdir()):
        shutil.copy(file, file.with_name(f"{file.stem}x.png"))

    ran = pictrace("calibrate", photos, "--methods", "thumb4", "--limit", "20", "--json")

    assert ran.code == 0, ran.err
    assert cut_of(state)["value"] > 100  # equal photos would make it 0


def test_a_dry_run_writes_nothing(pictrace: Run, photos: Path, state: Path) -> None:
    ran = pictrace("calibrate", photos, *QUICK, "--dry-run", "--markdown")

    assert ran.code == 0
    assert "| thumb4 | manhattan |" in ran.out
    assert not state.exists()


def test_nothing_in_the_folder_is_altered(pictrace: Run, photos: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in photos.rglob("*")}

    pictrace("calibrate", photos, *QUICK)

    assert {path: path.stat().st_mtime_ns for path in photos.rglob("*")} == before


def test_too_few_photos_are_refused(pictrace: Run, photos: Path, state: Path) -> None:
    (photos / "0" / "00.png").unlink()

    ran = pictrace("calibrate", photos)

    assert ran.code == 2
    assert "expected at least 20 photos to calibrate with, found 19" in ran.err
    assert not state.exists()


def test_damaged_cuts_are_told_by_doctor(pictrace: Run, state: Path) -> None:
    state.mkdir()
    (state / "cuts.json").write_text("{")

    checks = [json.loads(line) for line in pictrace("doctor", "--json").out.splitlines()]

    (cuts,) = [check for check in checks if check["name"] == "cuts"]
    assert cuts["ok"] is False
    assert "cuts.json: expected the cuts" in cuts["found"]


def test_the_cuts_of_a_network_are_that_networks(pictrace: Run, photos: Path, state: Path) -> None:
    recipe = Path(__file__).resolve().parents[1] / "networks" / "tiny.yaml"

    ran = pictrace("calibrate", photos, "--methods", "cnn", "--network", recipe, "--limit", "2")

    assert ran.code == 0, ran.err
    kept = json.loads((state / "cuts.json").read_text())["cuts"]
    assert {cut["about"] for cut in kept} == {"tiny"}
    pair = photos / "0" / "00.png", photos / "1" / "01.png"
    compared = pictrace("compare", *pair, "--method", "cnn", "--network", recipe, "--json").out.splitlines()
    assert [json.loads(line)["cut"] for line in compared[1:]] == [cut["value"] for cut in kept]
