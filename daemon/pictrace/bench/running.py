"""Has workers measure pairs of files, some pairs at a time, and hands on what comes back in a fixed order."""

from __future__ import annotations

import itertools
import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from pictrace.bench.own import OWN, OWN_METRIC, matches, own_grid
from pictrace.errors import PhotoError, UsageError
from pictrace.fingerprint import WorkerPool, usual_room, usual_workers
from pictrace.match.methods import Method, MethodSettings, Metric, chosen
from pictrace.match.methods.measuring import Measured, Outcome, grid
from pictrace.model import Match

log = logging.getLogger(__name__)

# Told how many pairs are done, of how many.
Tell = Callable[[int, int], None]

# Some pairs with slow methods on a busy machine: more than one photo may take.
_SECONDS_PER_CHUNK: Final = 120
_AHEAD: Final = 2
_PAIRS_A_TASK: Final = 10

_Asked = list[tuple["Wanted", Future[Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Each of the rows with each of the columns: few enough for one answer of a worker, and for its time."""

    rows: tuple[Path, ...]
    columns: tuple[Path, ...]

    @property
    def pairs(self) -> int:
        """How many pairs these are."""
        return len(self.rows) * len(self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to measure with: methods by their names, and PicTrace itself.

    ``ranks``: PicTrace also counts the points two pictures share, which takes longer.
    """

    names: tuple[str, ...]
    settings: MethodSettings
    has_own: bool
    ranks: bool = False

    @property
    def metrics(self) -> list[tuple[str, Metric]]:
        """Every number that is measured, with the name of what measures it; PicTrace first."""
        own = [(OWN, OWN_METRIC)] if self.has_own else []
        return own + [(method.name, metric) for method in self.methods for metric in method.metrics]

    @property
    def methods(self) -> list[Method]:
        """The methods of others."""
        return chosen(self.names, self.settings)

    def others_only(self) -> Wanted:
        """Return it without PicTrace itself."""
        return replace(self, has_own=False)

    def parts(self) -> list[Wanted]:
        """Return PicTrace itself and the methods of others, each alone, as far as they are wanted."""
        return [part for part in (replace(self, names=()), self.others_only()) if part.has_own or part.names]

    def names_of_all(self) -> list[str]:
        """Return the names of all that measures, PicTrace first."""
        return ([OWN] if self.has_own else []) + [method.name for method in self.methods]

    def is_record_only(self, name: str) -> bool:
        """Return whether a method is kept for the record only."""
        return any(method.is_record_only for method in self.methods if method.name == name)


def wanted(names: Sequence[str], settings: MethodSettings, *, ranks: bool = False) -> Wanted:
    """Return what to measure with; among the names may be ``pictrace`` and ``all``, which stands for both kinds.

    Raises:
        UsageError: a name is not known, or a method cannot be used as asked.
    """
    if not names:
        raise UsageError("--methods: expected the names of methods, or all, found none")
    has_own = OWN in names or "all" in names
    others = tuple(method.name for method in chosen([name for name in names if name != OWN], settings))
    return Wanted(names=others, settings=settings, has_own=has_own, ranks=ranks)


def bench_pool(workers: int | None = None) -> WorkerPool:
    """Return workers for measuring; close them."""
    room = usual_room()
    number = workers or usual_workers(len(os.sched_getaffinity(0)), room)
    return WorkerPool(number, seconds_per_task=_SECONDS_PER_CHUNK, memory_bytes=room)


def in_chunks(rows: Sequence[Path], columns: Sequence[Path], *, height: int, width: int) -> Iterator[Chunk]:
    """Yield chunks that together hold each of the rows with each of the columns."""
    for top in range(0, len(rows), height):
        for left in range(0, len(columns), width):
            yield Chunk(rows=tuple(rows[top : top + height]), columns=tuple(columns[left : left + width]))


def measured(
    pool: WorkerPool, chunks: Sequence[Chunk], what: Wanted, tell: Tell
) -> Iterator[tuple[Path, Path, Outcome]]:
    """Yield what each method made of each pair: row, column and outcome, in the order of the chunks.

    A pair that could not be measured gives outcomes without a reading, with the reason.
    """
    total, done = sum(chunk.pairs for chunk in chunks), 0
    tell(0, total)
    for chunk, answers in _answered(pool, chunks, what):
        for part, future in answers:
            yield from _outcomes(pool, chunk, part, future)
        done += chunk.pairs
        tell(done, total)
        log.debug("%d of %d pairs", done, total)


def own_matches(
    pool: WorkerPool, pairs: Sequence[tuple[Path, Path]], tell: Tell
) -> Iterator[tuple[tuple[Path, Path], Match | PhotoError]]:
    """Yield what PicTrace makes of each pair, in their order; why, where a pair could not be compared."""
    parts = [tuple(pairs[start : start + _PAIRS_A_TASK]) for start in range(0, len(pairs), _PAIRS_A_TASK)]
    done = 0
    for part, answer in [(part, pool.submit(matches, part)) for part in parts]:
        yield from zip(part, _own_answers(pool, part, answer), strict=True)
        done += len(part)
        tell(done, len(pairs))


def _own_answers(pool: WorkerPool, part: Sequence[tuple[Path, Path]], answer: Future[Any]) -> list[Match | PhotoError]:
    try:
        return list(answer.result())
    except PhotoError as problem:
        if len(part) == 1:
            return [problem]
    # One broken file, or one slow pair, must not cost the others.
    return [one for pair in part for one in _own_answers(pool, (pair,), pool.submit(matches, (pair,)))]


def _answered(pool: WorkerPool, chunks: Iterable[Chunk], what: Wanted) -> Iterator[tuple[Chunk, _Asked]]:
    """Yield chunks with the futures of their answers, some chunks ahead of whoever takes them."""
    waiting: deque[tuple[Chunk, _Asked]] = deque()
    for chunk in chunks:
        waiting.append((chunk, [(part, _asked(pool, chunk, part)) for part in what.parts()]))
        if len(waiting) > _AHEAD * pool.workers:
            yield waiting.popleft()
    yield from waiting


def _asked(pool: WorkerPool, chunk: Chunk, part: Wanted) -> Future[Any]:
    if part.has_own:
        return pool.submit(own_grid, chunk.rows, chunk.columns, part.ranks)
    return pool.submit(grid, chunk.rows, chunk.columns, part.names, part.settings)


def _outcomes(
    pool: WorkerPool, chunk: Chunk, part: Wanted, answer: Future[Any]
) -> Iterator[tuple[Path, Path, Outcome]]:
    try:
        told: list[Measured] = answer.result()
    except PhotoError as problem:
        for row, column in itertools.product(chunk.rows, chunk.columns):
            if chunk.pairs == 1:
                names = [OWN] if part.has_own else part.names
                yield from ((row, column, _failed(name, str(problem))) for name in names)
            else:  # one broken file, or one slow pair, must not cost the others
                alone = Chunk(rows=(row,), columns=(column,))
                yield from _outcomes(pool, alone, part, _asked(pool, alone, part))
        return
    for one in told:
        for outcome in one.outcomes:
            yield chunk.rows[one.row], chunk.columns[one.column], outcome


def _failed(name: str, reason: str) -> Outcome:
    return Outcome(method=name, reading=None, error=reason, describe_milliseconds=0.0, compare_milliseconds=0.0)
