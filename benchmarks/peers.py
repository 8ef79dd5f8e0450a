"""PicTrace and other tools on the same files in the same run: recall by family, series wrongly joined, CPU seconds.

    python benchmarks/peers.py [CORPUS] [--python PYTHON] [--half judged|fitted|all] [--count 3] [--json FILE]

The tools are looked for in the environment of PYTHON, this one's by default; those that are missing are named. A pair
counts as joined where a tool puts the copy and its original together; where PicTrace puts the copy and any picture of
the same original together. Every tool gets one flat folder with names that tell nothing.
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from judging import report
from judging.bars import counted
from judging.halves import Half, SeriesPair, corpus_folder, photos_of, series_pairs
from judging.scanning import scanned
from make_pairs import jobs_for, make_all, photos_in
from pictrace.bench.peers import FINDERS, ask
from pictrace.bench.shares import Share

Row = dict[str, Any]
_OURS, _YARDSTICK = "PicTrace, verified", "Czkawka's bindings, groups at 10"
_TWELVE_MEGAPIXELS = (4000, 3000)


@dataclass(slots=True, kw_only=True)
class Field:
    """The files that all tools get, under names that tell nothing.

    ``copies``: pairs of copy and original. ``series``: pairs of one series. ``different``: pairs of photographs.
    """

    folder: Path
    rows: list[Row]
    copies: list[tuple[str, str]] = field(default_factory=list)
    series: list[tuple[str, str]] = field(default_factory=list)
    different: list[tuple[str, str]] = field(default_factory=list)
    shown: dict[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one tool did: for each pair whether it was joined; CPU seconds a photograph of 12 megapixels."""

    tool: str
    copies: list[bool]
    series: list[bool]
    different: int
    cpu_seconds: float


def main() -> None:
    """Lay the files out, run every tool, print the table."""
    arguments = _arguments()
    corpus, half = corpus_folder(arguments.corpus), Half(arguments.half)
    photos = photos_of(photos_in(corpus / "photos"), half)
    with tempfile.TemporaryDirectory(prefix="pictrace-peers-") as scratch:
        root = Path(scratch)
        rows = make_all(jobs_for(photos, arguments.count, arguments.seed), root / "copies", arguments.processes)
        laid = laid_out(root, photos, rows, series_pairs(corpus / "series", half))
        large = large_photos(photos, root / "large", arguments.large)
        results = [*by_pictrace(laid, large, root)]
        for tool in FINDERS:
            result = by_other(tool, laid, large, arguments.python)
            print(f"{tool}: {'missing' if result is None else 'done'}", file=sys.stderr, flush=True)
            results += [] if result is None else [result]
    missing = [tool for tool in FINDERS if tool not in {result.tool for result in results}]
    print(_heading(half, len(photos), len(rows), arguments.large), table(rows, results), sep="\n\n")
    print(f"\n{_cpu_bar(results)}\nNot installed: {', '.join(missing) or 'none'}.")
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(as_json(rows, results), indent=1) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--python", default=sys.executable, help="of the environment that has the other tools")
    parser.add_argument("--half", choices=[half.value for half in Half], default=Half.JUDGED.value)
    parser.add_argument("--count", type=int, default=3, help="photographs an attack")
    parser.add_argument("--large", type=int, default=40, help="photographs of 12 megapixels")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", type=Path, help="write the numbers here")
    return parser.parse_args()


def laid_out(root: Path, photos: Sequence[Path], rows: list[Row], series: Sequence[SeriesPair]) -> Field:
    """Return all files in one folder with names that tell nothing."""
    laid = Field(folder=root / "field", rows=rows)
    laid.folder.mkdir()
    names: dict[Path, str] = {}

    def name_of(path: Path, shows: set[str]) -> str:
        if path not in names:
            names[path] = f"{len(names):06}{path.suffix.lower()}"
            shutil.copyfile(path, laid.folder / names[path])
            laid.shown[names[path]] = frozenset(shows)
        return names[path]

    originals = {photo.name: name_of(photo, {photo.name}) for photo in photos}
    for row in rows:
        copy = name_of(root / "copies" / row["copy"], {row["original"], *row["others"]})
        laid.copies.append((copy, originals[row["original"]]))
    for pair in series:
        first, second = (name_of(path, {path.name}) for path in (pair.first, pair.second))
        laid.series.append((first, second))
    laid.different = list(itertools.combinations(originals.values(), 2))
    return laid


