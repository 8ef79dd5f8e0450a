"""Spoilt files through the worker pool, with the daemon's own task."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fuzzing.making import Spoilt, Workshop

from pictrace.errors import UndecodableError
from pictrace.fingerprint import WorkerPool, hash_file
from pictrace.model import PhotoState
from pictrace.pipeline.asking import TakenIn, take_in

DECODED, CRASHED, LATE, GREEDY, UNEXPECTED = "decoded", "crashed", "timed out", "too much memory", "error in PicTrace"


@dataclass(slots=True)
class Outcomes:
    """What became of the files. ``odd``: those to look at, with the reason. ``slowest``: seconds and file."""

    counts: Counter[str] = field(default_factory=Counter)
    odd: list[tuple[Spoilt, str]] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "none")


@dataclass(frozen=True, slots=True)
class _Running:
    spoilt: Spoilt
    path: Path
    started: float


def run(workshop: Workshop, numbers: range, folder: Path, workers: int) -> Iterator[Outcomes]:
    """Have each file taken in, and yield what became of them so far now and then."""
    outcomes = Outcomes()
    pool = WorkerPool(workers)
    running: dict[Future[Any], _Running] = {}
    try:
        pool.start()
        for number in numbers:
            while len(running) >= workers:
                _collect(running, outcomes)
            spoilt = workshop.make(number)
            path = folder / spoilt.name
            path.write_bytes(spoilt.data)
            running[pool.submit(take_in, path, *hash_file(path))] = _Running(spoilt, path, time.monotonic())
            if number % 500 == 499:
                yield outcomes
        while running:
            _collect(running, outcomes)
    finally:
        pool.close()
    yield outcomes


def _collect(running: dict[Future[Any], _Running], outcomes: Outcomes) -> None:
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        one = running.pop(future)
        seconds = time.monotonic() - one.started
        outcomes.slowest = max(outcomes.slowest, (seconds, one.spoilt.name))
        kind, reason = _kind(future)
        outcomes.counts[kind] += 1
        if kind in (CRASHED, LATE, GREEDY, UNEXPECTED):
            outcomes.odd.append((one.spoilt, reason))
        one.path.unlink()


def _kind(future: Future[Any]) -> tuple[str, str]:
    try:
        taken: TakenIn = future.result()
    except UndecodableError as problem:
        words = {"crashed": CRASHED, "took longer": LATE, "wrong answer": CRASHED, "memory": GREEDY}
        kind = next((kind for word, kind in words.items() if word in problem.reason), None)
        return kind or _class(problem.reason), problem.reason
    except Exception as error:  # noqa: BLE001 – whatever a decoder raised that we do not expect
        return UNEXPECTED, f"{type(error).__name__}: {error}"
    if taken.photo.state is PhotoState.DECODED:
        return DECODED, ""
    return _class(taken.photo.reason or "?"), taken.photo.reason or "?"


def _class(reason: str) -> str:
    """Return the kind of a reason: ``broken JPEG``, ``no picture we know``, ``too many pixels``."""
    if "pixels" in reason and ("limit" in reason or "nothing to see" in reason):
        return "too many pixels, or none"
    return reason.partition(":")[0]
