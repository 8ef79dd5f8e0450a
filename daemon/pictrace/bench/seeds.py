"""Which copies each method finds where it takes no two different photos for one: recall at zero false positives."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pictrace.bench.copies import FAMILIES
from pictrace.bench.pairs import Kind, chunks_of, made
from pictrace.bench.running import Tell, Wanted, bench_pool, measured
from pictrace.bench.shares import Share
from pictrace.bench.tally import Spread, Tallies, Tally, clean
from pictrace.match.methods import Metric

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one number of a method is worth.

    ``cut``: the most alike value of two different photos; ``recall``: by family, and of all, what is closer.
    ``equal``: the least alike value of two equal pictures. ``untold``: pairs of which the method could not tell.
    """

    metric: Metric
    cut: float | None
    negatives: int
    false_positives: int
    untold: int
    equal: float | None
    recall: dict[str, Share]

    @property
    def is_perfect_for_equal(self) -> bool:
        """Whether all equal pictures gave the perfect value."""
        return self.equal == self.metric.perfect

    def to_json(self) -> Json:
        """Return it as plain values; shares as parts of 1."""
        return {
            "metric": self.metric.name,
            "unit": self.metric.unit,
            "closer": "higher" if self.metric.is_similarity else "lower",
            "cut": clean(self.cut),
            "negatives": self.negatives,
            "false_positives": self.false_positives,
            "could_not_tell": self.untold,
            "equal": clean(self.equal),
            "perfect": self.metric.perfect,
            "recall": {name: clean(round(share.value, 4)) for name, share in self.recall.items()},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a method is worth: its numbers, and what it costs.

    ``describing``: milliseconds a picture. ``comparing``: milliseconds a pair of described pictures.
    """

    method: str
    is_record_only: bool
    scores: tuple[Score, ...]
    describing: Spread
    comparing: Spread

    def to_json(self) -> Json:
        """Return the object of the JSON contract."""
        return {
            "event": "method",
            "method": self.method,
            "record_only": self.is_record_only,
            "metrics": [score.to_json() for score in self.scores],
            "describe_milliseconds": self.describing.to_json(2),
            "compare_microseconds": Spread(p50=1e3 * self.comparing.p50, p95=1e3 * self.comparing.p95).to_json(1),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """What a run came to."""

    photos: int
    copies: int
    rows: tuple[Row, ...]


def seeds(photos: Sequence[Path], what: Wanted, *, limit: int, tell: Tell) -> Seeds:
    """Return what each method finds of the copies of some photos.

    Args:
        photos: different ones; of more than ``limit`` a choice is taken, always the same.
        what: the methods.
        limit: photos.
        tell: hears how many photos, and then how many pairs, are done.

    Raises:
        UsageError: there are too few photos.
    """
    pool = bench_pool()
    try:
        with tempfile.TemporaryDirectory(prefix="pictrace-bench-") as scratch:
            material = made(pool, photos, limit, Path(scratch), tell)
            tallies = Tallies.empty(what)
            for row, column, outcome in measured(pool, chunks_of(material), what, tell):
                tallies.add(row, column, outcome, material)
    finally:
        pool.close()
    copies = sum(shown.attack is not None for shown in material.files.values())
    return Seeds(photos=len(material.originals), copies=copies, rows=rows_of(tallies, what))


def rows_of(tallies: Tallies, what: Wanted) -> tuple[Row, ...]:
    """Return what every method came to."""
    return tuple(
        Row(
            method=name,
            is_record_only=what.is_record_only(name),
            scores=tuple(_score(tally) for tally in tallies.of(name)),
            describing=Spread.of(tallies.times[name].describing),
            comparing=Spread.of(tallies.times[name].comparing),
        )
        for name in what.names_of_all()
    )


def _score(tally: Tally) -> Score:
    cut = tally.cut(Kind.DIFFERENT)
    return Score(
        metric=tally.metric,
        cut=cut,
        negatives=len(tally.numbers(Kind.DIFFERENT)),
        false_positives=tally.false_positives(cut),
        untold=tally.untold,
        equal=tally.least_equal,
        recall={**{family: tally.recall(cut, family) for family in FAMILIES}, "all": tally.recall(cut)},
    )
