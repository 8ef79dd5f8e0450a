"""Has methods measure pairs of files; runs in a worker process, which keeps what it described."""

from __future__ import annotations

import contextlib
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from pictrace.match.methods import IncomparableError, Method, MethodSettings, Reading, Sight, chosen, sight_of
from pictrace.match.pictures import stat_key
from pictrace.model import StatKey

# Pictures whose descriptions are kept: up to 10 MB each with every method. The rows and columns of a small grid.
_MOST_KEPT: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one method made of a pair: a reading, or why there is none.

    ``describe_milliseconds``: for both pictures, when that was done. ``compare_milliseconds``: with both described.
    """

    method: str
    reading: Reading | None
    error: str | None
    describe_milliseconds: float
    compare_milliseconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What all methods made of one pair, by its places among the rows and the columns."""

    row: int
    column: int
    outcomes: list[Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Description:
    value: Any  # a method's own, or its IncomparableError
    milliseconds: float


def grid(
    rows: Sequence[Path], columns: Sequence[Path], names: Sequence[str], settings: MethodSettings
) -> list[Measured]:
    """Return what methods make of each file of the rows with each of the columns.

    Both sides of a grid should be small: the columns' descriptions are kept while the rows go by, and a worker may
    take half a minute for all.

    Raises:
        UsageError: a method is not known, or cannot be used as asked.
        PhotoError: a file cannot be read.
    """
    methods = chosen(names, settings)
    for method in methods:
        _warm_up(method.name, settings)
    return [
        Measured(row=i, column=j, outcomes=[_outcome(method, settings, row, column) for method in methods])
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
    ]


@lru_cache
def _warm_up(name: str, settings: MethodSettings) -> None:
    """Use a method once: importing what it needs takes up to half a second, and is not its cost."""
    (method,) = chosen([name], settings)
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    with contextlib.suppress(IncomparableError):
        described = method.describe(Sight(path=Path("warm-up"), rgb=noise))
        method.compare(described, described)


def _outcome(method: Method, settings: MethodSettings, row: Path, column: Path) -> Outcome:
    first, second = (_described(method, settings, path) for path in (row, column))
    started = time.perf_counter()
    reading, error = None, None
    try:
        for one in (first, second):
            if isinstance(one.value, IncomparableError):
                raise one.value
        reading = method.compare(first.value, second.value)
    except IncomparableError as problem:
        error = str(problem)
    return Outcome(
        method=method.name,
        reading=reading,
        error=error,
        describe_milliseconds=first.milliseconds + second.milliseconds,
        compare_milliseconds=1e3 * (time.perf_counter() - started),
    )


_kept: OrderedDict[tuple[Path, StatKey], dict[tuple[str, MethodSettings], _Description]] = OrderedDict()
_last_sights: OrderedDict[tuple[Path, StatKey], Sight] = OrderedDict()


def _described(method: Method, settings: MethodSettings, path: Path) -> _Description:
    place = path, stat_key(path)
    of_picture = _kept.setdefault(place, {})
    _kept.move_to_end(place)
    while len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)
    wanted = method.name, settings
    if wanted not in of_picture:
        sight = _sight(place)
        started = time.perf_counter()
        try:
            value = method.describe(sight)
        except IncomparableError as problem:
            value = problem
        of_picture[wanted] = _Description(value=value, milliseconds=1e3 * (time.perf_counter() - started))
    return of_picture[wanted]


def _sight(place: tuple[Path, StatKey]) -> Sight:
    if place not in _last_sights:
        while len(_last_sights) > 1:
            _last_sights.popitem(last=False)
        _last_sights[place] = sight_of(place[0])
    return _last_sights[place]
