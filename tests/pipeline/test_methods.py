"""What methods make of two files, and what their cuts make of that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pictrace.errors import UnreadableError
from pictrace.match.methods import MethodSettings, Reading
from pictrace.match.methods.cuts import Cut, Cuts
from pictrace.match.methods.measuring import Outcome
from pictrace.pipeline.methods import Judged, judged, measured

Photo = Callable[..., Path]
CUTS = Cuts(
    source="drawn",
    made_on="2026-01-02",
    cuts=tuple(
        Cut(method=method, metric=metric, value=value, pairs=1, recall=1.0)
        for method, metric, value in (("phash", "distance", 10.0), ("seed-v1", "mean", 0.5))
    ),
)


def outcome(method: str, error: str | None = None, **values: float) -> Outcome:
    reading = None if error else Reading(values=values, details={"a-detail": 7.0})
    return Outcome(method=method, reading=reading, error=error, describe_milliseconds=2.0, compare_milliseconds=0.5)


def told(one: Outcome) -> Judged:
    (row,) = judged([one], MethodSettings(), CUTS)
    return row


def test_what_is_no_picture_is_an_error_of_each_method_and_no_value(photo: Photo, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(photo("a.jpg").read_bytes()[:600])

    found = measured((photo("b.jpg"), broken), ["phash", "thumb4"], MethodSettings())

    assert [(one.method, one.reading) for one in found] == [("thumb4", None), ("phash", None)]
    assert all("broken.jpg" in (one.error or "") for one in found)


def test_a_file_that_is_not_there_is_named(photo: Photo, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"gone\.jpg"):
        measured((photo("a.jpg"), tmp_path / "gone.jpg"), ["phash"], MethodSettings())


@pytest.mark.parametrize(("bits", "verdict"), [(9.0, "like"), (10.0, "unlike"), (11.0, "unlike")])
def test_a_value_is_like_where_it_is_closer_than_its_cut(bits: float, verdict: str) -> None:
    assert told(outcome("phash", distance=bits)).to_json()["verdict"] == verdict


def test_a_method_for_the_record_has_no_verdict_whatever_its_value() -> None:
    row = told(outcome("seed-v1", mean=0.9)).to_json()

    assert (row["value"], row["cut"], row["verdict"], row["record_only"]) == (0.9, 0.5, None, True)


def test_a_method_without_a_cut_has_no_verdict() -> None:
    assert told(outcome("dhash", distance=0.0)).verdict is None


def test_what_could_not_be_told_is_null_with_its_reason() -> None:
    row = told(outcome("phash", error="too little detail")).to_json()

    assert (row["value"], row["verdict"], row["error"]) == (None, None, "too little detail")


def test_each_number_of_a_method_is_a_row_with_unit_direction_and_time() -> None:
    first, second = judged([outcome("orb", similarity=0.5, **{"distinct-inliers": 40.0})], MethodSettings(), CUTS)

    assert [(row.metric.name, row.value) for row in (first, second)] == [
        ("similarity", 0.5),
        ("distinct-inliers", 40.0),
    ]
    assert (second.to_json()["unit"], second.to_json()["closer"]) == ("of 1000", "higher")
    assert (first.milliseconds, first.to_json()["details"]) == (2.5, {"a-detail": 7.0})
