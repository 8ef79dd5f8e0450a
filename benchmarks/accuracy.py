"""What a `pictrace scan` finds among photographs, copies made of some of them, and series that are not copies.

    python benchmarks/accuracy.py CORPUS [--count 60] [--seed 2]

CORPUS holds ``photos/`` (all different) and ``series/`` (views, bursts, brackets: no copies). Prints two tables. The
whole program runs, as a user would run it; nothing is measured from inside.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from make_copies import chosen, make_copies


def main() -> None:
    """Make the copies, scan, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pictrace-accuracy-") as scratch:
        library = Path(scratch) / "library"
        shutil.copytree(arguments.corpus / "photos", library / "photos")
        copies = library / "zz-copies"
        make_copies(chosen(arguments.corpus / "photos", arguments.count, arguments.seed), copies)
        copy_table(copies, findings(library, Path(scratch) / "state"))
        series = Path(scratch) / "series"
        shutil.copytree(arguments.corpus / "series", series)
        series_table(series, findings(series, Path(scratch) / "state-series"))


def findings(folder: Path, state: Path) -> list[dict[str, Any]]:
    """Return the findings of a scan with a fresh state folder."""
    command = [sys.executable, "-m", "pictrace", "scan", os.fspath(folder), "--state", os.fspath(state), "--json"]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [event for event in map(json.loads, out.splitlines()) if event["event"] == "finding"]


def copy_table(copies: Path, found: list[dict[str, Any]]) -> None:
    """Print, for each kind of copy, how many were linked to their own photograph and by which word."""
    with (copies / "copies.csv").open(encoding="utf-8") as file:
        rows = {row["copy"]: row for row in csv.DictReader(file)}

    def original(path: str) -> str:
        inside = Path(path).is_relative_to(copies)
        return rows[os.path.relpath(path, copies)]["original"] if inside else Path(path).name

    by_file: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    false_pairs = 0
    for event in found:
        if original(event["file"]) == original(event["other"]):
            by_file[event["file"]].append(event)
        else:
            false_pairs += 1
    table: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for name, row in rows.items():
        events = by_file[os.fspath(copies / name)]
        word = "missed" if not events else events[0]["relation"]
        suspected = " (suspected)" if events and events[0]["certainty"] == "suspected" else ""
        table[row["kind"], row["relation"]][word + suspected] += 1
    print("| copies | expected | n | found and so named | else |")
    print("| --- | --- | --- | --- | --- |")
    for (kind, relation), words in table.items():
        rest = ", ".join(f"{count} {word}" for word, count in words.items() if word != relation) or "–"
        print(f"| {kind} | {relation} | {sum(words.values())} | {words[relation]} | {rest} |")
    print(f"\nFalse pairs between different photographs: {false_pairs}\n")


def series_table(series: Path, found: list[dict[str, Any]]) -> None:
    """Print how many pairs of each kind of series were called copies."""
    with (series / "groups.csv").open(encoding="utf-8") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    sizes = Counter((row["group"], row["kind"]) for row in rows.values())
    pairs: Counter[str] = Counter()
    for (_, kind), size in sizes.items():
        pairs[kind] += size * (size - 1) // 2
    called: Counter[tuple[str, str]] = Counter()
    for event in found:
        called[rows[Path(event["file"]).name]["kind"], event["certainty"]] += 1
    print("| series | pairs | called a copy, verified | suspected |")
    print("| --- | --- | --- | --- |")
    for kind, count in sorted(pairs.items()):
        verified = called[kind, "verified"] + called[kind, "proved"]
        print(f"| {kind} | {count} | {verified} | {called[kind, 'suspected']} |")


if __name__ == "__main__":
    main()
