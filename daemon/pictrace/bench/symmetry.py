"""Whether `compare A B` is `compare B A`, and the same in every run: pairs in both orders, in workers started anew."""

from __future__ import annotations

import itertools
import math
import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pictrace.bench.own import OWN
from pictrace.bench.pairs import Material, made
from pictrace.bench.running import Chunk, Tell, Wanted, bench_pool, measured, own_matches
from pictrace.errors import PhotoError, UsageError
from pictrace.fingerprint import WorkerPool
from pictrace.match.methods.measuring import Outcome
from pictrace.model import Match

Json = dict[str, Any]
_PHOTOS: Final = 50

# What one comparison gave, by name: two of them are equal where all of it is.
_Told = Mapping[str, float | str]
_Ordered = tuple[Path, Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steadiness:
    """The most that two orders of a pair, and that two runs, differed by; infinite where the very words did."""

    method: str
    is_record_only: bool
    asymmetry: float
    drift: float

    def to_json(self) -> Json:
        """Return the object of the JSON contract."""
        return {
            "event": "symmetry",
            "method": self.method,
            "record_only": self.is_record_only,
            "max_asymmetry": str(self.asymmetry) if math.isinf(self.asymmetry) else self.asymmetry,
            "max_drift": str(self.drift) if math.isinf(self.drift) else self.drift,
        }


def steadiness(photos: Sequence[Path], what: Wanted, *, pairs: int, runs: int, tell: Tell) -> list[Steadiness]:
    """Return how steady PicTrace and each method are.

    Args:
        photos: different ones: half of the pairs are copies of some of them with their originals, half two photos.
        what: the methods.
        pairs: how many.
        runs: each in workers of its own, with the pairs in an order of its own.
        tell: hears how far it is.

    Raises:
        UsageError: there are too few photos for so many pairs.
    """
    with tempfile.TemporaryDirectory(prefix="pictrace-bench-") as scratch:
        pool = bench_pool()
        try:
            material = made(pool, photos, _PHOTOS, Path(scratch), tell)
        finally:
            pool.close()
        chosen = chosen_pairs(material, pairs)
        told = [_run(chosen, what, run, tell) for run in range(runs)]
    return [_steadiness(name, what, chosen, told) for name in what.names_of_all()]


def chosen_pairs(material: Material, number: int) -> list[_Ordered]:
    """Return so many pairs, half of them copies with their originals, half different photos; always the same.

    Raises:
        UsageError: there are fewer.
    """
    copies = [(path, shown.original) for path, shown in material.files.items() if shown.attack is not None]
    originals = material.originals
    different = [(one, other) for place, one in enumerate(originals) for other in originals[place + 1 :]]
    half = number // 2
    if len(copies) < half or len(different) < number - half:
        raise UsageError(f"{len(originals)} photos give {2 * min(len(copies), len(different))} pairs, not {number}")
    mixed = random.Random(0)  # noqa: S311 – a choice that is always the same, no secret
    return [*mixed.sample(copies, half), *mixed.sample(different, number - half)]


def _run(pairs: Sequence[_Ordered], what: Wanted, run: int, tell: Tell) -> dict[tuple[str, _Ordered], _Told]:
    """Return what each comparison gave in one run: in fresh workers, in an order of its own."""
    both = [order for pair in pairs for order in (pair, pair[::-1])]
    random.Random(run).shuffle(both)  # noqa: S311 – see above
    pool = bench_pool()
    try:
        return dict(_compared(pool, both, what, tell))
    finally:
        pool.close()


def _compared(
    pool: WorkerPool, pairs: Sequence[_Ordered], what: Wanted, tell: Tell
) -> Iterator[tuple[tuple[str, _Ordered], _Told]]:
    if what.has_own:
        for pair, match in own_matches(pool, pairs, tell):
            yield (OWN, pair), _told_by_own(match)
    if not what.names:
        return
    chunks = [Chunk(rows=(first,), columns=(second,)) for first, second in pairs]
    for row, column, outcome in measured(pool, chunks, what.others_only(), tell):
        yield (outcome.method, (row, column)), _told_by(outcome)


def _told_by(outcome: Outcome) -> _Told:
    if outcome.reading is None:
        return {"error": outcome.error or ""}
    return {**outcome.reading.values, **outcome.reading.details}


def _told_by_own(match: Match | PhotoError) -> _Told:
    """Return all that must not depend on the order: the direction and the measures of edits name a side."""
    if isinstance(match, PhotoError):
        return {"error": str(match)}
    kinds = ",".join(sorted(edit.kind.value for edit in match.edits))
    words = {"relation": match.relation.value, "certainty": match.certainty.value, "edits": kinds}
    return {**words, "similarity": match.similarity, **{one.name: one.value for one in match.evidence}}


def _steadiness(
    name: str, what: Wanted, pairs: Sequence[_Ordered], runs: Sequence[Mapping[tuple[str, _Ordered], _Told]]
) -> Steadiness:
    orders = [order for pair in pairs for order in (pair, pair[::-1])]
    asymmetry = max((difference(run[name, pair], run[name, pair[::-1]]) for run in runs for pair in pairs), default=0.0)
    two_runs = list(itertools.combinations(runs, 2))
    drift = max(
        (difference(one[name, order], other[name, order]) for one, other in two_runs for order in orders), default=0.0
    )
    return Steadiness(method=name, is_record_only=what.is_record_only(name), asymmetry=asymmetry, drift=drift)


def difference(one: _Told, other: _Told) -> float:
    """Return the most that two answers differ by; infinite where one holds words or names that the other does not."""
    if one.keys() != other.keys():
        return math.inf
    return max((_apart(one[name], other[name]) for name in one), default=0.0)


def _apart(one: float | str, other: float | str) -> float:
    if isinstance(one, str) or isinstance(other, str):
        return 0.0 if one == other else math.inf
    if math.isnan(one) or math.isnan(other):
        return 0.0 if math.isnan(one) and math.isnan(other) else math.inf
    return 0.0 if one == other else abs(one - other)
