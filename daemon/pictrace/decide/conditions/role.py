"""``role``: what the photo's root is for."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import SideTest, one_of
from pictrace.model import Role

NAME = "role"


def parse(node: Located) -> SideTest:
    """Return the test that a rule asks for."""
    wanted = one_of(node, tuple(role.value for role in Role), "role")
    return lambda side: Answer.of(side.role.value in wanted)
