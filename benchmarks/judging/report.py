"""The results as markdown and as JSON."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from judging import edits
from judging.bars import Bar, counted
from judging.halves import Half
from judging.scanning import Scan
from pictrace.bench.shares import Share
from pictrace.match import MATCHER_VERSION

Row = dict[str, Any]


def heading(half: Half, photos: int, rows: Sequence[Row], arguments: Sequence[str]) -> str:
    """Return when, on what, and by which command it was measured."""
    today = datetime.datetime.now(datetime.UTC).date()
    command = " ".join(
        ["python benchmarks/accuracy.py", *(Path(word).name if "/" in word else word for word in arguments)]
    )
    seconds = [row["seconds"] for row in rows if "seconds" in row]
    return (
        f"{today}, `{command}`, commit {commit()}, matcher version {MATCHER_VERSION}, {os.cpu_count()} cores "
        f"({platform.machine()}), Python {platform.python_version()}.\n\n"
        f"Half: {half.value}, {photos} photographs, {len(rows)} copies in {len({row['attack'] for row in rows})} "
        f"attacks; {sum(seconds) / max(1, len(seconds)):.2f} CPU s a comparison."
    )


def commit() -> str:
    """Return the commit, with a plus where files differ from it."""
    here = Path(__file__).parent
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"], capture_output=True, text=True, cwd=here, check=False
    ).stdout
    return said.strip() or "unknown"


def families(rows: Sequence[Row]) -> str:
    """Return recall by family, and small and large originals apart."""
    head = (
        "| family | n | verified | verified or suspected | ≥ 1 MP: verified | or suspected "
        "| smaller: verified | or suspected |\n" + "| --- " * 8 + "|"
    )
    lines = [_family_line(family, members) for family, members in grouped(rows, "family").items()]
    mean = _family_line("**all but negative**", [row for row in rows if counted(row)])
    return "\n".join([head, *lines, mean])


def attacks(rows: Sequence[Row]) -> str:
    """Return recall and right names by attack."""
    head = "| attack | n | verified | suspected | relation right | named else, or wrong |\n" + "| --- " * 6 + "|"
    lines = []
    for attack, members in grouped(rows, "attack").items():
        verified, found = (sum(row[name] for row in members) for name in ("is_verified", "is_copy"))
        right = sum(edits.outcomes(members, edits.relation_outcome))
        lines.append(f"| {attack} | {len(members)} | {verified} | {found - verified} | {right} | {_else(members)} |")
    return "\n".join([head, *lines])


def series(rows: Sequence[Row]) -> str:
    """Return what the pairs of series were called, by kind."""
    head = (
        "| series | pairs | called a copy, verified | suspected | burst | same-scene | unrelated |\n"
        + "| --- " * 7
        + "|"
    )
    lines = []
    for kind, members in grouped(rows, "kind").items():
        words = Counter(row["relation"] for row in members if not row["is_copy"])
        verified = sum(row["is_verified"] for row in members)
        suspected = sum(row["is_copy"] for row in members) - verified
        rest = " | ".join(str(words[word]) for word in ("burst", "same-scene", "unrelated"))
        lines.append(f"| {kind} | {len(members)} | {verified} | {suspected} | {rest} |")
    return "\n".join([head, *lines])


def scan(table: Mapping[str, Sequence[tuple[bool, bool]]], found: Scan) -> str:
    """Return what the whole program found, by family."""
    speed = found.photos / found.seconds
    wrong = Counter(finding["certainty"] for finding in found.false_pairs)
    head = (
        f"`pictrace scan` of {found.photos} photographs and copies: {found.seconds:.0f} s, {speed:.1f} photos/s. "
        f"False pairs: {wrong['verified'] + wrong['proved']} verified, {wrong['suspected']} suspected.\n\n"
        "| family | n | linked, verified | or suspected |\n| --- | --- | --- | --- |"
    )
    lines = []
    everything = [one for family, members in table.items() if counted({"family": family}) for one in members]
    for family, members in [*table.items(), ("**all but negative**", everything)]:
        verified, any_of = (Share.of(one[number] for one in members) for number in (0, 1))
        lines.append(f"| {family} | {len(members)} | {verified} | {any_of} |")
    return "\n".join([head, *lines])


def as_json(lines: Sequence[Bar], rows: Sequence[Row]) -> dict[str, Any]:
    """Return the numbers."""
    return {
        "commit": commit(),
        "matcher_version": MATCHER_VERSION,
        "bars": [{"measure": bar.measure, "got": bar.got, "n": bar.n, "reached": bar.is_reached} for bar in lines],
        "families": {
            family: {name: Share.of(row[name] for row in members).as_json() for name in ("is_verified", "is_copy")}
            for family, members in grouped(rows, "family").items()
        },
    }


def grouped(rows: Sequence[Row], name: str) -> dict[str, list[Row]]:
    """Return rows by one of their values, in the order of appearance."""
    table: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        table[row[name]].append(row)
    return dict(table)


def _family_line(name: str, members: Sequence[Row]) -> str:
    def shares(which: Callable[[Row], bool]) -> str:
        some = [row for row in members if which(row)]
        return " | ".join(str(Share.of(row[outcome] for row in some)) for outcome in ("is_verified", "is_copy"))

    everything, large = shares(lambda _: True), shares(lambda row: row["is_large"])
    return f"| {name} | {len(members)} | {everything} | {large} | {shares(lambda row: not row['is_large'])} |"


def _else(members: Sequence[Row]) -> str:
    words = Counter(row["relation"] for row in members if not row["is_copy"])
    words += Counter(f"{row['relation']}!" for row in members if edits.relation_outcome(row) is False)
    words += Counter(name for row in members for name in edits.wrong(row) if name != "relation")
    return ", ".join(f"{count} {word}" for word, count in words.items()) or "–"