def large_photos(photos: Sequence[Path], folder: Path, number: int) -> Path:
    """Store photographs of 12 megapixels, all different."""
    folder.mkdir()
    for count, photo in enumerate(itertools.islice(itertools.cycle(photos), number)):
        with Image.open(photo) as image:
            large = image.convert("RGB").resize(_TWELVE_MEGAPIXELS, Image.Resampling.BICUBIC)
        large.save(folder / f"{count:04}.jpg", quality=90)
    return folder


def by_pictrace(laid: Field, large: Path, root: Path) -> tuple[Result, Result]:
    """Return what PicTrace joined, verified, and what it joined or suspected."""
    number = len(list(large.iterdir()))
    alone = {path.name: frozenset({path.name}) for path in large.iterdir()}
    cpu_seconds = scanned(large, root / "state-large", alone).cpu_seconds / number
    scan = scanned(laid.folder, root / "state", laid.shown)
    outcomes = [scan.outcome(copy) for copy, _ in laid.copies]
    results = []
    for column, tool in enumerate((_OURS, "PicTrace, verified or suspected")):
        wrong = {
            frozenset((one["file"], one["other"]))
            for one in scan.false_pairs
            if column or one["certainty"] != "suspected"
        }
        result = Result(
            tool=tool,
            copies=[outcome[column] for outcome in outcomes],
            series=[frozenset(pair) in wrong for pair in laid.series],
            different=sum(frozenset(pair) in wrong for pair in laid.different),
            cpu_seconds=cpu_seconds,
        )
        results.append(result)
    return results[0], results[1]


def by_other(tool: str, laid: Field, large: Path, python: str) -> Result | None:
    """Return what another tool joined; None where it is not installed."""
    pairs = [*laid.copies, *laid.series, *laid.different]
    answer = ask(tool, laid.folder, pairs, python)
    if answer.missing is not None:
        return None
    seconds = ask(tool, large, [], python).cpu_seconds
    joined = answer.joined
    end_of_copies, end_of_series = len(laid.copies), len(laid.copies) + len(laid.series)
    return Result(
        tool=tool,
        copies=joined[:end_of_copies],
        series=joined[end_of_copies:end_of_series],
        different=sum(joined[end_of_series:]),
        cpu_seconds=seconds / len(list(large.iterdir())),
    )


def table(rows: Sequence[Row], results: Sequence[Result]) -> str:
    """Return recall by family as markdown, one line a tool."""
    families = list(report.grouped(rows, "family"))
    names = ["tool", *families, "all but negative", "series joined", "false pairs", "CPU s, 12 MP"]
    lines = [f"| {' | '.join(names)} |", "| --- " * len(names) + "|"]
    for result in results:
        shares = [_short(Share.of(_of_family(rows, result, family))) for family in families]
        mean = Share.of(joined for row, joined in zip(rows, result.copies, strict=True) if counted(row))
        series = Share.of(result.series)
        rest = [_short(mean), f"{series.hits} of {series.n}", str(result.different), f"{result.cpu_seconds:.3f}"]
        lines.append(f"| {' | '.join([result.tool, *shares, *rest])} |")
    return "\n".join(lines)


def as_json(rows: Sequence[Row], results: Sequence[Result]) -> list[Row]:
    """Return the numbers, one entry a tool."""
    families = list(report.grouped(rows, "family"))
    return [
        {
            "tool": result.tool,
            "families": {family: Share.of(_of_family(rows, result, family)).as_json() for family in families},
            "all": Share.of(joined for row, joined in zip(rows, result.copies, strict=True) if counted(row)).as_json(),
            "series": Share.of(result.series).as_json(),
            "false_pairs": result.different,
            "cpu_seconds": round(result.cpu_seconds, 4),
        }
        for result in results
    ]


def _cpu_bar(results: Sequence[Result]) -> str:
    seconds = {result.tool: result.cpu_seconds for result in results}
    theirs = seconds.get(_YARDSTICK)
    if theirs is None:
        return f"{_YARDSTICK}: not installed, so CPU time has nothing to be held against."
    ratio = seconds[_OURS] / theirs
    return f"CPU for a 12 MP JPEG, PicTrace / {_YARDSTICK}: {ratio:.2f} (must ≤ 1.0, aim ≤ 0.6)."


def _of_family(rows: Sequence[Row], result: Result, family: str) -> list[bool]:
    return [joined for row, joined in zip(rows, result.copies, strict=True) if row["family"] == family]


def _short(share: Share) -> str:
    return f"{share.value:.2f}".removeprefix("0")


def _heading(half: Half, photos: int, copies: int, large: int) -> str:
    return (
        f"Commit {report.commit()}. Half: {half.value}, {photos} photographs, {copies} copies of them, "
        f"{large} photographs of 12 megapixels."
    )


if __name__ == "__main__":
    main()
