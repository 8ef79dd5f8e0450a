"""``format``: the photo whose format stands earlier in the list; formats that are not named come last."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import one_or_more, words
from pictrace.decide.criteria.base import Compare, by_rank, ordered
from pictrace.decide.facts import FORMATS, SideFacts

NAME = "format"
SCHEMA = one_or_more(words(FORMATS))


def parse(node: Located) -> Compare:
    """Return the comparison that a line asks for."""
    order, line = ordered(node, FORMATS, "format")

    def rank(side: SideFacts) -> int:
        data_format = "" if side.metadata is None else side.metadata.format
        return order.index(data_format) if data_format in order else len(order)

    return by_rank(rank, line)
