"""``tags``: the photo with one of these keywords: globs, as for the condition ``tags``."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import TEXT, one_or_more
from pictrace.decide.criteria.base import Compare, by_answer
from pictrace.decide.facts import SideFacts
from pictrace.decide.globs import compile_tags

NAME = "tags"
SCHEMA = one_or_more(TEXT)


def parse(node: Located) -> Compare:
    """Return the comparison that a line asks for."""
    wanted = compile_tags(node)

    def is_tagged(side: SideFacts) -> bool | None:
        tags = side.tags
        return None if tags is None else any(fits(tags) for fits in wanted)

    return by_answer(is_tagged, f"tagged {node.plain()}")
