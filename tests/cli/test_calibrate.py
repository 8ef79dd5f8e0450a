"""``pictrace calibrate``: cuts on one's own photos, which `doctor` shows and `compare` uses."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pictrace.bench.pairs import sampled
from pictrace.cli.app import main
from pictrace.match.methods.cuts import Cut, Cuts, save_cuts

from ..conftest import draw_photo, log_left_as_it_is  # type: ignore[import-not-found]  # noqa: TID252 – of this folder

Run = Callable[..., Any]
SIZE = (120, 90)
NETWORK = Path(__file__).resolve().parents[1] / "networks" / "tiny.yaml"
WORDS = ("--methods", "thumb4,cnn", "--network", str(NETWORK))
# What was in force before: one of a method that is measured anew, one of another method, one of another network.
BEFORE = Cuts(
    source="earlier photos",
    made_on="2026-01-02",
    cuts=tuple(
        Cut(method=method, metric=metric, about=about, value=0.5, pairs=7, recall=0.25)
        for method, metric, about in (
            ("thumb4", "manhattan", ""),
            ("ahash", "hamming", ""),
            ("cnn", "l2", "another network"),
        )
    ),
)


@dataclass(frozen=True, kw_only=True)
class Calibrated:
    """Twenty photos that were calibrated with, their times before, where the cuts lie, what was said. Left as it is."""

    photos: Path
    before: dict[Path, int]
    state: Path
    said: str

    @property
    def written(self) -> dict[str, Any]:
        """What lies in the state folder."""
        told: dict[str, Any] = json.loads((self.state / "cuts.json").read_text())
        return told

    @property
    def cuts(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The cuts that were measured, by method and number."""
        cuts = self.written["cuts"]
        return {(cut["method"], cut["metric"]): cut for cut in cuts if cut["source"] != BEFORE.source}


def fill(folder: Path) -> Path:
    """Put twenty different photos into two folders."""
    for seed in range(20):
        path = folder / str(seed % 2) / f"{seed:02}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        draw_photo(seed, *SIZE).save(path)
    return folder


def times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory: pytest.TempPathFactory) -> Calibrated:
    """Return photos that were calibrated with once for all tests."""
    top = tmp_path_factory.mktemp("calibrated")
    photos = fill(top / "photos")
    before, state, said = times(photos), top / "state", io.StringIO()
    save_cuts(state, BEFORE)
    with pytest.MonkeyPatch.context() as patch, log_left_as_it_is(), contextlib.redirect_stdout(said):
        patch.setenv("XDG_CONFIG_HOME", str(top))
        patch.setenv("HOME", str(top))
        words = ("--limit", "20", "--markdown", "--state", str(state))
        patch.setattr(sys, "argv", ["pictrace", "calibrate", str(photos), *WORDS, *words])
        try:
            main()
        except SystemExit as end:
            assert not end.code
    return Calibrated(photos=photos, before=before, state=state, said=said.getvalue())


def test_doctor_shows_the_cuts_and_where_they_come_from(pictrace: Run, calibrated: Calibrated) -> None:
    checks = [
        json.loads(line) for line in pictrace("doctor", "--verbose", "--json", state=calibrated.state).out.splitlines()
    ]

    (found,) = [check["found"] for check in checks if check["name"] == "cuts"]
    assert found.startswith("your own,")
    assert "3 methods" in found
    assert f"20 photos of {calibrated.photos}; 2 cuts of before" in found
    (thumb4,) = [check["found"] for check in checks if check["name"] == "cut: thumb4"]
    pairs = calibrated.cuts["thumb4", "manhattan"]["pairs"]
    assert pairs > 3
    assert f"none of {pairs} pairs" in thumb4


def test_compare_uses_the_cuts_that_were_kept_and_of_a_network_its_own(pictrace: Run, calibrated: Calibrated) -> None:
    pair = calibrated.photos / "0" / "00.png", calibrated.photos / "1" / "01.png"
    words = ("--method", "thumb4,cnn", "--network", NETWORK, "--json")

    _, *told = map(json.loads, pictrace("compare", *pair, *words, state=calibrated.state).out.splitlines())

    assert {(one["method"], one["metric"]): one["cut"] for one in told} == {
        place: cut["value"] for place, cut in calibrated.cuts.items()
    }
    assert {place[0]: cut["about"] for place, cut in calibrated.cuts.items()} == {"thumb4": "", "cnn": "tiny"}


