"""Which files of a folder are photos to make copies of, and which pictures belong together."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pictrace.errors import UsageError, shown
from pictrace.model.names import is_photo_name

_TABLE: Final = "groups.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Pictures of one scene, which are no copies of each other; ``kind`` as the table says, else empty."""

    name: str
    files: tuple[Path, ...]
    kind: str = ""


def originals_in(folder: Path) -> list[Path]:
    """Return the photos that lie in a folder itself, by name, without those that were made of one of them.

    Made are those that add to the name of another photo: ``a.crop.50.jpg`` and ``a.copy.jpg`` beside ``a.jpg``.
    """
    photos = _photos(folder)
    stems = {photo.stem for photo in photos}
    return [photo for photo in photos if not _is_made(photo.stem, stems)]


def groups_in(folder: Path) -> list[Group]:
    """Return the groups of a folder: those of its ``groups.csv`` (file, group, kind), else its subfolders.

    Groups of one picture are left out; pictures keep the order of the table, else of their names.

    Raises:
        UsageError: the table lacks a column, or names a file that is not there.
    """
    table = folder / _TABLE
    if table.is_file():
        return [group for group in _tabled(table) if len(group.files) > 1]
    folders = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    found = [Group(name=path.name, files=tuple(_photos(path))) for path in folders if not (path / _TABLE).is_file()]
    return [group for group in found if len(group.files) > 1]


def _photos(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.iterdir()
        if is_photo_name(path.name) and not path.name.startswith(".") and path.is_file()
    )


def _is_made(stem: str, stems: set[str]) -> bool:
    parts = stem.split(".")
    return any(".".join(parts[:count]) in stems for count in range(1, len(parts)))


def _tabled(table: Path) -> list[Group]:
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    groups: dict[str, list[dict[str, str]]] = {}
    for number, row in enumerate(rows, start=2):
        if not row.get("file") or not row.get("group"):
            raise UsageError(f"{shown(table)}:{number}: expected the columns file and group, found {', '.join(row)}")
        if not (table.parent / row["file"]).is_file():
            raise UsageError(f"{shown(table)}:{number}: expected a file {shown(row['file'])}, found none")
        groups.setdefault(row["group"], []).append(row)
    return [
        Group(name=name, files=tuple(table.parent / row["file"] for row in members), kind=members[0].get("kind") or "")
        for name, members in groups.items()
    ]
