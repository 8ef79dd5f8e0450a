"""Other tools: asked in a process of their own, and counted as PicTrace is."""

from __future__ import annotations

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


def test_a_tool_that_is_not_installed_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "field"
    folder.mkdir()

    assert ask(PHASH, folder, [], str(tmp_path / "no-python")).missing is not None


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
