"""From where on a method says alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictrace.errors import StoreError
from pictrace.match.methods import Metric
from pictrace.match.methods.cuts import Cut, Cuts, cuts_in_force, cuts_path, is_like, save_cuts, written

SIMILARITY = Metric(name="s", unit="0 to 1", is_similarity=True, perfect=1.0)
DISTANCE = Metric(name="d", unit="bits", is_similarity=False, perfect=0.0)


def cut(value: float) -> Cut:
    return Cut(method="m", metric="d", value=value, pairs=100, recall=0.5)


def test_what_is_as_close_as_a_pair_of_different_photos_is_not_alike() -> None:
    assert not is_like(DISTANCE, 5.0, cut(5.0))
    assert is_like(DISTANCE, 4.0, cut(5.0))
    assert not is_like(SIMILARITY, 0.5, cut(0.5))
    assert is_like(SIMILARITY, 0.6, cut(0.5))


@pytest.mark.parametrize("metric", [SIMILARITY, DISTANCE])
def test_where_different_photos_gave_the_perfect_value_nothing_is_told(metric: Metric) -> None:
    assert is_like(metric, metric.perfect, cut(metric.perfect)) is None
    assert is_like(metric, 0.5, cut(metric.perfect)) is None


def test_cuts_of_ones_own_photos_go_before_those_shipped(tmp_path: Path) -> None:
    mine = Cuts(source="my photos", made_on="2026-01-02", cuts=(cut(3.0),))
    cuts_path(tmp_path).write_text(written(mine), encoding="utf-8")

    assert cuts_in_force(tmp_path) == mine
    assert cuts_in_force(tmp_path / "nothing") == cuts_in_force(None)


def test_a_cut_is_that_of_its_setting(tmp_path: Path) -> None:
    told = Cuts(source="", made_on="", cuts=(Cut(method="cnn", metric="l2", value=1, pairs=1, recall=0, about="a"),))

    assert told.of("cnn", "l2", "a") is not None
    assert told.of("cnn", "l2", "b") is None


@pytest.mark.parametrize("text", ["", "[]", '{"version": 2}', '{"version": 1, "source": "", "made_on": "", "cuts": 1}'])
def test_a_damaged_file_is_named(text: str, tmp_path: Path) -> None:
    cuts_path(tmp_path).write_text(text, encoding="utf-8")

    with pytest.raises(StoreError, match=r"cuts\.json: expected the cuts"):
        cuts_in_force(tmp_path)


def test_a_state_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")

    with pytest.raises(StoreError, match=r"state/cuts\.json: expected to write the cuts there"):
        save_cuts(tmp_path / "state", Cuts(source="", made_on="", cuts=()))
