"""``pictrace not-duplicate`` and its siblings: said once, obeyed everywhere, written down as text."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def library(known: Any, state: Path) -> Path:
    """Return a library that is known already; what a test says is forgotten with it."""
    shutil.copytree(known.state, state)
    return Path(known.library)


def told(ran: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.out.splitlines()]


def findings(ran: Any) -> list[dict[str, Any]]:
    return [one for one in told(ran) if one["event"] == "finding"]


def test_what_is_no_duplicate_is_not_reported_and_explain_says_why(pictrace: Run, library: Path) -> None:
    pair = library / "original.jpg", library / "mirrored.jpg"
    assert pictrace("not-duplicate", *pair).code == 0

    scanned = pictrace("scan", library, "--json", "--quiet")
    explained = pictrace("explain", pair[0])
    near = pictrace("find", pair[0], "--json")

    assert findings(scanned) == []
    assert "you said on 2" in explained.out
    assert "that these are no duplicates" in explained.out
    assert [one.get("told", {}).get("word") for one in told(near)] == ["not-duplicate"]


def test_every_two_of_three_are_meant(pictrace: Run, library: Path) -> None:
    names = ("original.jpg", "mirrored.jpg", "else.jpg")

    ran = pictrace("same-burst", *(library / name for name in names), "--json")

    assert len({frozenset(one["files"]) for one in told(ran)}) == 3
    assert {one["word"] for one in told(ran)} == {"same-burst"}


def test_a_word_is_taken_back(pictrace: Run, library: Path) -> None:
    pair = library / "original.jpg", library / "mirrored.jpg"
    pictrace("keep-both", *pair)
    assert pictrace("not-duplicate", *pair, "--forget").code == 2

    assert pictrace("keep-both", *pair, "--forget").code == 0

    assert pictrace("verdicts").out == ""


def test_the_list_names_photos_as_they_are_called_now(pictrace: Run, library: Path) -> None:
    pictrace("keep-both", library / "original.jpg", library / "mirrored.jpg")

    (one,) = told(pictrace("verdicts", "--json"))

    assert sorted(one["files"]) == sorted(str(library / name) for name in ("mirrored.jpg", "original.jpg"))
    assert "keep-both" in pictrace("verdicts").out


def test_equal_files_may_be_kept_both_but_are_no_two_photos(pictrace: Run, library: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(library / "original.jpg", tmp_path / "copy.jpg"))

    refused = pictrace("not-duplicate", library / "original.jpg", copy)
    kept = pictrace("keep-both", library / "original.jpg", copy, "--json")

    assert refused.code == 2
    assert "equal to the last byte" in refused.err
    assert "keep-both" in refused.err
    (one,) = told(kept)
    assert one["hashes"][0] == one["hashes"][1]


def test_what_was_said_goes_through_a_text_file(pictrace: Run, library: Path, tmp_path: Path) -> None:
    pictrace("not-duplicate", library / "original.jpg", library / "mirrored.jpg")
    text = tmp_path / "verdicts.txt"
    assert pictrace("verdicts", "export", text).code == 0
    elsewhere = tmp_path / "elsewhere"

    taken = pictrace("verdicts", "import", text, "--json", state=elsewhere)
    again = pictrace("verdicts", "import", text, "--json", state=elsewhere)

    assert [(one["taken"], one["passed_over"]) for one in told(taken) + told(again)] == [(1, 0), (0, 1)]
    exported = pictrace("verdicts", "export", state=elsewhere).out
    assert exported == text.read_text()
    assert "library/mirrored.jpg" in exported


def test_an_export_overwrites_nothing(pictrace: Run, library: Path, tmp_path: Path) -> None:
    text = tmp_path / "verdicts.txt"
    text.write_text("mine")

    assert pictrace("verdicts", "export", text).code == 2
    assert text.read_text() == "mine"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ab cd", "expected two hashes, a word and a time"),
        (f"{'ab' * 31} {'cd' * 32} keep-both 2026-01-01", "expected a SHA-256"),
        (f"{'ab' * 32} {'cd' * 32} keep 2026-01-01", "not-duplicate, same-burst, keep-both"),
        (f"{'ab' * 32} {'cd' * 32} keep-both soon", "expected a time"),
        (f"{'ab' * 32} {'ab' * 32} same-burst 2026-01-01", "two different hashes"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_taken_in(pictrace: Run, tmp_path: Path, line: str, expected: str) -> None:
    text = tmp_path / "verdicts.txt"
    text.write_text(f"# PicTrace verdicts, version 1: a head\n{'01' * 32} {'02' * 32} keep-both 2026-01-01\n{line}\n")

    ran = pictrace("verdicts", "import", text)

    assert ran.code == 2
    assert f"verdicts.txt:3: {expected}" in ran.err or expected in ran.err
    assert ":3: " in ran.err
    assert pictrace("verdicts").out == ""


@pytest.mark.parametrize(
    "head", ["# PicTrace verdicts, version 2: more words\n", "# PicTrace verdicts, version 10:\n", ""]
)
def test_a_file_of_another_version_is_not_taken_in(pictrace: Run, tmp_path: Path, head: str) -> None:
    text = tmp_path / "verdicts.txt"
    text.write_text(f"{head}{'01' * 32} {'02' * 32} keep-both 2026-01-01\n")

    ran = pictrace("verdicts", "import", text)

    assert ran.code == 2
    assert "verdicts.txt:1: expected a line that begins with `# PicTrace verdicts, version 1:`" in ran.err
    assert pictrace("verdicts").out == ""
