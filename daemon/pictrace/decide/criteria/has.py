"""``has``: the photo that has a field which the other one lacks; of a list, the first that tells them apart."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import one_or_more, words
from pictrace.decide.criteria.base import TIE, Compare, Verdict, ordered
from pictrace.decide.facts import SideFacts
from pictrace.decide.fields import FIELDS, has_field
from pictrace.model import Match

NAME = "has"
SCHEMA = one_or_more(words(FIELDS))


def parse(node: Located) -> Compare:
    """Return the comparison that a line asks for."""
    order, _ = ordered(node, FIELDS, "field")

    def compare(a: SideFacts, b: SideFacts, _: Match) -> Verdict:
        for name in order:
            first, second = has_field(a, name), has_field(b, name)
            if first is not None and second is not None and first != second:
                return first - second, f"{name}, which the other one lacks"
        return TIE

    return compare
