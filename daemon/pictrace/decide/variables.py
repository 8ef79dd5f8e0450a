"""Variables in the options of actions: ``{year}``, ``{relation}``, ``{stem}`` and so on; flat names, no attributes.

What they stand for comes from strangers' files: it is made harmless for a path and for a keyword, and clipped. What is
not known is never guessed.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pictrace.config import unknown
from pictrace.decide.dates import captured_on
from pictrace.decide.facts import Case, SideFacts
from pictrace.errors import shown

MOST_BYTES: Final = 120  # of one value, or of one folder in it: a name may have 255, and stands beside others

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_NOT_IN_NAMES = frozenset("/\\|")  # folders, and the levels of keywords


class NotKnownError(Exception):
    """A variable has no value here; the text is a sentence that says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What variables speak of: the photo a step works on, the finding, and the rule that wants the step."""

    side: SideFacts
    case: Case
    rule: str


_Value = Callable[[Subject], str]


def _of_day(words: Callable[[datetime.date], str]) -> _Value:
    def value(subject: Subject) -> str:
        day = captured_on(subject.side.metadata)
        if day is None:
            raise NotKnownError(f"{shown(subject.side.path.name)} does not say when it was taken")
        return words(day)

    return value


def _camera(subject: Subject) -> str:
    camera = None if subject.side.metadata is None else subject.side.metadata.camera
    if camera is None:
        raise NotKnownError(f"{shown(subject.side.path.name)} does not say which camera took it")
    return camera


def _folder(side: SideFacts) -> str:
    """Return the folder below the root, its parts made harmless one by one; empty at the top of the root."""
    return "/".join(_harmless(part) for part in side.relative.split("/")[:-1])


def _extension(side: SideFacts) -> str:
    return side.path.suffix.removeprefix(".")


_VALUES: Final[dict[str, _Value]] = {
    "year": _of_day(lambda day: f"{day.year:04d}"),
    "month": _of_day(lambda day: f"{day.month:02d}"),
    "day": _of_day(lambda day: f"{day.day:02d}"),
    "camera": _camera,
    "name": lambda subject: subject.side.path.name,
    "stem": lambda subject: subject.side.path.stem,
    "ext": lambda subject: _extension(subject.side),
    "folder": lambda subject: _folder(subject.side),
    "root": lambda subject: subject.side.root.name,
    "keeper-name": lambda subject: subject.case.keeper.path.name,
    "keeper-stem": lambda subject: subject.case.keeper.path.stem,
    "keeper-folder": lambda subject: _folder(subject.case.keeper),
    "duplicate-name": lambda subject: subject.case.duplicate.path.name,
    "duplicate-stem": lambda subject: subject.case.duplicate.path.stem,
    "duplicate-folder": lambda subject: _folder(subject.case.duplicate),
    "relation": lambda subject: subject.case.facts.match.relation.value,
    "certainty": lambda subject: subject.case.facts.match.certainty.value,
    "rule": lambda subject: subject.rule,
}
VARIABLES: Final = tuple(_VALUES)


def check_template(text: str) -> None:
    """Refuse a text with a variable that is not known, or with a brace that belongs to none.

    Raises:
        ValueError: a sentence that names what is known.
    """
    for piece in _PIECE.finditer(text):
        if piece[0] in ("{", "}"):
            raise ValueError(f"a `{piece[0]}` stands alone; write `{piece[0] * 2}` where a brace is meant")
        if piece[1] is not None and piece[1] not in _VALUES:
            raise ValueError(unknown("variable", piece[1], VARIABLES))


def before_variables(text: str) -> str:
    """Return what stands before the first variable."""
    found = next((piece for piece in _PIECE.finditer(text) if piece[1] is not None), None)
    return _literal(text if found is None else text[: found.start()])


def filled(text: str, subject: Subject) -> str:
    """Return a text that was checked, with the values of its variables.

    Raises:
        NotKnownError: one of them has no value here.
    """

    def value(piece: re.Match[str]) -> str:
        return _literal(piece[0]) if piece[1] is None else _value(piece[1], subject)

    return _PIECE.sub(value, text)


def _value(name: str, subject: Subject) -> str:
    try:
        raw = _VALUES[name](subject)
    except NotKnownError as problem:
        raise NotKnownError(f"{problem}, so {{{name}}} is not known") from None
    if name.endswith("folder"):
        return raw
    value = _harmless(raw)
    if not value:
        raise NotKnownError(f"{{{name}}} is empty for {shown(subject.side.path.name)}")
    return value


def _literal(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}")


def _harmless(text: str) -> str:
    """Return a text as it may stand in the name of one folder: one level, visible, of a bearable length."""
    kept = "".join("_" if letter in _NOT_IN_NAMES or not letter.isprintable() else letter for letter in text)
    kept = kept.strip().lstrip(".")
    while len(kept.encode(errors="replace")) > MOST_BYTES:
        kept = kept[:-1]
    return kept.strip()
