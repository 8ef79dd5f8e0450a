"""What the whole program finds: `pictrace scan` over photographs and copies, with a fresh state folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pictrace.bench.peers import children_seconds

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a scan gave; files are named relative to the library.

    ``links``: for each file, the surest finding that joins it to another picture of what it shows. ``false_pairs``:
    findings that join pictures which show nothing in common.
    """

    photos: int
    seconds: float
    cpu_seconds: float
    links: dict[str, Row]
    false_pairs: list[Row]

    def outcome(self, name: str) -> tuple[bool, bool]:
        """Return whether a file was linked by a verified finding, and whether by any."""
        link = self.links.get(name)
        return link is not None and link["certainty"] != "suspected", link is not None


def scanned(library: Path, state: Path, shown: Mapping[str, frozenset[str]]) -> Scan:
    """Scan a library.

    Args:
        library: the folder.
        state: a folder that does not exist yet.
        shown: for each file, relative to the library, which originals it shows.
    """
    command = [sys.executable, "-m", "pictrace", "scan", os.fspath(library), "--state", os.fspath(state), "--json"]
    started, before = time.monotonic(), children_seconds()
    out = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    seconds, cpu_seconds = time.monotonic() - started, children_seconds() - before
    events = [json.loads(line) for line in out.splitlines()]
    links: dict[str, Row] = {}
    false_pairs = []
    for finding in (event for event in events if event["event"] == "finding"):
        names = [Path(finding[side]).relative_to(library).as_posix() for side in ("file", "other")]
        if not shown[names[0]] & shown[names[1]]:
            false_pairs.append({**finding, "file": names[0], "other": names[1]})
            continue
        for name in names:
            if _is_surer(finding, links.get(name)):
                links[name] = finding
    photos = next(event["photos"] for event in events if event["event"] == "summary")
    return Scan(photos=photos, seconds=seconds, cpu_seconds=cpu_seconds, links=links, false_pairs=false_pairs)


def found_by_family(rows: Sequence[Row], scan: Scan, folder: str) -> dict[str, list[tuple[bool, bool]]]:
    """Return for each family whether each copy was linked by a verified finding, and by any."""
    table: defaultdict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for row in rows:
        table[row["family"]].append(scan.outcome(f"{folder}/{row['copy']}"))
    return dict(table)


def _is_surer(finding: Row, known: Row | None) -> bool:
    return known is None or (known["certainty"] == "suspected" and finding["certainty"] != "suspected")
