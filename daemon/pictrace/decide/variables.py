"""Variables in the options of actions: ``{year}``, ``{keeper-stem}``, ``{relation}``; flat names, no attributes.

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


_OfPhoto = Callable[[SideFacts], str]
_OfFinding = Callable[[Subject], str]


def _of_day(words: Callable[[datetime.date], str]) -> _OfPhoto:
    def value(side: SideFacts) -> str:
        day = captured_on(side.metadata)
        if day is None:
            raise NotKnownError(f"{shown(side.path.name)} does not say when it was taken")
        return words(day)

    return value


def _camera(side: SideFacts) -> str:
    camera = None if side.metadata is None else side.metadata.camera
    if camera is None:
        raise NotKnownError(f"{shown(side.path.name)} does not say which camera took it")
    return camera


def _folder(side: SideFacts) -> str:
    """Return the folder below the root, its parts made harmless one by one; empty at the top of the root."""
    return "/".join(_harmless(part) for part in side.relative.split("/")[:-1])


_OF_PHOTOS: Final[dict[str, _OfPhoto]] = {
    "year": _of_day(lambda day: f"{day.year:04d}"),
    "month": _of_day(lambda day: f"{day.month:02d}"),
    "day": _of_day(lambda day: f"{day.day:02d}"),
    "camera": _camera,
    "name": lambda side: side.path.name,
    "stem": lambda side: side.path.stem,
    "ext": lambda side: side.path.suffix.removeprefix("."),
    "folder": _folder,
    "root": lambda side: side.root.name,
}
_OF_FINDINGS: Final[dict[str, _OfFinding]] = {
    "relation": lambda subject: subject.case.facts.match.relation.value,
    "certainty": lambda subject: subject.case.facts.match.certainty.value,
    "rule": lambda subject: subject.rule,
}
PHOTO_VARIABLES: Final = tuple(_OF_PHOTOS)
FINDING_VARIABLES: Final = tuple(_OF_FINDINGS)
VARIABLES: Final = (
    *PHOTO_VARIABLES,
    *FINDING_VARIABLES,
    *(f"{side}-{name}" for side in ("keeper", "duplicate") for name in PHOTO_VARIABLES),
)


def check_template(text: str) -> None:
    """Refuse a text with a variable that is not known, or with a brace that belongs to none.

    Raises:
        ValueError: a sentence that names what is known.
    """
    for piece in _PIECE.finditer(text):
        if piece[0] in ("{", "}"):
            raise ValueError(f"a `{piece[0]}` stands alone; write `{piece[0] * 2}` where a brace is meant")
        if piece[1] is not None and piece[1] not in VARIABLES:
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
        raw, side = _found(name, subject)
    except NotKnownError as problem:
        raise NotKnownError(f"{problem}, so {{{name}}} is not known") from None
    if name.endswith("folder"):
        return raw
    value = _harmless(raw)
    if not value:
        raise NotKnownError(f"{{{name}}} is empty for {shown(side.path.name)}")
    return value


def _found(name: str, subject: Subject) -> tuple[str, SideFacts]:
    """Return a value as it was found, and the photo it speaks of."""
    if name in _OF_FINDINGS:
        return _OF_FINDINGS[name](subject), subject.side
    sides = {"keeper": subject.case.keeper, "duplicate": subject.case.duplicate}
    word, _, rest = name.partition("-")
    side = sides.get(word, subject.side)
    return _OF_PHOTOS[rest if word in sides else name](side), side


def _literal(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}")


def _harmless(text: str) -> str:
    """Return a text as it may stand in the name of one folder: one level, visible, of a bearable length."""
    kept = "".join("_" if letter in _NOT_IN_NAMES or not letter.isprintable() else letter for letter in text)
    kept = kept.strip().lstrip(".")
    while len(kept.encode(errors="replace")) > MOST_BYTES:
        kept = kept[:-1]
    return kept.strip()
