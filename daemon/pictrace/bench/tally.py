"""What a number of a method came to over many pairs: the cut at zero false positives, and what it finds there."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from pictrace.bench.own import OWN, OWN_CUT
from pictrace.bench.pairs import Kind, Material, Pair
from pictrace.bench.running import Wanted
from pictrace.bench.shares import Share
from pictrace.match.methods import Metric
from pictrace.match.methods.measuring import Outcome

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A number for one pair; None where the method could not tell."""

    kind: Kind
    value: float | None
    family: str
    pair: Pair  # the originals of the two


@dataclass(slots=True, kw_only=True)
class Tally:
    """All values of one number of one method."""

    method: str
    metric: Metric
    values: list[Value] = field(default_factory=list)

    def cut(self, *kinds: Kind) -> float | None:
        """Return the most alike value of pairs of some kinds; None where there are none.

        PicTrace's own is no such value: it says itself what is a copy.
        """
        if self.method == OWN:
            return OWN_CUT
        found = self.numbers(*kinds)
        if not found:
            return None
        return max(found) if self.metric.is_similarity else min(found)

    def numbers(self, *kinds: Kind) -> list[float]:
        """Return the values of the pairs of some kinds, where the method could tell."""
        return [one.value for one in self.values if one.kind in kinds and one.value is not None]

    def closest(self, kind: Kind) -> list[Value]:
        """Return the pairs of a kind, the most alike ones first."""
        told = [one for one in self.values if one.kind is kind and one.value is not None]
        return sorted(told, key=lambda one: one.value or 0.0, reverse=self.metric.is_similarity)

    def recall(self, cut: float | None, family: str | None = None) -> Share:
        """Return how many copies, of one family or of all, are closer than a cut; what could not be told is not."""
        copies = [one for one in self.values if one.kind is Kind.COPY and family in (None, one.family)]
        return Share.of(
            cut is not None and one.value is not None and self.metric.is_closer(one.value, cut) for one in copies
        )

    def false_positives(self, cut: float | None, kind: Kind = Kind.DIFFERENT) -> int:
        """Return how many pairs that are no copies are closer than a cut."""
        return sum(cut is not None and self.metric.is_closer(value, cut) for value in self.numbers(kind))

    @property
    def untold(self) -> int:
        """How many pairs the method could not tell."""
        return sum(one.value is None for one in self.values)

    @property
    def least_equal(self) -> float | None:
        """What the least alike two equal pictures gave."""
        found = self.numbers(Kind.EQUAL)
        if not found or any(one.value is None for one in self.values if one.kind is Kind.EQUAL):
            return None
        return min(found) if self.metric.is_similarity else max(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The middle and the upper end of some times; not a number where there are none."""

    p50: float
    p95: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """Return the 50th and the 95th of 100."""
        found = list(values)
        if not found:
            return cls(p50=math.nan, p95=math.nan)
        p50, p95 = np.percentile(found, (50, 95))
        return cls(p50=float(p50), p95=float(p95))

    def to_json(self, digits: int) -> Json:
        """Return both, rounded."""
        return {name: clean(round(getattr(self, name), digits)) for name in ("p50", "p95")}


@dataclass(slots=True, kw_only=True)
class Times:
    """How long a method took: for each picture described, and for each pair of described ones; milliseconds."""

    describing: list[float] = field(default_factory=list)
    comparing: list[float] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Tallies:
    """What a run over many pairs came to: ``tallies`` by method and number, ``times`` by method."""

    tallies: dict[tuple[str, str], Tally]
    times: dict[str, Times]
    _seen: set[tuple[str, Pair]] = field(default_factory=set)

    @classmethod
    def empty(cls, what: Wanted) -> Tallies:
        """Return tallies for all that is measured."""
        return cls(
            tallies={(name, metric.name): Tally(method=name, metric=metric) for name, metric in what.metrics},
            times={name: Times() for name in what.names_of_all()},
        )

    def of(self, method: str) -> list[Tally]:
        """Return the numbers of one method, the one to rank by first."""
        return [tally for tally in self.tallies.values() if tally.method == method]

    def add(self, row: Path, column: Path, outcome: Outcome, material: Material) -> None:
        """Take what a method made of a pair; a pair that is none to measure, or was seen before, is passed over."""
        kind, place = material.kind(row, column), (outcome.method, frozenset((row, column)))
        if kind is None or place in self._seen:
            return
        self._seen.add(place)
        if outcome.reading is not None:
            times = self.times[outcome.method]
            times.describing.append(outcome.describe_milliseconds / 2)
            times.comparing.append(outcome.compare_milliseconds)
        originals = frozenset(material.files[path].original for path in (row, column))
        for tally in self.of(outcome.method):
            value = None if outcome.reading is None else outcome.reading.values[tally.metric.name]
            tally.values.append(Value(kind=kind, value=value, family=material.family(row, column), pair=originals))


def clean(value: float | None) -> float | None:
    """Return a number as JSON knows it: what is not a number, or beyond all, is None."""
    return value if value is not None and math.isfinite(value) else None
