"""What becomes of a chunk of which one file is broken."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from pictrace.bench.running import Chunk, measured, own_matches, wanted
from pictrace.errors import PhotoError, UsageError
from pictrace.fingerprint import WorkerPool
from pictrace.match.methods import MethodSettings
from pictrace.model import Match

Photo = Callable[..., Path]
SETTINGS = MethodSettings()


class Here(WorkerPool):
    """Does in this process what workers would."""

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        """Return what is done already."""
        told: Future[Any] = Future()
        try:
            told.set_result(function(*args))
        except Exception as problem:
            told.set_exception(problem)
        return told


@pytest.mark.parametrize("names", [["thumb4"], ["pictrace"]])
def test_a_broken_file_costs_only_its_own_pairs(names: list[str], photo: Photo, tmp_path: Path) -> None:
    photos = [photo(f"{seed}.png", seed=seed, size=(64, 48)) for seed in range(2)]
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    chunk = Chunk(rows=tuple(photos), columns=(*photos, broken))
    heard = []

    came = list(measured(Here(1), [chunk], wanted(names, SETTINGS), lambda done, total: heard.append((done, total))))

    assert [(row, column) for row, column, _ in came] == [
        (row, column) for row in chunk.rows for column in chunk.columns
    ]
    assert {column for _, column, outcome in came if outcome.reading is None} == {broken}
    assert all("broken.jpg" in (outcome.error or "") for _, column, outcome in came if column == broken)
    assert heard == [(0, 6), (6, 6)]


def test_no_name_at_all_is_refused() -> None:
    with pytest.raises(UsageError, match="found none"):
        wanted([], SETTINGS)


def test_a_broken_file_costs_only_the_pairs_of_the_own_matcher_that_it_is_in(photo: Photo, tmp_path: Path) -> None:
    good, other = (photo(f"{seed}.png", seed=seed, size=(64, 48)) for seed in range(2))
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    pairs = [(good, other), (good, broken), (good, good), (broken, other)] + [(other, other)] * 8
    heard = []

    came = list(own_matches(Here(1), pairs, lambda done, total: heard.append((done, total))))

    assert [pair for pair, _ in came] == pairs
    assert [pair for pair, match in came if isinstance(match, PhotoError)] == [(good, broken), (broken, other)]
    assert all("broken.jpg" in str(match) for pair, match in came if broken in pair)
    assert [match.is_sure_copy for pair, match in came if isinstance(match, Match)] == [False, *[True] * 9]
    assert heard == [(10, 12), (12, 12)]
