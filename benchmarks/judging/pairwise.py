"""Compares pairs of files in worker processes, and says what came out as rows."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any, TypeVar

import cv2

from make_pairs import Job, make
from pictrace.errors import PhotoError
from pictrace.match import compare
from pictrace.model import Certainty, Match

Row = dict[str, Any]
Given = TypeVar("Given")
_SECONDS_BETWEEN_LINES = 10.0


def judged_copies(jobs: Sequence[Job], target: Path, processes: int) -> list[Row]:
    """Make copies and compare each with its original; returns what is true and what was found, by attack."""
    for attack in {job.attack for job in jobs}:
        (target / attack).mkdir(parents=True, exist_ok=True)
    by_original: defaultdict[Path, list[Job]] = defaultdict(list)
    for job in jobs:
        by_original[job.original].append(job)
    # Those with the largest originals first, so that no one waits for the last of them.
    batches = sorted(by_original.values(), key=lambda batch: -batch[0].original.stat().st_size * len(batch))
    found = gathered(_batch, [(batch, target) for batch in batches], processes, "copies")
    rows = [row for batch in found for row in batch]
    place = {job.name: number for number, job in enumerate(jobs)}
    return sorted(rows, key=lambda row: place[row["copy"]])


def _batch(given: tuple[Sequence[Job], Path]) -> list[Row]:
    jobs, target = given
    return [{**make(job, target), **verdict(target / job.name, job.original)} for job in jobs]


def verdict(file: Path, other: Path) -> Row:
    """Return what comparing two files gave, as plain values; where they cannot be compared, why."""
    cv2.setNumThreads(1)
    started = time.process_time()
    try:
        match = compare(file, other)
    except PhotoError as problem:
        return {"is_copy": False, "is_verified": False, "relation": "unreadable", "error": str(problem)}
    return {**_plain(match), "seconds": round(time.process_time() - started, 3)}


def _plain(match: Match) -> Row:
    return {
        "relation": match.relation.value,
        "certainty": match.certainty.value,
        "is_copy": match.relation.is_copy,
        "is_verified": match.relation.is_copy and match.certainty is not Certainty.SUSPECTED,
        "similarity": match.similarity,
        "direction": match.direction.value,
        "found_edits": {edit.kind.value: edit.measures() for edit in match.edits},
        "failed": {one.name: [one.value, one.limit] for one in match.evidence if not one.passed},
    }


def pair_verdict(given: tuple[Path, Path]) -> Row:
    """Return the verdict on a pair with the two names."""
    file, other = given
    return {"file": name_of(file), "other": name_of(other), **verdict(file, other)}


def name_of(path: Path) -> str:
    """Return a file's name with its folder: copies of one photograph differ in the folder only."""
    return f"{path.parent.name}/{path.name}"


def gathered(
    work: Callable[[Given], Row | list[Row]], given: Sequence[Given], processes: int, what: str
) -> Iterator[Any]:
    """Yield what came out for each, in any order; says on stderr how far it is."""
    started = last = time.monotonic()
    # Not forked: a process that has used OpenCV has threads, and a fork of it may wait for them forever.
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        futures = [pool.submit(work, one) for one in given]
        for done, future in enumerate(as_completed(futures), start=1):
            yield future.result()
            now = time.monotonic()
            if now - last > _SECONDS_BETWEEN_LINES or done == len(futures):
                last = now
                print(f"{what}: {done} of {len(futures)} batches, {now - started:.0f} s", file=sys.stderr, flush=True)
