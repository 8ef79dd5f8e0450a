"""``has``: which fields the photo's metadata fill, all of a list: ``gps``, ``rating``, ``caption`` and so on."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import one_or_more, words
from pictrace.decide.answer import Answer, all_of
from pictrace.decide.conditions.base import SideTest, one_of
from pictrace.decide.fields import FIELDS, has_field

NAME = "has"
SCHEMA = one_or_more(words(FIELDS))


def parse(node: Located) -> SideTest:
    """Return the test that a rule asks for."""
    wanted = one_of(node, FIELDS, "field")
    return lambda side: all_of(Answer.of(has_field(side, name)) for name in wanted)