def test_nothing_in_the_folder_is_altered(calibrated: Calibrated) -> None:
    assert times(calibrated.photos) == calibrated.before


def test_cuts_of_what_was_not_measured_are_kept_and_counted_in_the_last_line(calibrated: Calibrated) -> None:
    kept = [cut for cut in calibrated.written["cuts"] if cut["source"] == BEFORE.source]

    assert [(cut["method"], cut["about"], cut["value"], cut["made_on"]) for cut in kept] == [
        ("ahash", "", 0.5, "2026-01-02"),
        ("cnn", "another network", 0.5, "2026-01-02"),
    ]
    assert set(calibrated.cuts) == {("thumb4", "manhattan"), ("cnn", "cosine"), ("cnn", "l2")}
    assert calibrated.said.splitlines()[-1].endswith("2 cuts of what was not measured are kept there.")


def test_the_cuts_that_are_written_are_those_of_the_table(calibrated: Calibrated) -> None:
    lines = [line.strip("| ").split(" | ") for line in calibrated.said.splitlines()]

    for (method, metric), cut in calibrated.cuts.items():
        (line,) = [words for words in lines if words[:2] == [method, metric]]
        assert line[-1] == f"{cut['value']:.4g}"


def test_a_dry_run_says_the_cuts_of_a_few_photos_and_writes_nothing(
    pictrace: Run, calibrated: Calibrated, state: Path
) -> None:
    ran = pictrace("calibrate", calibrated.photos, *WORDS, "--limit", "2", "--dry-run", "--json")

    assert ran.code == 0, ran.err
    told = {(one["method"], one["metric"]): one["cut"] for one in map(json.loads, ran.out.splitlines())}
    assert set(told) == set(calibrated.cuts)
    assert None not in told.values()
    assert not state.exists()


def test_cuts_of_a_few_photos_are_not_written(pictrace: Run, calibrated: Calibrated, state: Path) -> None:
    ran = pictrace("calibrate", calibrated.photos, "--methods", "thumb4", "--limit", "19")

    assert ran.code == 2
    assert "--limit 19: expected at least 20 to write cuts, or --dry-run" in ran.err
    assert not state.exists()


def test_photos_that_are_copies_of_each_other_do_not_count(pictrace: Run, tmp_path: Path) -> None:
    photos = fill(tmp_path / "photos")
    one, other, _ = sampled(sorted(photos.rglob("*.png")), 3, lambda photo: photo.name.encode())
    with Image.open(one) as image:
        image.putpixel((0, 0), (1, 2, 3))
        image.save(other)

    ran = pictrace("calibrate", photos, "--methods", "thumb4", "--limit", "3", "--dry-run", "--json")

    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["cut"] > 100  # as different photos they would make it 3 at most


def test_too_few_photos_are_refused(pictrace: Run, tmp_path: Path, state: Path) -> None:
    photos = fill(tmp_path / "photos")
    (photos / "0" / "00.png").unlink()

    ran = pictrace("calibrate", photos)

    assert ran.code == 2
    assert "expected at least 20 photos to calibrate with, found 19" in ran.err
    assert not state.exists()


def test_photos_that_cannot_be_read_make_no_cuts(pictrace: Run, tmp_path: Path, state: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.jpg").write_bytes(b"\xff\xd8 no picture")

    ran = pictrace("calibrate", tmp_path, "--methods", "thumb4")

    assert ran.code == 2
    assert "found 0 that can be used among 20" in ran.err
    assert not state.exists()


def test_damaged_cuts_are_told_by_doctor(pictrace: Run, state: Path) -> None:
    state.mkdir()
    (state / "cuts.json").write_text("{")

    checks = [json.loads(line) for line in pictrace("doctor", "--json").out.splitlines()]

    (cuts,) = [check for check in checks if check["name"] == "cuts"]
    assert cuts["ok"] is False
    assert "cuts.json: expected the cuts" in cuts["found"]


def test_a_cut_that_nothing_is_closer_than_is_said_to_be_none(pictrace: Run) -> None:
    lines = pictrace("doctor", "--verbose").out.splitlines()

    (colorhash,) = [line for line in lines if "cut: colorhash" in line]  # of those shipped
    assert "no cut: different photos give the same" in colorhash
