"""``direction``: which photo comes from the other: ``duplicate-from-keeper`` or ``keeper-from-duplicate``."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import words
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import CaseTest
from pictrace.decide.facts import Case
from pictrace.model import Direction

NAME = "direction"
_KNOWN = ("duplicate-from-keeper", "keeper-from-duplicate")
SCHEMA = words(_KNOWN)


def parse(node: Located) -> CaseTest:
    """Return the test that a rule asks for."""
    wanted = node.choice(_KNOWN, "direction")

    def test(case: Case) -> Answer:
        direction = case.facts.match.direction
        if direction is Direction.UNKNOWN:
            return Answer.CANNOT_TELL
        is_file_derived = direction is Direction.FILE_FROM_OTHER
        is_duplicate_derived = is_file_derived == (case.duplicate is case.facts.file)
        return Answer.of(is_duplicate_derived == (wanted == "duplicate-from-keeper"))

    return test
