"""How right PicTrace is: the table of bars, recall by family and attack, series, and a scan of it all.

    python benchmarks/accuracy.py [CORPUS] [--half judged|fitted|all] [--count 16] [--seed 1]
        [--json FILE] [--rows FILE] [--no-scan]

CORPUS holds ``photos/`` (all different) and ``series/`` with ``groups.csv`` (views, bursts, brackets: no copies); it is
looked for in ``$PICTRACE_CORPUS`` and beside the repository. Photographs and series are split into two halves; only
the half that is not judged by may be looked at while limits are set. Results go to stdout as markdown, progress to
stderr.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from judging import bars, report
from judging.halves import Half, corpus_folder, photos_of, series_pairs
from judging.negatives import judged_order, judged_photographs, judged_series
from judging.pairwise import judged_copies
from judging.scanning import found_by_family, scanned
from make_pairs import jobs_for, photos_in

Row = dict[str, Any]
# Sorted behind the photographs.
_COPIES = "zz-copies"


def main() -> None:
    """Make the copies, compare, scan, print the tables."""
    arguments = _arguments()
    started = time.monotonic()
    corpus = corpus_folder(arguments.corpus)
    half = Half(arguments.half)
    photos = photos_of(photos_in(corpus / "photos"), half)
    jobs = jobs_for(photos, arguments.count, arguments.seed, arguments.attack)
    with tempfile.TemporaryDirectory(prefix="pictrace-accuracy-") as scratch:
        copies = arguments.copies or Path(scratch) / "copies"
        rows = judged_copies(jobs, copies, arguments.processes)
        series = judged_series(series_pairs(corpus / "series", half), arguments.processes)
        different = judged_photographs(photos, arguments.nearest, arguments.processes)
        lines = [*bars.copy_bars(rows), *bars.negative_bars(different, series)]
        pairs = _sample(rows, copies, corpus, arguments.order)
        unequal, unsteady = judged_order(pairs, arguments.processes)
        lines += bars.order_bars(len(unequal), len(unsteady), len(pairs))
        parts = [
            report.heading(half, len(photos), rows, sys.argv[1:]),
            bars.table(lines),
            report.families(rows),
            report.attacks(rows),
            report.series(series),
        ]
        print("\n\n".join(parts), flush=True)
        _write(arguments.rows, [*rows, *series, *different, *unequal, *unsteady])
        if arguments.json is not None:
            arguments.json.write_text(json.dumps(report.as_json(lines, rows), indent=1) + "\n", encoding="utf-8")
        if not arguments.no_scan:
            print("\n" + _scan(rows, copies, photos, (Path(scratch), arguments.scan_count)))
    print(f"\nTook {time.monotonic() - started:.0f} s.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--half", choices=[half.value for half in Half], default=Half.JUDGED.value)
    parser.add_argument("--count", type=int, default=16, help="photographs an attack")
    parser.add_argument("--scan-count", type=int, default=5, help="photographs an attack in the scan")
    parser.add_argument("--nearest", type=int, default=4, help="nearest photographs each one is compared with")
    parser.add_argument("--order", type=int, default=120, help="pairs that are compared in both orders, and again")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--attack", action="append", help="only this one; may be said again")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--copies", type=Path, help="keep the copies in this folder")
    parser.add_argument("--json", type=Path, help="write the numbers here")
    parser.add_argument("--rows", type=Path, help="write one JSON object a pair here")
    parser.add_argument("--no-scan", action="store_true", help="leave out the scan of everything")
    return parser.parse_args()


def _sample(rows: Sequence[Row], copies: Path, corpus: Path, number: int) -> list[tuple[Path, Path]]:
    """Return pairs from all attacks alike."""
    step = max(1, len(rows) // max(1, number))
    return [(copies / row["copy"], corpus / "photos" / row["original"]) for row in rows[::step]]


def _scan(rows: Sequence[Row], copies: Path, photos: Sequence[Path], how: tuple[Path, int]) -> str:
    """Scan the photographs with some copies of each attack among them; returns the table."""
    scratch, count = how
    library = scratch / "library"
    (library / "photos").mkdir(parents=True)
    shown = {}
    for photo in photos:
        shutil.copy2(photo, library / "photos")
        shown[f"photos/{photo.name}"] = frozenset({photo.name})
    some = [row for members in report.grouped(rows, "attack").values() for row in members[:count]]
    for row in some:
        target = library / _COPIES / row["copy"]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(copies / row["copy"], target)
        shown[f"{_COPIES}/{row['copy']}"] = frozenset({row["original"], *row["others"]})
    return report.scan(found_by_family(some, found := scanned(library, scratch / "state", shown), _COPIES), found)


def _write(target: Path | None, rows: Sequence[Row]) -> None:
    if target is not None:
        target.write_text("".join(json.dumps(row, default=str) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
