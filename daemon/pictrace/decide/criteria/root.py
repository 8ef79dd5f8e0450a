"""``root``: the photo in the root that stands earlier in the list; roots that are not named come last."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pictrace.config import Located
from pictrace.config.fragments import TEXT, one_or_more
from pictrace.decide.criteria.base import Compare, by_rank
from pictrace.decide.facts import SideFacts
from pictrace.decide.root_names import is_named, root_names
from pictrace.errors import shown

NAME = "root"
SCHEMA = one_or_more(TEXT)


def parse(node: Located, roots: Collection[Path]) -> Compare:
    """Return the comparison that a line asks for."""
    order = root_names(node, roots)

    def rank(side: SideFacts) -> int:
        return next((number for number, name in enumerate(order) if is_named(side.root, name)), len(order))

    return by_rank(rank, f"root in the order {', '.join(map(shown, order))}")
