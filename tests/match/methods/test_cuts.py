"""From where on a method says alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictrace.errors import StoreError
from pictrace.match.methods import MethodSettings, Metric, chosen
from pictrace.match.methods.cuts import Cut, Cuts, add_cuts, cuts_in_force, cuts_path, is_like, save_cuts, written

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


def of(method: str, metric: str = "d", about: str = "", value: float = 1.0) -> Cut:
    return Cut(method=method, metric=metric, about=about, value=value, pairs=100, recall=0.5)


def test_cuts_that_were_not_measured_anew_are_kept_with_where_they_come_from(tmp_path: Path) -> None:
    before = Cuts(source="A", made_on="2026-01-01", cuts=(of("m"), of("n"), of("m", "other"), of("m", about="net")))
    new = Cuts(source="B", made_on="2026-02-02", cuts=(of("m", value=2.0),))

    save_cuts(tmp_path, before)
    kept = add_cuts(tmp_path, new, {("m", "d", "")})

    cuts = cuts_in_force(tmp_path)
    assert kept == 3
    assert [(cut.place, cut.value, cut.source, cut.made_on) for cut in cuts.cuts] == [
        (("m", "d", ""), 2.0, "B", "2026-02-02"),
        (("n", "d", ""), 1.0, "A", "2026-01-01"),
        (("m", "other", ""), 1.0, "A", "2026-01-01"),
        (("m", "d", "net"), 1.0, "A", "2026-01-01"),
    ]
    assert (cuts.source, cuts.made_on) == ("B; 3 cuts of before", "2026-02-02")


@pytest.mark.parametrize("there", [None, "{"])
def test_where_there_are_no_cuts_or_a_damaged_file_the_shipped_ones_stay(there: str | None, tmp_path: Path) -> None:
    shipped = cuts_in_force(None)
    new = Cuts(
        source="B", made_on="2026-02-02", cuts=(Cut(method="ahash", metric="distance", value=3.0, pairs=9, recall=0.5),)
    )
    if there is not None:
        cuts_path(tmp_path).write_text(there, encoding="utf-8")

    assert add_cuts(tmp_path, new, {("ahash", "distance", "")}) == len(shipped.cuts) - 1
    cuts = cuts_in_force(tmp_path)
    hashed, other = cuts.of("ahash", "distance"), cuts.of("ssim", "ssim")
    assert hashed is not None
    assert hashed.value == 3.0
    assert other is not None
    assert (other.value, other.source) == (shipped.of("ssim", "ssim").value, shipped.source)


def test_a_cut_that_is_kept_twice_still_says_where_it_comes_from() -> None:
    first, second, third = (Cuts(source=name, made_on="", cuts=(of(name),)) for name in "abc")

    cuts = third.beside(second.beside(first, {("b", "d", "")}), {("c", "d", "")})

    assert {cut.method: cut.source for cut in cuts.cuts} == {name: name for name in "abc"}
    assert cuts.source == "c; 2 cuts of before"


def test_a_method_that_was_measured_and_has_no_cut_now_keeps_none() -> None:
    before = Cuts(source="A", made_on="", cuts=(of("m"),))
    new = Cuts(source="B", made_on="", cuts=())

    assert new.beside(before, {("m", "d", "")}) == new


@pytest.mark.parametrize("text", ["", "[]", '{"version": 2}', '{"version": 1, "source": "", "made_on": "", "cuts": 1}'])
def test_a_damaged_file_is_named(text: str, tmp_path: Path) -> None:
    cuts_path(tmp_path).write_text(text, encoding="utf-8")

    with pytest.raises(StoreError, match=r"cuts\.json: expected the cuts"):
        cuts_in_force(tmp_path)


def test_a_state_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")

    with pytest.raises(StoreError, match=r"state/cuts\.json: expected to write the cuts there"):
        save_cuts(tmp_path / "state", Cuts(source="", made_on="", cuts=()))


def test_the_cuts_shipped_are_of_numbers_that_methods_give() -> None:
    numbers = {(one.name, metric.name) for one in chosen(["all"], MethodSettings()) for metric in one.metrics}

    assert {(one.method, one.metric) for one in cuts_in_force(None).cuts} <= numbers
