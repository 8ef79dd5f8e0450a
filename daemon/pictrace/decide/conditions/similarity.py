"""``similarity``: how alike the two are, 0 to 1."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import bounded
from pictrace.decide.conditions.base import CaseTest, bounds

NAME = "similarity"
SCHEMA = bounded({"type": "number", "minimum": 0, "maximum": 1})


def parse(node: Located) -> CaseTest:
    """Return the test that a rule asks for."""
    test = bounds(node, lambda bound: bound.number("a number from 0 to 1", low=0.0, high=1.0))
    return lambda case: test(case.facts.match.similarity)
