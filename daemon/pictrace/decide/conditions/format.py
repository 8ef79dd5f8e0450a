"""``format``: the format the file really has: ``jpeg``, ``png``, ``heic``, ``raw`` and so on."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import one_or_more, words
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import SideTest, one_of
from pictrace.decide.facts import FORMATS

NAME = "format"
SCHEMA = one_or_more(words(FORMATS))


def parse(node: Located) -> SideTest:
    """Return the test that a rule asks for."""
    wanted = one_of(node, FORMATS, "format")
    return lambda side: Answer.of(None if side.metadata is None else side.metadata.format in wanted)
