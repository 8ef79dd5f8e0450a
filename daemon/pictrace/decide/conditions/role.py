"""``role``: what the photo's root is for."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import one_or_more, words
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import SideTest, one_of
from pictrace.model import Role

NAME = "role"
_KNOWN = tuple(role.value for role in Role)
SCHEMA = one_or_more(words(_KNOWN))


def parse(node: Located) -> SideTest:
    """Return the test that a rule asks for."""
    wanted = one_of(node, _KNOWN, "role")
    return lambda side: Answer.of(side.role.value in wanted)
