"""``pictrace explain``: all that is known, in words; a clear error where nothing can be said."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

Run = Callable[..., Any]


@pytest.fixture
def ask(known: Any, pictrace: Run) -> Run:
    """Return a function that explains photos of the known library, by their names."""

    def run(*names: str, words: tuple[str | Path, ...] = ()) -> Any:
        return pictrace("explain", *(known.library / name for name in names), *words, state=known.state)

    return run


def test_a_finding_is_told_in_words_with_measurements_keeper_and_rule(ask: Run) -> None:
    ran = ask("mirrored.jpg")

    assert ran.code == 0
    assert "mirrored.jpg is an edited copy of original.jpg." in ran.out
    assert "mirrored, left and right swapped" in ran.out
    assert "verified: geometry and pixels agree" in ran.out
    assert "file-from-other" in ran.out or "other-from-file" in ran.out
    assert "at least" in ran.out
    assert "passed" in ran.out
    assert "rule: " in ran.out
    assert "kept: " in ran.out


def test_the_table_is_plain_in_a_pipe(ask: Run) -> None:
    out = ask("mirrored.jpg").out

    assert "measurement" in out
    assert not set(out) & set("│┃─━╭\x1b")


def test_both_of_a_pair_explain_it(ask: Run) -> None:
    asked = [json.loads(ask(name, words=("--json",)).out) for name in ("mirrored.jpg", "original.jpg")]

    assert asked[0] == asked[1]


def test_json_keeps_its_names(ask: Run) -> None:
    told = json.loads(ask("mirrored.jpg", words=("--json",)).out)

    assert told["event"] == "finding"
    names = {"file", "other", "relation", "similarity", "certainty", "direction", "edits", "evidence"}
    assert names | {"keeper", "rule", "plan"} <= set(told)
    assert told["evidence"]
    assert all(set(one) == {"name", "value", "limit", "passed"} for one in told["evidence"])


def test_a_pair_is_told_the_way_it_was_asked(ask: Run) -> None:
    for pair in (("mirrored.jpg", "original.jpg"), ("original.jpg", "mirrored.jpg")):
        told = json.loads(ask(*pair, words=("--json",)).out)

        assert (Path(told["file"]).name, Path(told["other"]).name) == pair
        assert told["relation"] == "edited"
        assert told["rule"], "the pair is known, so the rule is"


def test_a_pair_needs_no_index(library: Path, state: Path, pictrace: Run) -> None:
    ran = pictrace("explain", library / "mirrored.jpg", library / "original.jpg")

    assert ran.code == 0
    assert "edited" in ran.out
    assert not state.exists()


def test_a_pair_without_relation_says_so(library: Path, pictrace: Run) -> None:
    ran = pictrace("explain", library / "else.jpg", library / "original.jpg")

    assert ran.code == 0
    assert "no relation" in ran.out


def test_a_photo_without_findings_is_no_error(ask: Run) -> None:
    ran = ask("else.jpg")

    assert ran.code == 0
    assert "no finding" in ran.out


@pytest.mark.parametrize("command", ["explain", "find"])
def test_a_mistyped_state_folder_is_no_answer(library: Path, tmp_path: Path, pictrace: Run, command: str) -> None:
    ran = pictrace(command, library / "original.jpg", state=tmp_path / "stat")

    assert ran.code == 2
    assert "stat: expected the index" in ran.err
    assert ran.out == ""


def test_a_file_that_is_not_known_is_an_error(known: Any, library: Path, pictrace: Run) -> None:
    ran = pictrace("explain", library / "original.jpg", state=known.state)

    assert ran.code == 2
    assert "original.jpg: expected a file that is in the index" in ran.err


def test_a_file_that_has_changed_since_is_an_error(library: Path, pictrace: Run) -> None:
    (library / "mirrored.jpg").unlink()
    pictrace("scan", library)
    (library / "original.jpg").write_bytes((library / "else.jpg").read_bytes())

    ran = pictrace("explain", library / "original.jpg")

    assert ran.code == 2
    assert "found another one" in ran.err


@pytest.mark.parametrize("words", [("broken.jpg",), ("broken.jpg", "original.jpg"), ("original.jpg", "broken.jpg")])
def test_what_is_no_picture_is_an_error(ask: Run, words: tuple[str, ...]) -> None:
    ran = ask(*words)

    assert ran.code == 2
    assert "broken.jpg: no picture we know" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("words", [("nowhere.jpg",), ("original.jpg", "nowhere.jpg")])
def test_a_file_that_is_not_there_is_an_error(ask: Run, words: tuple[str, ...]) -> None:
    ran = ask(*words)

    assert ran.code == 2
    assert "nowhere.jpg: expected a picture, found no file" in ran.err


@pytest.mark.parametrize("names", [("mirrored.jpg",), ("mirrored.jpg", "original.jpg"), ("else.jpg", "original.jpg")])
def test_the_drawing_is_a_png(ask: Run, tmp_path: Path, names: tuple[str, ...]) -> None:
    target = tmp_path / "why.png"

    ran = ask(*names, words=("--image", target))

    assert ran.code == 0, ran.err
    read = cv2.imdecode(np.fromfile(target, np.uint8), cv2.IMREAD_COLOR)
    assert read.shape[1] == 1600
    assert "why.png" in ran.out


def test_equal_files_can_be_drawn(library: Path, tmp_path: Path, pictrace: Run) -> None:
    (library / "again.jpg").write_bytes((library / "original.jpg").read_bytes())
    target = tmp_path / "why.png"

    ran = pictrace("explain", library / "again.jpg", library / "original.jpg", "--image", target, "--json")

    assert json.loads(ran.out)["relation"] == "same-bytes"
    assert target.stat().st_size > 10_000


def test_a_drawing_overwrites_nothing(ask: Run, tmp_path: Path) -> None:
    target = tmp_path / "why.png"
    target.write_bytes(b"mine")

    ran = ask("mirrored.jpg", words=("--image", target))

    assert ran.code == 2
    assert "nothing is overwritten" in ran.err
    assert target.read_bytes() == b"mine"


def test_a_drawing_never_lands_in_a_watched_folder(known: Any, ask: Run, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(known.library, target_is_directory=True)

    for folder in (known.library, link):
        ran = ask("mirrored.jpg", words=("--image", folder / "why.png"))

        assert ran.code == 2
        assert "watched folder" in ran.err
        assert not (folder / "why.png").exists()


@pytest.mark.parametrize(("name", "said"), [("why.jpg", "ends in .png"), ("no/folder/why.png", "found none")])
def test_a_bad_name_for_a_drawing_is_refused(ask: Run, tmp_path: Path, name: str, said: str) -> None:
    ran = ask("mirrored.jpg", words=("--image", tmp_path / name))

    assert ran.code == 2
    assert said in ran.err


def test_without_a_finding_there_is_nothing_to_draw(ask: Run, tmp_path: Path) -> None:
    ran = ask("else.jpg", words=("--image", tmp_path / "why.png"))

    assert ran.code == 2
    assert not (tmp_path / "why.png").exists()
