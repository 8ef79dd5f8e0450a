"""What one comparison by PicTrace's own matcher costs, once both pictures and their features are in memory."""

from __future__ import annotations

import io
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from PIL import Image

from pictrace.fingerprint import WorkerPool
from pictrace.imaging import read_photo
from pictrace.match import compare
from pictrace.model import CLOCK

LONGEST_SIDE_PIXELS: Final = 512
# The pairs that the earlier methods were measured on: 29 copies of each of 50 photos, and pairs of different pictures.
MIX: Final = (1450, 3925)
# Copies to pairs of different pictures.
MIXES: Final = {"copies": (1, 0), "different": (0, 1), "as many": (1, 1), "mix": MIX}
_QUALITY: Final = 95

Pair = tuple[Path, Path]


class Cost(NamedTuple):
    """Milliseconds of one comparison: as the clock on the wall says, and of the processor alone."""

    wall_ms: float
    cpu_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What comparing copies with their originals cost, and comparing different pictures."""

    copies: tuple[Cost, ...]
    others: tuple[Cost, ...]

    def percentile(self, share: float, mix: tuple[float, float], kind: str = "wall_ms") -> float:
        """Return what this share of all comparisons stays below, in milliseconds.

        Args:
            share: 0..1.
            mix: how many copies come on how many pairs of different pictures; (1, 0) are copies alone.
            kind: which field of `Cost`.
        """
        parts = ((self.copies, mix[0]), (self.others, mix[1]))
        known = [(costs, part) for costs, part in parts if costs and part]
        values = np.array([getattr(cost, kind) for costs, _ in known for cost in costs])
        weights = np.array([part / len(costs) for costs, part in known for _ in costs])
        order = np.argsort(values, kind="stable")
        reached = np.cumsum(weights[order]) / weights.sum()
        return float(values[order[min(int(np.searchsorted(reached, share - 1e-9)), len(order) - 1)]])

    def told(self, mix: tuple[float, float]) -> dict[str, float | None]:
        """Return p50 and p95 of a mix by both clocks, None where there is nothing of it; in milliseconds."""
        has_any = bool((self.copies and mix[0]) or (self.others and mix[1]))
        names = {
            "p50": (0.5, "wall_ms"),
            "p95": (0.95, "wall_ms"),
            "cpu_p50": (0.5, "cpu_ms"),
            "cpu_p95": (0.95, "cpu_ms"),
        }
        return {
            name: round(self.percentile(share, mix, kind), 1) if has_any else None
            for name, (share, kind) in names.items()
        }


def comparison_times(pool: WorkerPool, copies: Iterable[Pair], others: Iterable[Pair], rounds: int = 3) -> Times:
    """Return what comparisons cost, one after the other in one worker.

    Args:
        pool: of one worker, else they disturb each other.
        copies: copies, each with its original.
        others: pairs of different pictures.
        rounds: how often each is compared; the least counts, since whatever else runs can only add.

    Raises:
        PhotoError: one of them cannot be read.
    """
    measured = [tuple(pool.submit(cached_cost, *pair, rounds).result() for pair in pairs) for pairs in (copies, others)]
    return Times(copies=measured[0], others=measured[1])


def cached_cost(file: Path, other: Path, rounds: int) -> Cost:
    """Return the least that comparing two files costs after a first time, which reads and describes them.

    Raises:
        PhotoError: one of them cannot be read.
    """
    compare(file, other)
    costs = []
    for _ in range(rounds):
        started, busy = CLOCK.monotonic(), time.process_time()
        compare(file, other)
        costs.append(((CLOCK.monotonic() - started) * 1000, (time.process_time() - busy) * 1000))
    return Cost(min(wall for wall, _ in costs), min(cpu for _, cpu in costs))


def shrunk(photo: Path) -> bytes:
    """Return a photo at 512 pixels at most, as a JPEG of quality 95. Runs in a worker process.

    Raises:
        PhotoError: it cannot be read.
    """
    picture = Image.fromarray(read_photo(photo, longest_side=LONGEST_SIDE_PIXELS).rgb)
    picture.thumbnail((LONGEST_SIDE_PIXELS, LONGEST_SIDE_PIXELS))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()


def table(times: Times) -> list[list[str]]:
    """Return rows to print: a heading, and for each kind of pairs p50 and p95, of the wall and of the processor."""
    rows = [["compared, both in memory", "n", "p50 ms", "p95 ms", "CPU p50 ms", "CPU p95 ms"]]
    words = (
        "a copy with its original",
        "two different pictures",
        "as many of each",
        f"{MIX[0]} copies to {MIX[1]} others",
    )
    counts = len(times.copies), len(times.others)
    for name, mix in zip(words, MIXES.values(), strict=True):
        number = sum(count for count, part in zip(counts, mix, strict=True) if part)
        cells = ["–" if value is None else f"{value:.1f}" for value in times.told(mix).values()]
        rows.append([name, str(number), *cells])
    return rows
