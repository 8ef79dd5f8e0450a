"""``original-name``: the photo whose name bears fewer marks of a copy: ``(1)``, ``- Copy``, ``-edited`` and so on."""

from __future__ import annotations

from pictrace.decide.copy_marks import copy_marks
from pictrace.decide.criteria.base import TIE, Verdict
from pictrace.decide.facts import SideFacts
from pictrace.model import Match

NAME = "original-name"


def compare(a: SideFacts, b: SideFacts, match: Match) -> Verdict:  # noqa: ARG001 – the photos say it
    """Return which is better."""
    first, second = (copy_marks(side.path.name) for side in (a, b))
    if len(first) == len(second):
        return TIE
    fewer, more = sorted((first, second), key=len)
    return len(second) - len(first), f"{_words(fewer)} against {_words(more)}"


def _words(marks: tuple[str, ...]) -> str:
    return ", ".join(f"`{mark}`" for mark in marks) or "no mark of a copy"
