"""Takes in everything that is in the roots now, once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pictrace.pipeline.engine import Engine
from pictrace.pipeline.intake import Landed
from pictrace.pipeline.library import require_roots
from pictrace.watch import IgnoreList, ScanProblem, scan

log = logging.getLogger(__name__)

_STEP_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepProblem:
    """A folder that could not be looked into."""

    path: Path
    reason: str


@dataclass(slots=True, kw_only=True)
class Swept:
    """What a sweep came by."""

    files: int = 0
    photos: int = 0
    new: set[Path] = field(default_factory=set)
    problems: list[SweepProblem] = field(default_factory=list)


def sweep(engine: Engine, on_progress: Callable[[int, int], None]) -> Swept:
    """Index every photo file in the roots; interrupted at any moment, the next sweep goes on from there.

    Args:
        engine: opened on the roots.
        on_progress: told how many files are done, and of how many.

    Raises:
        BusyError: no root can be used now.
    """
    require_roots(engine.library)
    ignore = IgnoreList.load(engine.config.ignore)
    swept = Swept()
    seen: list[tuple[Path, bool]] = []
    for root in engine.library.roots:
        for entry in scan(root, ignore, excluded=engine.library.nested_in(root)):
            if isinstance(entry, ScanProblem):
                swept.problems.append(SweepProblem(path=entry.path, reason=entry.reason))
            else:
                seen.append((entry[0], root.is_indexed))
    swept.files = len(seen)
    for path, is_arrival in seen:
        if engine.index.files.file_at(path) is None:
            swept.new.add(path)
        # The scan judges what is there in the order of its names; the daemon alone has arrivals to hurry for.
        engine.take_in(Landed(path=path, is_arrival=is_arrival))
    finish(engine, lambda left: on_progress(swept.files - left, swept.files))
    for root in engine.library.roots:
        if not root.is_indexed and not swept.problems:
            engine.library.set_indexed(root)
    rows = (engine.index.files.file_at(path) for path, _ in seen)
    swept.photos = len({row.content_hash for row in rows if row is not None})
    return swept


def finish(engine: Engine, on_progress: Callable[[int], None] = lambda _: None) -> None:
    """Let all that is queued be done; ``on_progress`` is told how much is left."""
    while left := len(engine.scheduler):
        on_progress(left)
        engine.step(_STEP_SECONDS)
