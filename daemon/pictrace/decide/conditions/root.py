"""``root``: the root a photo lies in, by its path or by the last part of it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pictrace.config import Located
from pictrace.config.fragments import TEXT, one_or_more
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import SideTest
from pictrace.decide.root_names import is_named, root_names

NAME = "root"
SCHEMA = one_or_more(TEXT)


def parse(node: Located, roots: Collection[Path]) -> SideTest:
    """Return the test that a rule asks for; only ``roots`` may be named."""
    wanted = root_names(node, roots)
    return lambda side: Answer.of(any(is_named(side.root, name) for name in wanted))
