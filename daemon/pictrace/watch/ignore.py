"""Names that are passed over: other programs' folders, half-written files, hidden ones."""

from __future__ import annotations

import functools
import logging
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pictrace.config import name_expression
from pictrace.config.places import OWN_FOLDER
from pictrace.errors import ConfigError
from pictrace.model.names import PHOTO_SUFFIXES
from pictrace.shipped import shipped_data
from pictrace.watch.ppignore import PPIGNORE, LocalPatterns, read_ppignore

log = logging.getLogger(__name__)

STOP_MARKER = ".nopictrace"
# No config may open these: PicTrace would take in its own quarantine.
_OURS = frozenset({OWN_FOLDER, STOP_MARKER})
_HIDDEN = ".*"


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreHit:
    """Why a path is passed over: the pattern, where it stands, and which part of the path it hit."""

    pattern: str
    source: str
    part: str

    def __str__(self) -> str:
        """Return the reason in one line."""
        return f"{self.part!r} is passed over by {self.pattern} ({self.source})"


@dataclass(frozen=True, slots=True)
class _Line:
    """A pattern or a marker, and where it stands."""

    text: str
    source: str

    @property
    def name(self) -> str:
        """The pattern as names are compared: no slash at its end, no case."""
        return self.text.rstrip("/").casefold()


class _Patterns:
    """Patterns for one kind of name; most names hit none, and one expression for all of them says so quickly."""

    def __init__(self, lines: Iterable[_Line]) -> None:
        self._each = [(line, re.compile(name_expression(line.text), re.IGNORECASE)) for line in lines]
        joined = "|".join(f"(?:{pattern.pattern})" for _, pattern in self._each)
        self._any = re.compile(joined or r"(?!)", re.IGNORECASE)

    def hit(self, name: str) -> IgnoreHit | None:
        """Return the first pattern that hits a name."""
        if self._any.match(name) is None:
            return None
        line = next(line for line, pattern in self._each if pattern.match(name))
        return IgnoreHit(pattern=line.text, source=line.source, part=name)


class IgnoreList:
    """The shipped list, changed by the config.

    In the config a pattern adds, ``!pattern`` takes a shipped one away (``!.*``: the hidden names; ``!.nomedia``,
    ``!.ppignore``: these files are not obeyed), and the name of a stop marker switches it on. A pattern that ends in
    ``/`` hits folders at any depth, any other hits files; both hit single names, whatever their case.
    """

    def __init__(
        self, folders: Iterable[_Line], files: Iterable[_Line], markers: Iterable[_Line], *, obeys_ppignore: bool = True
    ) -> None:
        self._folders = _Patterns(folders)
        lines = list(files)
        self._files = _Patterns(lines)
        self._photos = _Patterns(line for line in lines if _may_hit_photo(line.text))
        self._markers = {line.text: line for line in markers}
        self._obeys_ppignore = obeys_ppignore
        self._hit_folder = functools.lru_cache(maxsize=10_000)(self._folders.hit)

    @classmethod
    def load(cls, extra: Sequence[str] = ()) -> IgnoreList:
        """Read the shipped list and apply the config's changes to it.

        Raises:
            ConfigError: a pattern of the config can hit no name, or has too many alternatives.
        """
        path = shipped_data("ignore.yaml")
        text = path.read_text(encoding="utf-8")
        shipped: dict[str, Any] = yaml.safe_load(text)["ignore"]  # Any: plain YAML of our own
        source = functools.partial(_source, path.name, _line_numbers(text))
        folders = [_Line(f"{name.rstrip('/')}/", source(name)) for name in shipped["dirs"]]
        files = [_Line(name, source(name)) for name in shipped["files"]]
        keys = ("stop_markers", "stop_markers_on_request")
        always, asked_for = ([_Line(name, source(key)) for name in shipped[key]] for key in keys)
        if shipped["hidden"]:
            hidden = _Line(_HIDDEN, f"{source('hidden')}, hidden: true")
            folders, files = [*folders, hidden], [*files, hidden]
        dropped = _dropped(extra, [*folders, *files, *always, _Line(PPIGNORE, "")])
        wanted = {name for name in extra if not name.startswith("!")}
        added = [_checked(name) for name in extra if not name.startswith("!")]
        return cls(
            [line for line in folders if line.name not in dropped] + [line for line in added if _is_folder(line)],
            [line for line in files if line.name not in dropped] + [line for line in added if not _is_folder(line)],
            [line for line in always if line.name not in dropped] + [line for line in asked_for if line.text in wanted],
            obeys_ppignore=PPIGNORE not in dropped,
        )

    def hit(self, name: str, *, is_dir: bool) -> IgnoreHit | None:
        """Return what hits a single name, None where nothing does."""
        return self._hit_folder(name) if is_dir else self._files.hit(name)

    def hit_photo(self, name: str) -> IgnoreHit | None:
        """Return what hits the name of a file that ends like a picture's; quicker than `hit`, which asks more."""
        return self._photos.hit(name)

    def stop(self, names: Iterable[str]) -> IgnoreHit | None:
        """Return the marker among the names in a folder by which the whole folder is passed over."""
        for name in names:
            line = self._markers.get(name)
            if line is not None:
                return IgnoreHit(pattern=name, source=f"{line.source}, it lies in that folder", part=name)
        return None

    def local(self, folder: Path, names: Iterable[str]) -> LocalPatterns | None:
        """Return what a ``.ppignore`` among the names in a folder says; without one, nothing is opened."""
        return read_ppignore(folder) if self._obeys_ppignore and PPIGNORE in names else None

    def hit_below(self, top: Path, path: Path, *, is_dir: bool = False) -> IgnoreHit | None:
        """Return what hits a path or any folder between it and a root; looks for markers and lists on the disk."""
        parts = path.relative_to(top).parts
        for place, part in enumerate(parts, start=1):
            found = self.hit(part, is_dir=is_dir or place < len(parts))
            if found is not None:
                return found
        folders = [top.joinpath(*parts[:place]) for place in range(len(parts) + is_dir)]
        return next((found for folder in folders if (found := self._stop_in(folder)) is not None), None) or (
            self._hit_locally(folders, parts) if self._obeys_ppignore else None
        )

    def _hit_locally(self, folders: Sequence[Path], parts: Sequence[str]) -> IgnoreHit | None:
        """Return the line of a list in a folder that hits one of the parts below it; ``folders`` hold the parts."""
        lists: list[LocalPatterns] = []
        for folder, part in zip(folders, parts, strict=False):
            local = read_ppignore(folder)
            lists += [] if local is None else [local]
            found = hit_locally(lists, folder, part)
            if found is not None:
                return found
        return None

    def _stop_in(self, folder: Path) -> IgnoreHit | None:
        return self.stop(name for name in self._markers if os.path.lexists(folder / name))


