"""``in``: the photo that lies there: globs, as for the condition ``path``."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import TEXT, one_or_more
from pictrace.decide.criteria.base import Compare, by_answer
from pictrace.decide.globs import compile_globs

NAME = "in"
SCHEMA = one_or_more(TEXT)


def parse(node: Located) -> Compare:
    """Return the comparison that a line asks for."""
    fits = compile_globs(node)
    return by_answer(lambda side: fits(side.relative, side.path) is True, f"in {node.plain()}")
