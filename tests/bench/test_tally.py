"""The cut at zero false positives, and what is found there: counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictrace.bench.own import OWN, OWN_METRIC
from pictrace.bench.pairs import Kind, Material, Shown
from pictrace.bench.running import wanted
from pictrace.bench.tally import Tallies, Tally, Value
from pictrace.match.methods import MethodSettings, Metric, Reading
from pictrace.match.methods.measuring import Outcome

DISTANCE = Metric(name="distance", unit="bits", is_similarity=False, perfect=0.0)
SIMILARITY = Metric(name="similarity", unit="0 to 1", is_similarity=True, perfect=1.0)


def tally(metric: Metric, **values: list[float | None]) -> Tally:
    """Return a tally with values by what is true of their pairs."""
    made = [
        Value(kind=Kind(kind), value=value, family="crop", pair=frozenset((Path("a"), Path(f"{kind}{number}"))))
        for kind, several in values.items()
        for number, value in enumerate(several)
    ]
    return Tally(method="m", metric=metric, values=made)


@pytest.mark.parametrize(
    ("metric", "different", "copies", "cut", "hits"),
    [
        (DISTANCE, [30.0, 12.0, 20.0], [3.0, 11.0, 12.0, 13.0], 12.0, 2),
        (SIMILARITY, [0.3, 0.6, 0.5], [0.9, 0.61, 0.6, 0.2], 0.6, 2),
    ],
)
def test_the_cut_is_the_most_alike_of_different_photos_and_what_equals_it_is_not_found(
    metric: Metric, different: list[float], copies: list[float], cut: float, hits: int
) -> None:
    made = tally(metric, different=different, copy=copies)

    assert made.cut(Kind.DIFFERENT) == cut
    assert (made.recall(cut).hits, made.recall(cut).n) == (hits, 4)
    assert made.false_positives(cut) == 0


def test_a_series_makes_a_stricter_cut() -> None:
    made = tally(DISTANCE, different=[20.0], series=[4.0, 30.0], copy=[3.0, 10.0])

    assert made.cut(Kind.DIFFERENT) == 20
    assert made.cut(Kind.DIFFERENT, Kind.SERIES) == 4
    assert made.false_positives(20.0, Kind.SERIES) == 1


def test_what_could_not_be_told_is_a_copy_not_found_and_no_negative() -> None:
    made = tally(SIMILARITY, different=[None, 0.5], copy=[None, 0.9], equal=[1.0, None])

    assert made.cut(Kind.DIFFERENT) == 0.5
    assert (made.recall(0.5).hits, made.recall(0.5).n) == (1, 2)
    assert made.untold == 3
    assert made.least_equal is None


def test_without_negatives_there_is_no_cut_and_nothing_is_found() -> None:
    made = tally(SIMILARITY, copy=[1.0])

    assert made.cut(Kind.DIFFERENT) is None
    assert made.recall(None).hits == 0


def test_a_false_positive_of_pictrace_is_counted_and_not_cut_away() -> None:
    made = tally(OWN_METRIC, different=[3.4, 0.2], copy=[3.9, 2.9])
    made.method = OWN
    cut = made.cut(Kind.DIFFERENT)

    assert made.false_positives(cut) == 1
    assert made.recall(cut).hits == 1


def test_a_pair_seen_in_both_orders_counts_once() -> None:
    a, b = Path("a.jpg"), Path("b.jpg")
    material = Material(originals=(a, b), files={a: Shown(original=a), b: Shown(original=b)})
    tallies = Tallies.empty(wanted(["thumb4"], MethodSettings()))
    outcome = Outcome(
        method="thumb4",
        reading=Reading(values={"manhattan": 7.0}),
        error=None,
        describe_milliseconds=4.0,
        compare_milliseconds=1.0,
    )

    for pair in ((a, b), (b, a), (a, a)):
        tallies.add(*pair, outcome, material)

    (only,) = tallies.of("thumb4")
    assert only.numbers(Kind.DIFFERENT) == [7.0]
    assert tallies.times["thumb4"].describing == [2.0]
