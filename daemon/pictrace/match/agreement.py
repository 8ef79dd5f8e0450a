"""Whether measures speak for a copy: each adds points, more the better two pictures agree; the sum decides.

An additive model (Hastie and Tibshirani, «Generalized additive models», 1986) of rising, piecewise linear steps, fitted
by logistic regression to copies made on purpose and to bursts, brackets, videos and views of one scene. Its table
comes from ``benchmarks/fit_agreement.py``; docs/matching.md says on which pictures.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from pictrace.model import Evidence
from pictrace.shipped import shipped_data

# From here on (root mean square, levels of luma) the brightness counts as changed.
TONED_LEVELS: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How much speaks for a copy: ``log_odds`` as they were among the pairs that the table was fitted on."""

    log_odds: float
    is_verified: bool
    is_suspected: bool
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class _Measure:
    """How one measure adds points: ``knots`` rise with disagreement, each step takes ``weights`` points away.

    ``limit`` is what 98 of 100 copies keep; ``is_least``: as the least value, not the most.
    """

    name: str
    is_least: bool
    offset: float
    knots: tuple[float, ...]
    weights: tuple[float, ...]
    limit: float

    def scaled(self, value: float) -> float:
        """Return the value on the scale of the knots: a logarithm, rising with disagreement."""
        return math.log(max(0.0, 1.0 - value if self.is_least else value) + self.offset)

    def points(self, value: float) -> float:
        """Return what a value adds to the score; never more than 0."""
        x = self.scaled(value)
        steps = zip(self.knots, self.knots[1:], self.weights, strict=False)
        return -sum(weight * float(np.clip((x - low) / (high - low), 0, 1)) for low, high, weight in steps)

    def held(self, value: float) -> Evidence:
        """Return the value with the limit that nearly all copies keep."""
        passed = value >= self.limit if self.is_least else value <= self.limit
        return Evidence(name=self.name, value=round(value, 4), limit=self.limit, passed=passed)


@dataclass(frozen=True, slots=True)
class _Table:
    base: float
    stored_alike: float
    stored_anew: float
    suspected: float
    measures: tuple[_Measure, ...]


def judged(values: Mapping[str, float], *, is_stored_alike: bool) -> Agreement:
    """Return how much speaks for a copy.

    Where the brightness changed, two exposures of a bracket look like an original and its edited copy: there another
    table holds, in which the grain weighs most. Two exposures by one camera are stored alike, a copy seldom is: then
    more has to speak for it.

    Args:
        values: measures by name; one that is missing speaks neither way.
        is_stored_alike: whether size, format and quality of the two files are the same.
    """
    table = _tables()["toned" if values["luma-levels"] >= TONED_LEVELS else "plain"]
    known = [(measure, values[measure.name]) for measure in table.measures if measure.name in values]
    score = table.base + sum(measure.points(value) for measure, value in known)
    limit = table.stored_alike if is_stored_alike else table.stored_anew
    total = Evidence(name="agreement", value=round(score, 2), limit=limit, passed=score >= limit)
    return Agreement(
        log_odds=score,
        is_verified=score >= limit,
        is_suspected=score >= table.suspected,
        evidence=(total, *(measure.held(value) for measure, value in known)),
    )


@functools.cache
def _tables() -> Mapping[str, _Table]:
    stored: dict[str, Any] = json.loads(shipped_data("agreement.json").read_text(encoding="utf-8"))
    return {name: _table(table) for name, table in stored.items()}


def _table(stored: dict[str, Any]) -> _Table:
    measures = tuple(
        _Measure(**{**row, "knots": tuple(row["knots"]), "weights": tuple(row["weights"])})
        for row in stored["measures"]
    )
    return _Table(**{**stored, "measures": measures})
