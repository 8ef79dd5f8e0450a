"""``path``: globs, one of which fits the path below the root; those that begin with ``/`` or ``~`` the whole path."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import TEXT, one_or_more
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import SideTest
from pictrace.decide.facts import SideFacts
from pictrace.decide.globs import compile_globs

NAME = "path"
SCHEMA = one_or_more(TEXT)


def parse(node: Located) -> SideTest:
    """Return the test that a rule asks for."""
    globs = compile_globs(node)

    def test(side: SideFacts) -> Answer:
        return Answer.of(globs(side.relative, side.path))

    return test
