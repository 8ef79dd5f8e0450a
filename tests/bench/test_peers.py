"""Other tools: asked in a process of their own, and counted as PicTrace is."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pictrace.bench.peers import FINDERS, Answer, ask, side_by_side

Photo = Callable[..., Path]
PHASH = "imagehash pHash ≤ 10"


def test_a_tool_that_is_installed_is_asked_about_each_pair(photo: Photo, tmp_path: Path) -> None:
    folder = tmp_path / "field"
    for name, seed in (("a.png", 1), ("b.png", 1), ("c.png", 2)):
        photo(name, seed=seed, folder=folder)

    answer = ask(PHASH, folder, [("a.png", "b.png"), ("a.png", "c.png")], sys.executable)

    assert (answer.joined, answer.missing) == ([True, False], None)
    assert answer.cpu_seconds > 0


@pytest.fixture
def python(tmp_path: Path) -> Callable[[str], str]:
    """Return a function that writes a shell script to stand where an interpreter is asked for."""

    def write(script: str) -> str:
        path = tmp_path / "python"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return str(path)

    return write


@pytest.fixture
def field(tmp_path: Path) -> Path:
    """Return an empty folder to search."""
    (tmp_path / "field").mkdir()
    return tmp_path / "field"


def test_a_tool_that_is_not_installed_says_so(field: Path, python: Callable[[str], str]) -> None:
    answer = ask(PHASH, field, [], python("""echo '{"missing": "No module named imagehash"}'"""))

    assert (answer.missing, answer.failure) == ("No module named imagehash", None)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("exit 1", "exit code 1"),
        (
            "echo Traceback >&2; echo 'ValueError: no such bits' >&2; echo >&2; exit 3",
            "exit code 3, ValueError: no such",
        ),
        ("kill -9 $$", "ended by signal 9"),
        ("true", "expected JSON, found nothing"),
        ("echo Found 3 images", "expected JSON, found Found 3 images"),
        ("echo '[true]'", "expected JSON, found [true]"),
        ("""echo '{"joined": [1, "no"]}'""", "expected JSON, found "),
    ],
)
def test_a_tool_that_gives_no_answer_is_not_taken_for_missing(
    field: Path, python: Callable[[str], str], script: str, reason: str
) -> None:
    answer = ask(PHASH, field, [], python(script))

    assert answer.missing is None
    assert answer.failure is not None
    assert answer.failure.startswith(reason)


def test_an_interpreter_that_cannot_be_started_is_no_missing_tool(field: Path, tmp_path: Path) -> None:
    answer = ask(PHASH, field, [], str(tmp_path / "no-python"))

    assert (answer.missing, answer.failure) == (None, f"{tmp_path}/no-python: No such file or directory")


def test_a_command_that_crashes_finds_nothing_and_says_so(
    field: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "bin/findimagedupes"
    command.parent.mkdir()
    command.write_text("#!/bin/sh\necho no database >&2\nexit 2\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(command.parent), prepend=os.pathsep)

    answer = ask("findimagedupes 90 %", field, [], sys.executable)

    assert answer.failure is not None
    assert "findimagedupes: exit code 2, no database" in answer.failure


def test_missing_tools_are_named_and_the_others_counted(photo: Photo) -> None:
    photos = [photo("a.jpg", seed=1, size=(96, 72)), photo("b.jpg", seed=2, size=(96, 72))]
    heard = []

    def asked(tool: str, folder: Path, pairs: Sequence[tuple[str, str]], python: str) -> Answer:
        heard.append((python, {Path(name).stem.isdecimal() for pair in pairs for name in pair}))
        if tool != PHASH:
            return Answer(joined=[], cpu_seconds=0.0, missing="No module named")
        return Answer(joined=[place % 2 == 0 for place in range(len(pairs))], cpu_seconds=1.5)

    came = side_by_side(photos, "python", limit=2, tell=lambda done, total: None, asked=asked)

    assert [row.tool for row in came.rows] == ["pictrace", PHASH]
    assert set(came.missing) == set(FINDERS) - {PHASH}
    assert came.rows[1].found["all"].hits == 29
    assert came.rows[1].different.hits == pytest.approx(1)
    assert heard[0] == ("python", {True})


def test_a_tool_that_answers_for_fewer_pairs_is_named_and_not_counted(photo: Photo) -> None:
    photos = [photo("a.jpg", seed=1, size=(96, 72)), photo("b.jpg", seed=2, size=(96, 72))]

    def asked(tool: str, folder: Path, pairs: Sequence[tuple[str, str]], python: str) -> Answer:
        if tool != PHASH:
            return Answer(joined=[], cpu_seconds=0.0, failure="exit code 1")
        return Answer(joined=[True] * (len(pairs) - 2), cpu_seconds=1.5)

    came = side_by_side(photos, "python", limit=2, tell=lambda done, total: None, asked=asked)

    assert [row.tool for row in came.rows] == ["pictrace"]
    assert came.missing == {}
    assert came.failures == {**dict.fromkeys(FINDERS, "exit code 1"), PHASH: "answered for 57 of 59 pairs"}
