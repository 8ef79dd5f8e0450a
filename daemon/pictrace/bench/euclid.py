"""Two libraries' Euclidean distance of two pictures, held against each other: an article's experiment 3."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

REPEATS: Final = 2_300
_SIDE_PIXELS: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long one library took: milliseconds a distance, the mean and the middle; ``value``: what it gave."""

    library: str
    mean_milliseconds: float
    median_milliseconds: float
    value: float

    def to_json(self) -> dict[str, Any]:
        """Return the object of the JSON contract."""
        return {
            "event": "timing",
            "library": self.library,
            "mean_milliseconds": round(self.mean_milliseconds, 5),
            "median_milliseconds": round(self.median_milliseconds, 5),
            "value": self.value,
        }


def timings(repeats: int = REPEATS) -> list[Timing]:
    """Return what scipy and numpy take for two pictures of 256 pixels a side, RGB, float32."""
    # A tenth of the start of every command, and of the daemon's memory, for this one.
    from scipy.spatial import distance  # noqa: PLC0415

    random = np.random.default_rng(0)
    one, other = (random.integers(0, 256, (_SIDE_PIXELS**2 * 3,)).astype(np.float32) for _ in range(2))
    return [
        _timed("scipy", repeats, lambda: float(distance.euclidean(one, other))),
        _timed("numpy", repeats, lambda: float(np.linalg.norm(one - other))),
    ]


def _timed(library: str, repeats: int, measure: Callable[[], float]) -> Timing:
    value, taken = measure(), []
    for _ in range(repeats):
        started = time.perf_counter()
        measure()
        taken.append(1e3 * (time.perf_counter() - started))
    return Timing(
        library=library,
        mean_milliseconds=statistics.fmean(taken),
        median_milliseconds=statistics.median(taken),
        value=value,
    )
