"""How neighbors are counted: cases small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

from pictrace.bench.copies import Group
from pictrace.bench.groups import neighbors_found
from pictrace.match.methods import Metric

DISTANCE = Metric(name="distance", unit="bits", is_similarity=False, perfect=0.0)
SIMILARITY = Metric(name="similarity", unit="0 to 1", is_similarity=True, perfect=1.0)
GROUP = Group(name="g", files=(Path("a"), Path("b"), Path("c"), Path("d")))


def values(**given: float) -> dict[Path, float]:
    return {Path(name): value for name, value in given.items()}


def test_of_three_neighbors_those_among_the_three_nearest_count() -> None:
    near = values(b=1, c=9, d=2, x=3, y=20)

    assert neighbors_found(GROUP, near, DISTANCE) == 2
    assert neighbors_found(GROUP, near, SIMILARITY) == 1


def test_of_equal_values_those_of_others_come_first() -> None:
    assert neighbors_found(GROUP, values(b=5, c=5, d=5, x=5, y=5), DISTANCE) == 1


def test_what_could_not_be_told_is_never_near() -> None:
    assert neighbors_found(GROUP, values(b=5, x=9, y=9), DISTANCE) == 1
