"""Ranks photos by what one method says of them and a picture: every one is measured, one after the other."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pictrace.errors import PhotoError, UsageError
from pictrace.fingerprint import WorkerPool
from pictrace.match.methods import MethodSettings, chosen
from pictrace.match.methods.cuts import Cuts
from pictrace.match.methods.measuring import Measured, grid
from pictrace.pipeline.bases import Base, Places
from pictrace.pipeline.methods import Judged, judged
from pictrace.pipeline.nearest import LEAD

log = logging.getLogger(__name__)

LIKE: Final = "like"
# So many wait for a worker.
_WAITING: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A photo with what a method says of it and the picture asked about: never a relation, whatever the value."""

    files: tuple[Path, ...]
    judged: Judged

    @property
    def verdict(self) -> str:
        """``like`` where the value is closer than the method's cut, else ``lead``."""
        return LIKE if self.judged.is_like else LEAD

    @property
    def percent(self) -> float | None:
        """The value in percent where it is a likeness of which 1 is all; None for everything else."""
        metric, value = self.judged.metric, self.judged.value
        if value is None or not metric.is_similarity or metric.perfect != 1.0:
            return None
        return round(100 * max(0.0, value), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """How photos are ranked: by one method, held against its cut."""

    method: str
    settings: MethodSettings
    cuts: Cuts

    def require_known(self) -> None:
        """Refuse a method that is not known, or not one.

        Raises:
            UsageError: lists those that are.
        """
        if len(chosen([self.method], self.settings)) != 1:
            raise UsageError(f"--method {self.method}: expected one method to rank by")

    def ranked(self, base: Base, pool: WorkerPool, path: Path, progress: Callable[[int, int], None]) -> list[Ranked]:
        """Return all photos with what the method says of each and a picture, the closest first.

        Photos that cannot be read now, or that the method cannot compare, have no row. Those in archives that are
        away are not looked at.
        """
        places = [there for content in base.contents() if (there := base.places(content, path)) and not there.away]
        rows: list[Ranked] = []
        for done, (there, told) in enumerate(self._measured(pool, path, places), start=1):
            row = self._row(there, told)
            rows += [] if row is None else [row]
            progress(done, len(places))
        return sorted(rows, key=self._rank)

    def _measured(
        self, pool: WorkerPool, path: Path, places: list[Places]
    ) -> Iterator[tuple[Places, Future[list[Measured]]]]:
        """Yield each place with its answer, a few of them under way at a time."""
        waiting: deque[tuple[Places, Future[list[Measured]]]] = deque()
        for there in places:
            if len(waiting) == _WAITING:
                yield waiting.popleft()
            told = pool.submit(grid, (path,), (there.files[0],), (self.method,), self.settings)
            waiting.append((there, told))
        yield from waiting

    def _row(self, places: Places, told: Future[list[Measured]]) -> Ranked | None:
        try:
            (only,) = told.result()
        except PhotoError as problem:
            log.info("not measured: %s", problem)
            return None
        row = Ranked(files=places.files, judged=next(judged(only.outcomes, self.settings, self.cuts)))
        return None if row.judged.value is None else row

    def _rank(self, row: Ranked) -> tuple[float, str]:
        value = row.judged.value or 0.0
        return (-value if row.judged.metric.is_similarity else value), os.fspath(row.files[0])
