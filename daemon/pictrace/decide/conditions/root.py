"""``root``: the root a photo lies in, by its path."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import SideTest

NAME = "root"


def parse(node: Located) -> SideTest:
    """Return the test that a rule asks for."""
    wanted = {entry.text("the path of a root").rstrip("/") for entry in node.one_or_more("the path of a root")}
    return lambda side: Answer.of(str(side.root) in wanted or side.root.name in wanted)
