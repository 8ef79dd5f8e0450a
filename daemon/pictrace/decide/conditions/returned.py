"""``returned``: ``true`` where one of the two was put away and purged, or refused, before, and is here again."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import Schema
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import CaseTest
from pictrace.decide.facts import Case

NAME = "returned"
SCHEMA: Schema = {"type": "boolean"}


def parse(node: Located) -> CaseTest:
    """Return the test that a rule asks for."""
    wanted = node.boolean()

    def test(case: Case) -> Answer:
        returned = case.facts.returned
        return Answer.of(None if returned is None else returned == wanted)

    return test
