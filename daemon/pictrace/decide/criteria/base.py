"""What every criterion of the keeper policy has: a name, and a comparison of two photos."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Protocol

from pictrace.config import Located
from pictrace.config.fragments import Schema
from pictrace.decide.facts import SideFacts
from pictrace.model import Match

# Which of two photos is better (positive: the first), and the measures in words; 0: a tie, the next line is asked.
Verdict = tuple[float, str]
Compare = Callable[[SideFacts, SideFacts, Match], Verdict]

TIE: Verdict = (0, "")


class Criterion(Protocol):
    """A criterion that is only a word."""

    NAME: str

    def compare(self, a: SideFacts, b: SideFacts, match: Match) -> Verdict:
        """Return which is better; the order in which the two are given makes no difference but the sign."""


class OptionCriterion(Protocol):
    """A criterion with an option, as in ``{in: glob}``. ``SCHEMA`` is what may stand there, for editors."""

    NAME: str
    SCHEMA: Schema

    def parse(self, node: Located) -> Compare:
        """Return the comparison that a line asks for; ConfigError where it makes no sense."""


class RootCriterion(Protocol):
    """A criterion whose option names roots."""

    NAME: str
    SCHEMA: Schema

    def parse(self, node: Located, roots: Collection[Path]) -> Compare:
        """Return the comparison that a line asks for; ConfigError where it makes no sense, or names no root."""


def ordered(node: Located, known: tuple[str, ...], what: str) -> tuple[list[str], str]:
    """Return the names that stand in a line, the best first, and the line in words."""
    order = [entry.choice(known, what) for entry in node.one_or_more(f"one or more of {', '.join(known)}")]
    return order, f"{what} in the order {', '.join(order)}"


def by_rank(rank: Callable[[SideFacts], int], words: str) -> Compare:
    """Return a comparison by a rank, 0 being the best."""
    return lambda a, b, _: (rank(b) - rank(a), words)


def by_answer(answer: Callable[[SideFacts], bool | None], words: str) -> Compare:
    """Return a comparison that prefers yes to no; where one cannot be told, it is a tie."""

    def compare(a: SideFacts, b: SideFacts, _: Match) -> Verdict:
        first, second = answer(a), answer(b)
        return TIE if first is None or second is None else (first - second, words)

    return compare
