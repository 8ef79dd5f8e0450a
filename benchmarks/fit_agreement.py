"""Fits the table by which agreement is judged: copies made of photographs against pairs of series that are none.

    python benchmarks/fit_agreement.py PHOTOS SERIES TABLE.json [--count 40] [--seed 1]

PHOTOS holds different photographs; SERIES holds pictures and ``groups.csv``. Neither may be what the result is judged
by. Writes a table as ``data/agreement.json`` is, with the present limits, and prints what share of the copies each
limit keeps and how many pairs of series it lets through, for a person to choose from. SciPy comes with scikit-image.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from scipy.optimize import minimize

from judging.halves import Half, series_pairs
from judging.pairwise import gathered
from make_pairs import Job, jobs_for, make, photos_in
from pictrace.match.agreement import TONED_LEVELS
from pictrace.match.pictures import load
from pictrace.match.verify import verified
from pictrace.shipped import shipped_data

Row = dict[str, float]
Values = np.ndarray[Any, np.dtype[np.float64]]

_STEPS = 4
_RIDGE = 0.0005
# A pair of a series that passes for a copy is worse than a copy that is missed.
_WEIGHT_OF_SERIES = 3.0


def main() -> None:
    """Measure, fit, write the table, print what the limits do."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("series", type=Path)
    parser.add_argument("table", type=Path)
    parser.add_argument("--count", type=int, default=40, help="photographs an attack")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    jobs = jobs_for(photos_in(arguments.photos), arguments.count, arguments.seed, None)
    with tempfile.TemporaryDirectory(prefix="pictrace-fit-") as scratch:
        for attack in {job.attack for job in jobs}:
            (Path(scratch) / attack).mkdir(parents=True, exist_ok=True)
        made = [(job, Path(scratch)) for job in jobs if job.attack != "negative"]
        copies = [row for row in gathered(_of_copy, made, arguments.processes, "copies") if row]
    pairs = [(pair.first, pair.second) for pair in series_pairs(arguments.series, Half.ALL)]
    series = [row for row in gathered(_of_pair, pairs, arguments.processes, "series") if row]
    before = json.loads(shipped_data("agreement.json").read_text(encoding="utf-8"))
    tables = {name: _fitted(name, before[name], copies, series) for name in ("plain", "toned")}
    arguments.table.write_text(json.dumps(tables, indent=1) + "\n", encoding="utf-8")


def _of_copy(given: tuple[Job, Path]) -> Row:
    job, target = given
    make(job, target)
    return _of_pair((target / job.name, job.original))


def _of_pair(given: tuple[Path, Path]) -> Row:
    cv2.setNumThreads(1)
    found = verified(load(given[0]), load(given[1]))
    return {} if found is None else dict(found.values)


def _fitted(name: str, before: dict[str, Any], copies: Sequence[Row], series: Sequence[Row]) -> dict[str, Any]:
    """Return a table with the measures and limits of the one before, and new knots and weights."""
    is_toned = name == "toned"
    good = [row for row in copies if (row["luma-levels"] >= TONED_LEVELS) == is_toned]
    bad = [row for row in series if is_toned or row["luma-levels"] < TONED_LEVELS]
    measures = [{**measure, "knots": _knots(measure, good, bad)} for measure in before["measures"]]
    steps = np.concatenate([_ramps(measure, [*good, *bad]) for measure in measures], axis=1)
    base, weights = _solved(steps, len(good))
    for number, measure in enumerate(measures):
        measure["weights"] = [round(float(w), 4) for w in weights[number * _STEPS : (number + 1) * _STEPS]]
        values = [row[measure["name"]] for row in good if measure["name"] in row]
        measure["limit"] = float(f"{np.quantile(values, 0.02 if measure['is_least'] else 0.98):.3g}")
    scores = base - steps @ weights
    print(f"{name}: {len(good)} copies, {len(bad)} pairs of series")
    for limit in np.arange(-5, 2.1, 0.5):
        kept, passed = (scores[: len(good)] >= limit).mean(), int((scores[len(good) :] >= limit).sum())
        print(f"  from {limit:4.1f}: {kept:.4f} of the copies, {passed} pairs of series", file=sys.stdout)
    return {**before, "base": round(base, 4), "measures": measures}


def _scaled(measure: dict[str, Any], rows: Sequence[Row]) -> Values:
    values = np.array([row.get(measure["name"], np.nan) for row in rows])
    return np.asarray(np.log(np.maximum(0.0, 1 - values if measure["is_least"] else values) + measure["offset"]))


def _knots(measure: dict[str, Any], good: Sequence[Row], bad: Sequence[Row]) -> list[float]:
    """Return evenly spaced knots from what half of the copies have to what most pairs of series have."""
    low, high = np.nanquantile(_scaled(measure, good), 0.5), np.nanquantile(_scaled(measure, bad), 0.75)
    return [round(float(knot), 4) for knot in np.linspace(low, max(high, low + 0.5), _STEPS + 1)]


def _ramps(measure: dict[str, Any], rows: Sequence[Row]) -> Values:
    """Return how far up each step a value is, 0..1; a measure that is missing is on no step."""
    scaled, knots = _scaled(measure, rows), measure["knots"]
    steps = [(scaled - low) / (high - low) for low, high in itertools.pairwise(knots)]
    return np.nan_to_num(np.clip(np.stack(steps, axis=1), 0, 1))


def _solved(steps: Values, copies: int) -> tuple[float, Values]:
    """Return base and weights of the logistic regression; weights are never negative, so each step only takes away."""
    is_copy = np.arange(len(steps)) < copies
    weights = np.where(is_copy, 1 / copies, _WEIGHT_OF_SERIES / max(1, len(steps) - copies))

    def loss(unknowns: Values) -> tuple[float, Values]:
        score = unknowns[0] - steps @ unknowns[1:]
        wrong = np.where(is_copy, -score, score)
        slope = weights * np.where(is_copy, -1.0, 1.0) / (1 + np.exp(-wrong))
        ridge = _RIDGE * float((unknowns[1:] ** 2).mean()) / 2
        gradient = np.concatenate([[slope.sum()], -(steps.T @ slope) + _RIDGE * unknowns[1:] / steps.shape[1]])
        return float((weights * np.logaddexp(0, wrong)).sum()) + ridge, gradient

    start = np.concatenate([[3.0], np.full(steps.shape[1], 0.3)])
    bounds = [(None, None), *[(0, None)] * steps.shape[1]]
    solved = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 5000})
    return float(solved.x[0]), np.asarray(solved.x[1:])


if __name__ == "__main__":
    main()
