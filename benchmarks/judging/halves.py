"""Which photographs and series are judged by, and which ones limits may be fitted to."""

from __future__ import annotations

import csv
import hashlib
import itertools
import os
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Half(StrEnum):
    """A half of the pictures, or all of them."""

    JUDGED = "judged"
    FITTED = "fitted"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPair:
    """Two pictures of one series, which are no copies."""

    first: Path
    second: Path
    group: str
    kind: str


def corpus_folder(given: Path | None) -> Path:
    """Return the folder with ``photos/`` and ``series/``: as given, from the environment, or beside the repository."""
    if given is not None:
        return given
    if "PICTRACE_CORPUS" in os.environ:
        return Path(os.environ["PICTRACE_CORPUS"])
    return Path(__file__).resolve().parents[3] / "shared" / "corpus"


def photos_of(photos: Iterable[Path], half: Half) -> list[Path]:
    """Return the photographs of a half: a hash of the file name decides."""
    return [photo for photo in photos if half is Half.ALL or (_digest(photo.name)[0] & 1 == 0) == (half is Half.JUDGED)]


def series_pairs(folder: Path, half: Half) -> list[SeriesPair]:
    """Return all pairs within the series of a half; of each kind, every other series, by a hash of its name."""
    with (folder / "groups.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    groups = sorted({(row["kind"], _digest(row["group"]), row["group"]) for row in rows})
    pairs = []
    for number, (kind, _, group) in enumerate(groups):
        if half is not Half.ALL and (number % 2 == 0) != (half is Half.JUDGED):
            continue
        files = sorted(folder / row["file"] for row in rows if row["group"] == group)
        pairs += [
            SeriesPair(first=first, second=second, group=group, kind=kind)
            for first, second in itertools.combinations(files, 2)
        ]
    return pairs


def _digest(name: str) -> bytes:
    return hashlib.blake2b(os.fsencode(name), digest_size=8).digest()
