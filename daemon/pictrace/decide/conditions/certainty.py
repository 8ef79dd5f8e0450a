"""``certainty``: how sure the finding is, at least: ``suspected``, ``verified`` (held where left out) or ``proved``."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import words
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import CaseTest
from pictrace.model import Certainty

NAME = "certainty"
SCHEMA = words(tuple(Certainty))


def parse(node: Located) -> CaseTest:
    """Return the test that a rule asks for."""
    least = Certainty(node.choice(tuple(Certainty), "certainty"))
    return lambda case: Answer.of(case.facts.match.certainty.rank >= least.rank)
