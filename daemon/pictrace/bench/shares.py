"""Shares with the interval that they are uncertain by."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

_Z95 = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of how many."""

    hits: int
    n: int

    @classmethod
    def of(cls, outcomes: Iterable[bool]) -> Share:
        """Return the share of outcomes that are true."""
        values = list(outcomes)
        return cls(hits=sum(values), n=len(values))

    @property
    def value(self) -> float:
        """The share, 0..1; not a number where there is nothing."""
        return self.hits / self.n if self.n else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval after Wilson (1927)."""
        if self.n == 0:
            return 0.0, 1.0
        square = _Z95 * _Z95
        middle = (self.value + square / (2 * self.n)) / (1 + square / self.n)
        spread = self.value * (1 - self.value) / self.n + square / (4 * self.n * self.n)
        reach = _Z95 * math.sqrt(spread) / (1 + square / self.n)
        return max(0.0, middle - reach), min(1.0, middle + reach)

    def __str__(self) -> str:
        """Return ``.987 (.960–.996)``."""
        if self.n == 0:
            return "–"
        low, high = self.interval
        return f"{_short(self.value)} ({_short(low)}–{_short(high)})"

    def as_json(self) -> dict[str, float | int]:
        """Return hits, n, share and interval."""
        low, high = self.interval
        return {
            "hits": self.hits,
            "n": self.n,
            "share": round(self.value, 4),
            "low": round(low, 4),
            "high": round(high, 4),
        }


def _short(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")
