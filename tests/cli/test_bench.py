"""``pictrace bench matrix``: from a folder of photos to lines that a program can read."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Photo = Callable[..., Path]


@pytest.fixture
def photos(tmp_path: Path, photo: Photo) -> Path:
    """Return a folder with four photos, a copy made of one, and a file that is none."""
    for seed, name in enumerate("abcf", start=1):
        photo(f"photos/{name}.jpg", seed=seed)
    photo("photos/a.mirror.h.jpg", seed=9)
    (tmp_path / "photos" / "bb.jpg").write_bytes(b"\xff\xd8 no picture")
    return tmp_path / "photos"


def events_of(ran: Any) -> dict[tuple[str, str | None], dict[str, Any]]:
    events = [json.loads(line) for line in ran.out.splitlines()]
    return {
        (event["event"], event.get("variant") or event.get("family") or event.get("kind")): event for event in events
    }


def test_mirrored_copies_of_drawn_photos_are_all_told(photos: Path, tmp_path: Path, pictrace: Run) -> None:
    before = {path: path.read_bytes() for path in photos.iterdir()}

    words = ("--family", "mirror", "--limit", "3", "--negatives", "14", "--json", "--out", tmp_path / "pairs.jsonl")
    ran = pictrace("bench", "matrix", photos, *words)

    events = events_of(ran)
    line = events["matrix", "mirror"]
    assert ran.code == 0
    assert (line["n"], line["verified"]["hits"], line["edit_named"]["hits"]) == (6, 6, 6)
    assert line["measures_right"]["axis"]["hits"] == 6
    assert events["matrix", "h"]["n"] == events["matrix", "v"]["n"] == 3
    # Of three pairs of photos, and each of six copies against both other photos, as many as were asked for.
    assert (events["negatives", None]["n"], events["negatives", None]["false_copies"]["hits"]) == (14, 0)
    assert events["speed", None]["cached_compare_ms"]["copies"]["p50"] > 0
    assert events["speed", None]["fingerprint_12mp_ms"]["beyond_decode"] > 0
    assert events["left-out", None]["file"] == "bb.jpg"
    assert "bb.jpg is left out" in ran.err
    pairs = [json.loads(row) for row in (tmp_path / "pairs.jsonl").read_text().splitlines()]
    assert sorted({(pair["event"], pair.get("copy", "")[:10]) for pair in pairs})[:1] == [("copy", "a.mirror.h")]
    assert len(pairs) == 20
    assert {path: path.read_bytes() for path in photos.iterdir()} == before


def test_the_table_says_how_and_what_was_measured(tmp_path: Path, photo: Photo, pictrace: Run) -> None:
    for name, seed in (("1.jpg", 1), ("2.jpg", 2)):
        photo(f"groups/one/{name}", seed=seed)

    ran = pictrace("bench", "matrix", tmp_path / "groups", "--family", "burst", "--quiet")

    heading, *lines = ran.out.splitlines()
    assert "`pictrace bench matrix " in heading
    assert heading.endswith("0 photos, 0 copies.")
    assert any(line.startswith("| one ") and "| 1 " in line for line in lines)
    assert ran.err == ""


def test_a_drawing_goes_to_a_new_file(photos: Path, tmp_path: Path, pictrace: Run) -> None:
    pytest.importorskip("matplotlib")
    drawn = tmp_path / "drawn.png"

    ran = pictrace("bench", "matrix", photos, "--family", "mirror", "--limit", "2", "--plot", drawn, "--quiet")

    assert ran.code == 0
    assert drawn.read_bytes().startswith(b"\x89PNG")


def test_without_matplotlib_a_line_says_how_to_get_it(
    photos: Path, tmp_path: Path, pictrace: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)

    ran = pictrace("bench", "matrix", photos, "--plot", tmp_path / "drawn.png")

    assert (ran.code, ran.out) == (2, "")
    assert "pip install 'pictrace[bench]'" in ran.err


def test_bursts_alone_cannot_be_drawn_which_is_told_before_any_work(
    tmp_path: Path, photo: Photo, pictrace: Run
) -> None:
    for name, seed in (("1.jpg", 1), ("2.jpg", 2)):
        photo(f"groups/one/{name}", seed=seed)
    words = ("--family", "burst", "--plot", tmp_path / "drawn.png")

    ran = pictrace("bench", "matrix", tmp_path / "groups", *words)

    assert (ran.code, ran.out) == (2, "")
    assert "--plot: expected copies to draw" in ran.err


def test_groups_alone_are_compared_within_themselves(tmp_path: Path, photo: Photo, pictrace: Run) -> None:
    for name, seed in (("one/1.jpg", 1), ("one/2.jpg", 2), ("one/3.jpg", 3), ("two/1.jpg", 4), ("two/2.jpg", 5)):
        photo(f"groups/{name}", seed=seed)

    events = events_of(pictrace("bench", "matrix", tmp_path / "groups", "--family", "burst", "--json"))

    assert [events["exposures", kind]["n"] for kind in ("one", "two", "all")] == [3, 1, 4]
    assert events["exposures", "all"]["false_copies"]["hits"] == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--family", "sideways"], "expected one of reencode, resize, crop, rotate, mirror, colour, overlay, collage"),
        (["--family", "burst"], "expected groups of pictures"),
        (["--out", "pairs.csv"], "ends in .jsonl"),
        (["--plot", "drawn.jpg"], "ends in .png"),
        (["--limit", "0"], "--limit"),
    ],
)
def test_what_cannot_be_measured_is_said_and_gives_two(
    words: list[str], message: str, photos: Path, pictrace: Run
) -> None:
    ran = pictrace("bench", "matrix", photos, *words)

    assert ran.code == 2
    assert message in ran.err


def test_a_folder_without_photos_gives_two(tmp_path: Path, pictrace: Run) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "a.jpg").write_bytes(b"")

    ran = pictrace("bench", "matrix", tmp_path / "empty")

    assert ran.code == 2
    assert "expected photos, found none" in ran.err
