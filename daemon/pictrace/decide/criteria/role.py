"""``role``: the photo in a root whose role stands earlier in the list; roles that are not named come last."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import one_or_more, words
from pictrace.decide.criteria.base import Compare, by_rank, ordered
from pictrace.model import Role

NAME = "role"
_KNOWN = tuple(role.value for role in Role)
SCHEMA = one_or_more(words(_KNOWN))


def parse(node: Located) -> Compare:
    """Return the comparison that a line asks for."""
    order, line = ordered(node, _KNOWN, "role")
    return by_rank(lambda side: order.index(side.role) if side.role in order else len(order), line)
