"""``pictrace not-duplicate`` and its siblings: said once, obeyed everywhere, written down as text."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pictrace.service.lock import StateLock

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


def test_what_is_no_picture_is_no_duplicate_of_anything(pictrace: Run, library: Path, tmp_path: Path) -> None:
    text = tmp_path / "notes.jpg"
    text.write_text("no picture")

    ran = pictrace("not-duplicate", library / "original.jpg", text)

    assert ran.code == 2
    assert f"{text}: expected a picture" in ran.err
    assert pictrace("verdicts").out == ""


def test_a_photo_in_quarantine_is_meant_by_the_path_it_had(
    pictrace: Run, photo: Callable[..., Path], tmp_path: Path
) -> None:
    folder = tmp_path / "library"
    kept, away = photo("a.jpg", folder=folder), folder / "b.jpg"
    kept_bytes = kept.read_bytes()
    away.write_bytes(kept_bytes[:2] + b"\xff\xfe\x00\x06note" + kept_bytes[2:])
    config = tmp_path / "config.yaml"
    config.write_text(f"version: 1\nroots:\n  - path: {folder}\nrules:\n  - include: exact-copies\n")
    assert pictrace("scan", "--act", "--yes", "--config", config).code == 0
    assert [kept.exists(), away.exists()] in ([True, False], [False, True])

    ran = pictrace("not-duplicate", kept, away, "--json", "--config", config)

    assert ran.code == 0
    assert sorted(Path(name).name for name in told(ran)[0]["files"]) == ["a.jpg", "b.jpg"]


def test_list_is_what_verdicts_alone_tells(pictrace: Run, library: Path) -> None:
    pictrace("keep-both", library / "original.jpg", library / "mirrored.jpg")

    listed = pictrace("verdicts", "list")

    assert "keep-both" in listed.out
    assert listed.out == pictrace("verdicts").out


def test_a_missing_file_of_verdicts_is_asked_for_by_name(pictrace: Run, tmp_path: Path) -> None:
    ran = pictrace("verdicts", "import", tmp_path / "nothing")

    assert (ran.code, ran.err) == (2, f"pictrace: {tmp_path}/nothing: expected a file of verdicts, found no file\n")


def test_a_word_is_said_beside_a_running_daemon(pictrace: Run, library: Path, state: Path) -> None:
    pair = library / "original.jpg", library / "mirrored.jpg"
    with StateLock(state, [library]):
        said = [pictrace(word, *pair).code for word in ("not-duplicate", "same-burst", "keep-both", "refuse")]
        listed = [pictrace(*words).code for words in (("verdicts",), ("verdicts", "export"), ("tombstones",))]
        scanned = pictrace("scan", library)

    assert said + listed == [0] * 7
    assert scanned.code == 75
    assert "--state" not in scanned.err


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
