"""Has the methods that others proposed measure files, in worker processes, and holds what they give against cuts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pictrace.errors import UndecodableError
from pictrace.fingerprint import WorkerPool
from pictrace.match.methods import Method, MethodSettings, Metric, about, chosen
from pictrace.match.methods.cuts import Cut, Cuts, is_like
from pictrace.match.methods.measuring import Measured, Outcome, grid

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One number of a method for a pair, with its cut; or why there is none. A method without a cut says nothing.

    ``is_like``: whether the value is closer than the cut; None where there is no cut, or none that any value could be
    closer than, or the method is for the record.
    """

    method: Method
    metric: Metric
    value: float | None
    error: str | None
    cut: Cut | None
    is_like: bool | None
    outcome: Outcome

    @property
    def verdict(self) -> str | None:
        """What the cut makes of the value, in a word."""
        return None if self.is_like is None else "like" if self.is_like else "unlike"

    @property
    def milliseconds(self) -> float:
        """How long describing both pictures and comparing them took, without reading them."""
        return self.outcome.describe_milliseconds + self.outcome.compare_milliseconds

    def to_json(self) -> Json:
        """Return the object of the JSON contract."""
        metric, reading = self.metric, self.outcome.reading
        told: Json = {
            "event": "method",
            "method": self.method.name,
            "metric": metric.name,
            "value": self.value,
            "unit": metric.unit,
            "closer": "higher" if metric.is_similarity else "lower",
            "perfect": metric.perfect,
            "cut": None if self.cut is None else self.cut.value,
            "verdict": self.verdict,
            "record_only": self.method.is_record_only,
            "milliseconds": round(self.milliseconds, 3),
            "details": {} if reading is None else reading.details,
        }
        return told if self.error is None else {**told, "error": self.error}


def measured(pair: tuple[Path, Path], names: Sequence[str], settings: MethodSettings) -> list[Outcome]:
    """Return what methods make of two files; one that takes too long or too much memory costs only itself.

    Raises:
        UsageError: a method is not known, or cannot be used as asked.
        UnreadableError: one of the files cannot be opened.
    """
    methods = chosen(names, settings)
    pool = WorkerPool(1)
    try:
        return [_measured(pool, pair, method, settings) for method in methods]
    finally:
        pool.close()


def _measured(pool: WorkerPool, pair: tuple[Path, Path], method: Method, settings: MethodSettings) -> Outcome:
    try:
        only: Measured
        (only,) = pool.submit(grid, pair[:1], pair[1:], (method.name,), settings).result()
    except UndecodableError as problem:
        return Outcome(
            method=method.name, reading=None, error=str(problem), describe_milliseconds=0.0, compare_milliseconds=0.0
        )
    (outcome,) = only.outcomes
    return outcome


def judged(outcomes: Iterable[Outcome], settings: MethodSettings, cuts: Cuts) -> Iterator[Judged]:
    """Yield every number of some outcomes with what its cut makes of it."""
    for outcome in outcomes:
        (method,) = chosen([outcome.method], settings)
        for metric in method.metrics:
            yield _judged(method, metric, outcome, cuts.of(method.name, metric.name, about(method.name, settings)))


def _judged(method: Method, metric: Metric, outcome: Outcome, cut: Cut | None) -> Judged:
    value = None if outcome.reading is None else outcome.reading.values[metric.name]
    may_tell = not method.is_record_only
    return Judged(
        method=method,
        metric=metric,
        value=value,
        error=outcome.error,
        cut=cut,
        is_like=is_like(metric, value, cut) if may_tell and value is not None and cut is not None else None,
        outcome=outcome,
    )
