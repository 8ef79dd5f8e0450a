"""Folders that Syncthing sends to other devices, and what it passes over in them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pictrace.config.places import QUARANTINE, ROOT_ID
from pictrace.errors import shown
from pictrace.watch.path_globs import path_expression
from pictrace.watch.small_files import read_lines

MARKER = ".stfolder"
IGNORE_FILE = ".stignore"
_MOST_BYTES = 1024 * 1024
_MOST_FILES = 20
_PREFIXES = ("!", "(?i)", "(?d)")
# What lies in a folder of ours: it is passed over as a whole only where these are.
_INSIDE = (ROOT_ID, f"{QUARANTINE}/manifest.jsonl", f"{QUARANTINE}/2024-01/1a2b3c4d-photo.jpg")


class UnclearError(Exception):
    """What Syncthing passes over cannot be told: a file cannot be read, or a pattern makes no sense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    """A line of .stignore; ``expression`` hits whole paths, relative to the top of the synced folder."""

    expression: re.Pattern[str]
    is_negated: bool


def synced_tops(path: Path) -> tuple[Path, ...]:
    """Return the tops of the Syncthing folders that a path is or lies in, the innermost first."""
    folders = (path, *path.parents)
    return tuple(folder for folder in folders if os.path.lexists(os.path.join(folder, MARKER)))  # noqa: PTH118 – quicker


def ignore_line(top: Path, place: Path) -> str:
    """Return the line for a .stignore by which a place below its folder is passed over."""
    return "/" + re.sub(r"([*?\[\]{},\\])", r"\\\1", place.relative_to(top).as_posix())


def is_passed_over(top: Path, place: Path) -> bool:
    """Return whether Syncthing passes over a folder and all that may come to lie in it.

    As in Syncthing's own lib/ignore: the first pattern that hits a path decides, and what a pattern hits it hits with
    all below it. Read is the file on the disk: Syncthing takes a change up at its next scan, at most an hour later.

    Raises:
        UnclearError: says which file or line cannot be understood.
    """
    patterns = list(_patterns(top / IGNORE_FILE, budget=[_MOST_FILES]))
    relative = place.relative_to(top).as_posix()
    return all(_is_ignored(f"{relative}/{name}", patterns) for name in _INSIDE)


def _is_ignored(path: str, patterns: list[_Pattern]) -> bool:
    found = next((pattern for pattern in patterns if pattern.expression.fullmatch(path)), None)
    return found is not None and not found.is_negated


def _patterns(file: Path, *, budget: list[int]) -> Iterator[_Pattern]:
    """Yield the patterns of a file and of those it includes; none where there is no such file."""
    budget[0] -= 1
    if budget[0] < 0:
        raise UnclearError(f"{shown(file)}: more than {_MOST_FILES} files include one another")
    for line in _lines(file):
        if line.startswith("#include"):
            name = line.removeprefix("#include").strip()
            included = file.parent / name
            if not name or not included.is_file():
                # Syncthing stops the whole folder over such a line.
                raise UnclearError(f"{shown(file)}: `{shown(line)}` names no file")
            yield from _patterns(included, budget=budget)
        elif line and not line.startswith(("//", "#escape")):
            yield _parsed(line, file)


def _lines(file: Path) -> list[str]:
    try:
        return read_lines(file, most_bytes=_MOST_BYTES, follow_links=True)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UnclearError(f"{shown(file)} cannot be read: {error.strerror}") from error


def _parsed(line: str, file: Path) -> _Pattern:
    rest, seen = line, set()
    while (prefix := next((one for one in _PREFIXES if rest.startswith(one) and one not in seen), None)) is not None:
        seen.add(prefix)
        rest = rest.removeprefix(prefix)
    # A pattern that begins with a slash counts from the top, any other from every folder.
    anchor = "" if rest.startswith("/") else r"(?:.*/)?"
    text = rest.removeprefix("/")
    text = f"{text}**" if text.endswith("/") else text
    try:
        # What hits a folder hits all below it.
        whole = f"{anchor}(?:{path_expression(text)})(?:/.*)?"
        expression = re.compile(whole, re.IGNORECASE if "(?i)" in seen else 0)
    except (ValueError, re.error) as error:
        raise UnclearError(f"{shown(file)}: `{shown(line)}` cannot be understood: {error}") from error
    return _Pattern(expression=expression, is_negated="!" in seen)
