"""``relation``: how the two photos are related, one word or a list of them."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import one_or_more, words
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import CaseTest, one_of
from pictrace.model import Relation

NAME = "relation"
_KNOWN = tuple(relation.value for relation in Relation if relation is not Relation.UNRELATED)
SCHEMA = one_or_more(words(_KNOWN))


def parse(node: Located) -> CaseTest:
    """Return the test that a rule asks for."""
    wanted = one_of(node, _KNOWN, "relation")
    return lambda case: Answer.of(case.facts.match.relation.value in wanted)
