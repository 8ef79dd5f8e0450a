"""What a comparison costs is the least of a few rounds, and a mix is a mix."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from pictrace.bench.comparing import Cost, Times, cached_cost, comparison_times, shrunk, table
from pictrace.fingerprint import WorkerPool

Photo = Callable[..., Path]


@pytest.fixture
def times() -> Times:
    """Return costs of two copies and of eight other pairs."""
    return Times(copies=(Cost(40.0, 30.0), Cost(60.0, 50.0)), others=tuple(Cost(float(n), n / 2) for n in range(1, 9)))


def test_a_percentile_of_a_mix_weighs_each_kind_as_the_mix_says(times: Times) -> None:
    assert times.percentile(0.5, (1, 0)) == 40
    assert times.percentile(0.5, (0, 1)) == 4
    assert times.percentile(0.5, (1, 1)) == 8
    assert times.percentile(0.75, (1, 1)) == 40
    assert times.percentile(0.95, (1, 3), "cpu_ms") == 50


def test_a_mix_without_one_of_its_kinds_is_of_the_other() -> None:
    assert Times(copies=(Cost(3.0, 2.0),), others=()).percentile(0.5, (1, 1)) == 3


def test_the_table_has_a_row_for_each_kind_and_for_the_mixes(times: Times) -> None:
    heading, *rows = table(times)

    assert [row[1] for row in rows] == ["2", "8", "10", "10"]
    assert {len(row) for row in (heading, *rows)} == {6}


def test_a_photo_is_made_small_for_measuring(photo: Photo) -> None:
    with Image.open(io.BytesIO(shrunk(photo("a.jpg", size=(900, 640))))) as image:
        assert image.size == (512, 364)


def test_a_cost_is_told_by_both_clocks(photo: Photo) -> None:
    one, other = photo("a.jpg", seed=1), photo("b.jpg", seed=2)

    cost = cached_cost(one, other, 2)

    assert cost.cpu_ms > 0
    assert cost.wall_ms > 0


def test_comparisons_are_measured_in_a_worker(photo: Photo) -> None:
    one, other = photo("a.jpg", seed=1), photo("b.jpg", seed=2)
    pool = WorkerPool(1)

    try:
        times = comparison_times(pool, [(one, one)], [(one, other), (other, one)], 1)
    finally:
        pool.close()

    assert len(times.copies) == 1
    assert len(times.others) == 2
