"""Names that are passed over: other programs' folders, half-written files, hidden ones."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from wcmatch import fnmatch

from pictrace.shipped import shipped_data

_FLAGS = fnmatch.BRACE | fnmatch.IGNORECASE | fnmatch.DOTMATCH | fnmatch.FORCEUNIX
STOP_MARKER = ".nopictrace"


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
class _Pattern:
    text: str
    source: str
    expression: re.Pattern[str]


class IgnoreList:
    """The shipped list, changed by the config: a pattern adds, ``!pattern`` takes a shipped one away.

    A pattern that ends in ``/`` hits folders at any depth, any other hits files; both hit single names, whatever
    their case.
    """

    def __init__(self, folders: Sequence[_Pattern], files: Sequence[_Pattern], *, hidden: str | None) -> None:
        self._folders = tuple(folders)
        self._files = tuple(files)
        self._hidden = hidden
        self._hit_name = functools.lru_cache(maxsize=50_000)(self._find)

    @classmethod
    def load(cls, extra: Sequence[str] = ()) -> IgnoreList:
        """Read the shipped list and apply the config's changes to it."""
        path = shipped_data("ignore.yaml")
        text = path.read_text(encoding="utf-8")
        shipped: dict[str, Any] = yaml.safe_load(text)["ignore"]  # Any: plain YAML of our own
        lines = _line_numbers(text)
        names = [name if name.endswith("/") else f"{name}/" for name in shipped["dirs"]]
        sourced = [(name, _source(name, path, lines)) for name in [*names, *shipped["files"]]]
        dropped = {name[1:] for name in extra if name.startswith("!")}
        kept = [(name, source) for name, source in sourced if name not in dropped and name.rstrip("/") not in dropped]
        kept += [(name, "config, `ignore:`") for name in extra if not name.startswith("!")]
        hidden = f"{path.name}:{lines.get('hidden', 0)}" if shipped["hidden"] and ".*" not in dropped else None
        return cls(
            [_compiled(name.rstrip("/"), source) for name, source in kept if name.endswith("/")],
            [_compiled(name, source) for name, source in kept if not name.endswith("/")],
            hidden=hidden,
        )

    def hit(self, name: str, *, is_dir: bool) -> IgnoreHit | None:
        """Return what hits a single name, None where nothing does."""
        return self._hit_name(name, is_dir)

    def hit_below(self, top: Path, path: Path) -> IgnoreHit | None:
        """Return what hits a file or any folder between it and a root."""
        *folders, name = path.relative_to(top).parts
        for folder in folders:
            found = self.hit(folder, is_dir=True)
            if found is not None:
                return found
        return self.hit(name, is_dir=False)

    def _find(self, name: str, is_dir: bool) -> IgnoreHit | None:
        for pattern in self._folders if is_dir else self._files:
            if pattern.expression.match(name):
                return IgnoreHit(pattern=pattern.text, source=pattern.source, part=name)
        if self._hidden is not None and name.startswith("."):
            return IgnoreHit(pattern="hidden: true", source=self._hidden, part=name)
        return None


def _compiled(name: str, source: str) -> _Pattern:
    expressions, _ = fnmatch.translate(name, flags=_FLAGS)
    joined = "|".join(f"(?:{expression})" for expression in expressions)
    return _Pattern(name, source, re.compile(joined, re.IGNORECASE))


def _line_numbers(text: str) -> dict[str, int]:
    """Return the line, counted from 1, in which each quoted name and the word ``hidden`` stand."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        for name in re.findall(r'^\s*- "([^"]+)"', line):
            lines.setdefault(name, number)
        if line.strip().startswith("hidden:"):
            lines["hidden"] = number
    return lines


def _source(name: str, path: Path, lines: dict[str, int]) -> str:
    return f"{path.name}:{lines.get(name) or lines.get(name.rstrip('/'), 0)}"
