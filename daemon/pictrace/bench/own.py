"""PicTrace's own matcher, measured in the same words as the methods of others; runs in a worker process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pictrace.match import compare, examine
from pictrace.match.methods import Metric, Reading
from pictrace.match.methods.measuring import Measured, Outcome
from pictrace.match.pictures import load
from pictrace.model import Match, Relation

# Its name among the methods.
OWN: Final = "pictrace"
OWN_METRIC: Final = Metric(name="likeness", unit="3 and more: a copy", is_similarity=True, perfect=4.0)
# It has no cut to be fitted: what is above this is a verified copy.
OWN_CUT: Final = 2.9995
# Half of the way from nothing shared to everything.
_HALF_OF_POINTS: Final = 50.0
_MOST_KEPT: Final = 256


def likeness(match: Match, shared_points: int = 0) -> float:
    """Return a number to rank pictures by: the relation first, then how much of two pictures lies on each other.

    Args:
        match: what comparing them gave.
        shared_points: how many points of both fit one transform.

    Returns:
        4 for equal pixels, 3 and more for verified copies, 2 for suspected ones, 1 for other pictures of the scene.
    """
    if match.is_sure_copy:
        return 3.0 + match.similarity
    shared = shared_points / (shared_points + _HALF_OF_POINTS)
    if match.relation.is_copy:
        return 2.0 + 0.999 * match.similarity
    return float(match.relation is not Relation.UNRELATED) + 0.999 * max(shared, 1e-3 * match.similarity)


def own_grid(rows: Sequence[Path], columns: Sequence[Path], ranks: bool) -> list[Measured]:
    """Return what PicTrace makes of each file of the rows with each of the columns; see ``measuring.grid``.

    Args:
        rows, columns: few files each; `match.pictures` keeps only the last pictures that were read.
        ranks: count the points that two pictures share, too, which tells near from far where nothing is a copy.

    Raises:
        PhotoError: a file cannot be read.
    """
    return [
        Measured(row=i, column=j, outcomes=[_outcome(row, column, ranks)])
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
    ]


def matches(pairs: Sequence[tuple[Path, Path]]) -> list[Match]:
    """Return how the pictures of each pair are related.

    Raises:
        PhotoError: a file cannot be read.
    """
    return [compare(first, second) for first, second in pairs]


def _outcome(row: Path, column: Path, ranks: bool) -> Outcome:
    described = _describing_milliseconds(row) + _describing_milliseconds(column)
    started = time.perf_counter()
    points = 0
    if ranks:
        examination = examine(row, column)
        match, points = examination.match, len(examination.points)
    else:
        match = compare(row, column)
    milliseconds = 1e3 * (time.perf_counter() - started)
    reading = Reading(
        values={OWN_METRIC.name: likeness(match, points)},
        details={"similarity": match.similarity, "shared-points": float(points)},
    )
    return Outcome(
        method=OWN, reading=reading, error=None, describe_milliseconds=described, compare_milliseconds=milliseconds
    )


_described: OrderedDict[Path, float] = OrderedDict()


def _describing_milliseconds(path: Path) -> float:
    """Return how long reading a picture and finding its features took, the first time."""
    started = time.perf_counter()
    _ = load(path).features
    milliseconds = 1e3 * (time.perf_counter() - started)
    while len(_described) > _MOST_KEPT:
        _described.popitem(last=False)
    return _described.setdefault(path, milliseconds)