def hit_locally(lists: Iterable[LocalPatterns], folder: Path, name: str) -> IgnoreHit | None:
    """Return the line of a list, of the folder or one above it, that hits a name in a folder."""
    found = next((hit for one in lists if (hit := one.hit(folder, name)) is not None), None)
    return None if found is None else IgnoreHit(pattern=found[0], source=found[1], part=name)


def _may_hit_photo(pattern: str) -> bool:
    """Return whether a pattern can hit a name that ends like a picture's: ``*.tmp`` cannot."""
    _, dot, suffix = pattern.rpartition(".")
    return not dot or not suffix.isalnum() or suffix.lower() in PHOTO_SUFFIXES


def _is_folder(line: _Line) -> bool:
    return line.text.endswith("/")


def _checked(name: str) -> _Line:
    """Return a pattern of the config, which must be able to hit a single name."""
    try:
        name_expression(name)
    except ValueError as problem:
        raise ConfigError(f"ignore: {problem}") from problem
    return _Line(name, "config, `ignore:`")


def _dropped(extra: Sequence[str], shipped: Sequence[_Line]) -> frozenset[str]:
    """Return the names that the config takes away; one that takes nothing away is told."""
    dropped = {_Line(name[1:], "").name for name in extra if name.startswith("!")}
    for name in sorted(dropped - {line.name for line in shipped}):
        log.warning("ignore: '!%s' takes nothing away: there is no such line in ignore.yaml", name)
    for name in sorted(dropped & _OURS):
        log.warning("ignore: '!%s' is not obeyed: that folder is PicTrace's own", name)
    return frozenset(dropped - _OURS)


def _line_numbers(text: str) -> dict[str, int]:
    """Return the line, counted from 1, in which each quoted name and each word stand."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        found = re.match(r'\s*(?:- "([^"]+)"|(\w+):)', line)
        if found is not None:
            lines.setdefault(found.group(1) or found.group(2), number)
    return lines


def _source(file: str, lines: dict[str, int], name: str) -> str:
    return f"{file}:{lines[name]}"
