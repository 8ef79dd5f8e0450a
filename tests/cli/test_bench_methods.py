"""``pictrace bench`` with the methods of others, on a few small photos."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pictrace.match.methods import MethodSettings
from pictrace.match.methods.measuring import grid

Run = Callable[..., Any]
Photo = Callable[..., Path]
SIZE = (120, 90)
NETWORK = Path(__file__).resolve().parents[1] / "networks" / "tiny.yaml"


@pytest.fixture
def folder(tmp_path: Path, photo: Photo) -> Path:
    """Return a folder of three different photos."""
    for seed, name in enumerate("abc", start=1):
        photo(f"{name}.png", seed=seed, size=SIZE, folder=tmp_path / "photos")
    return tmp_path / "photos"


def rows(ran: Any) -> list[dict[str, Any]]:
    assert ran.code == 0, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


def test_each_method_gets_a_row_at_zero_false_positives(pictrace: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "rows.jsonl"
    words = ("--methods", "thumb4,hist,cnn", "--network", NETWORK, "--json", "--out", out)

    ran = pictrace("bench", "seeds", folder, *words)

    given = rows(ran)
    assert out.read_text() == ran.out
    photos = sorted(folder.iterdir())
    of_originals = [
        one.outcomes[0].reading.values["manhattan"]
        for one in grid(photos, photos, ["thumb4"], MethodSettings())
        if one.row < one.column
    ]

    assert {row["method"]: [one["metric"] for one in row["metrics"]] for row in given} == {
        "thumb4": ["manhattan"],
        "hist": ["intersection", "correlation"],
        "cnn": ["cosine", "l2"],
    }
    for number in itertools.chain.from_iterable(row["metrics"] for row in given):
        assert number["equal"] == number["perfect"]
        assert (number["false_positives"], number["could_not_tell"]) == (0, 0)
    for number in itertools.chain.from_iterable(row["metrics"] for row in given if row["method"] != "cnn"):
        assert number["recall"]["reencode"] == 1
    (thumb4,) = next(row for row in given if row["method"] == "thumb4")["metrics"]
    assert 0 < thumb4["cut"] <= min(of_originals)
    # Each of 27 copies with both others, the collage of two with the one it does not show; three pairs of photos.
    assert thumb4["negatives"] == 3 * (27 * 2 + 1) + 3


def test_a_table_goes_to_people_and_a_drawing_to_a_file(pictrace: Run, folder: Path, tmp_path: Path) -> None:
    words = ("--methods", "thumb4", "--limit", "2", "--markdown", "--plot", tmp_path / "drawn.png")

    ran = pictrace("bench", "seeds", folder, *words)

    assert ran.code == 0
    assert "\n| thumb4 | manhattan | 100 |" in ran.out
    assert (tmp_path / "drawn.png").read_bytes().startswith(b"\x89PNG")


def test_without_matplotlib_a_line_says_how_to_get_it(
    pictrace: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)

    ran = pictrace("bench", "seeds", folder, "--plot", tmp_path / "drawn.png")

    assert ran.code == 2
    assert "pip install 'pictrace[bench]'" in ran.err


@pytest.mark.parametrize("command", ["seeds", "symmetry", "groups"])
def test_an_unknown_method_is_told_before_any_work(pictrace: Run, folder: Path, command: str) -> None:
    ran = pictrace("bench", command, folder, "--methods", "shim")

    assert ran.code == 2
    assert "there is no method" in ran.err
    assert ran.out == ""


def test_a_folder_without_photos_is_refused(pictrace: Run, tmp_path: Path) -> None:
    ran = pictrace("bench", "seeds", tmp_path)

    assert ran.code == 2
    assert "expected at least 2 photos" in ran.err


def test_neighbors_of_each_group_are_found(pictrace: Run, tmp_path: Path, photo: Photo) -> None:
    for group, seed in (("one", 1), ("two", 2)):
        for name in ("a.png", "b.jpg"):
            photo(name, seed=seed, size=SIZE, folder=tmp_path / "groups" / group)

    (given,) = rows(pictrace("bench", "groups", tmp_path / "groups", "--methods", "thumb4,pictrace", "--json"))

    assert (given["groups"], given["pictures"]) == (2, 4)
    assert [(row["method"], row["accuracy"], row["of"]) for row in given["rows"]] == [
        ("pictrace", 1, 2),
        ("thumb4", 1, 2),
    ]
    assert all(row["seconds_a_pair"] > 0 for row in given["rows"])


def test_a_folder_without_groups_is_refused(pictrace: Run, folder: Path) -> None:
    ran = pictrace("bench", "groups", folder, "--methods", "thumb4")

    assert ran.code == 2
    assert "expected groups of pictures" in ran.err


def test_pictrace_and_a_method_are_steady_to_the_last_bit(pictrace: Run, folder: Path) -> None:
    (folder / "c.png").unlink()
    words = ("--pairs", "2", "--repeat", "2", "--methods", "pictrace,thumb4")

    ran = pictrace("bench", "symmetry", folder, *words)

    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "max asymmetry 0, max drift 0"
    assert [line.split(":")[0] for line in ran.out.splitlines()[1:3]] == ["pictrace", "thumb4"]


def test_two_libraries_give_one_distance(pictrace: Run) -> None:
    scipy, numpy = rows(pictrace("bench", "euclid", "--repeats", "3", "--json"))

    assert (scipy["library"], numpy["library"]) == ("scipy", "numpy")
    assert scipy["value"] == pytest.approx(numpy["value"], rel=1e-4)  # both sum in 32 bits, in another order
    assert scipy["mean_milliseconds"] > 0


def test_other_tools_that_give_no_answer_are_told_apart_from_those_not_installed(
    pictrace: Run, folder: Path, tmp_path: Path
) -> None:
    python = tmp_path / "python"
    python.write_text(
        """#!/bin/sh\ncase $2 in pdq*) echo '{"missing": "no pdqhash"}';; *) echo why >&2; exit 1;; esac\n"""
    )
    python.chmod(0o755)
    words = ("bench", "peers", folder, "--limit", "2", "--python", python)

    table = pictrace(*words).out
    _, *others = rows(pictrace(*words, "--json"))

    assert "Not installed: pdqhash ≤ 31, 8 orientations.\n" in table
    assert "difPy, similar gave no answer: exit code 1, why\n" in table
    assert table.count("gave no answer") == 7
    assert [(one["event"], one["reason"]) for one in others] == [
        ("missing", "no pdqhash"),
        *[("failed", "exit code 1, why")] * 7,
    ]


@pytest.mark.parametrize("command", ["seeds", "groups", "symmetry"])
def test_cnn_without_a_network_says_how_to_add_one(pictrace: Run, folder: Path, command: str) -> None:
    ran = pictrace("bench", command, folder, "--methods", "cnn")

    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1
    assert "--network RECIPE" in ran.err
