"""YAML values that know where they stand, so that every complaint can name file, line and column."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pictrace.errors import ConfigError, shown

T = TypeVar("T")

_MOST_LETTERS_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One entry of a mapping; the key has a place of its own."""

    key: Located
    value: Located


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A YAML value with its place. The methods read it as what is wanted, or raise `ConfigError` at that place.

    ``line`` and ``column`` count from 1.
    """

    value: str | int | float | bool | tuple[Located, ...] | dict[str, Pair] | None
    file: Path | None
    line: int
    column: int

    def error(self, message: str) -> ConfigError:
        """Return an error that points here."""
        return ConfigError(message, file=self.file, line=self.line, column=self.column)

    def expected(self, wanted: str) -> ConfigError:
        """Return an error that says what was wanted here and what is there."""
        return self.error(f"expected {wanted}, found {self.found()}")

    def found(self) -> str:
        """Return what stands here, in words, clipped."""
        match self.value:
            case None:
                return "nothing"
            case bool():
                return str(self.value).lower()
            case str():
                return quoted(self.value)
            case tuple():
                return "a list"
            case dict():
                return "a mapping"
            case _:
                return str(self.value)[:_MOST_LETTERS_SHOWN]

    def text(self, wanted: str = "a text") -> str:
        """Return the text that stands here, which is not empty."""
        if not isinstance(self.value, str) or not self.value:
            raise self.expected(wanted)
        return self.value

    def boolean(self) -> bool:
        """Return the truth value that stands here."""
        if not isinstance(self.value, bool):
            raise self.expected("true or false")
        return self.value

    def number(self, wanted: str, *, low: float, high: float) -> float:
        """Return the number that stands here, within the bounds."""
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.expected(wanted)
        if not math.isfinite(value) or not low <= value <= high:
            raise self.expected(wanted)
        return value

    def whole_number(self, wanted: str, *, low: int, high: int) -> int:
        """Return the whole number that stands here, within the bounds."""
        if not isinstance(self.value, int):
            raise self.expected(wanted)
        return int(self.number(wanted, low=low, high=high))

    def choice(self, known: Collection[str], what: str) -> str:
        """Return the text that stands here, which is one of the known names."""
        text = self.text(f"{what}: {listing(known)}")
        if text not in known:
            raise self.error(unknown(what, text, known))
        return text

    def converted(self, convert: Callable[[str], T], wanted: str) -> T:
        """Return the text that stands here as a value; the converter raises ValueError where it is none."""
        try:
            return convert(self.text(wanted))
        except ValueError:
            raise self.expected(wanted) from None

    def items(self, wanted: str = "a list") -> tuple[Located, ...]:
        """Return the entries of the list that stands here."""
        if not isinstance(self.value, tuple):
            raise self.expected(wanted)
        return self.value

    def one_or_more(self, wanted: str) -> tuple[Located, ...]:
        """Return the entries of a list with at least one, or the single value that stands here."""
        if self.value == ():
            raise self.error(f"expected {wanted}, found an empty list")
        return self.value if isinstance(self.value, tuple) else (self,)

    def section(self, what: str, known: Collection[str], *, required: Iterable[str] = ()) -> dict[str, Located]:
        """Return the values of the mapping that stands here, by key.

        Args:
            what: what the mapping is, for messages: ``a rule``.
            known: the keys it may have.
            required: those it must have.
        """
        if not isinstance(self.value, dict):
            raise self.expected(f"{what} with keys out of: {listing(known)}")
        for name, pair in self.value.items():
            if name not in known:
                raise pair.key.error(unknown(f"key in {what}", name, known))
        for name in required:
            if name not in self.value:
                raise self.error(f"{what} needs the key `{name}`; known: {listing(known)}")
        return {name: pair.value for name, pair in self.value.items()}

    def plain(self) -> Any:  # Any: whatever YAML can hold
        """Return the value as plain Python, places left out."""
        match self.value:
            case tuple():
                return [item.plain() for item in self.value]
            case dict():
                return {name: pair.value.plain() for name, pair in self.value.items()}
            case _:
                return self.value


def quoted(text: str) -> str:
    """Return a text from a stranger as it may stand in a message."""
    clipped = text if len(text) <= _MOST_LETTERS_SHOWN else text[:_MOST_LETTERS_SHOWN] + "…"
    return f"'{shown(clipped)}'"


def listing(names: Iterable[str]) -> str:
    """Return names for a message."""
    return ", ".join(names)


def unknown(what: str, name: str, known: Collection[str]) -> str:
    """Return the complaint about an unknown name: the known ones, and the nearest where one is near."""
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    return f"unknown {what}: {quoted(name)}{hint} (known: {listing(known)})"
