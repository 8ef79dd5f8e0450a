"""What every condition has: a name, and a test made from what stands in the rule."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Protocol

from pictrace.config import Located
from pictrace.config.fragments import Schema
from pictrace.decide.answer import Answer
from pictrace.decide.facts import Case, SideFacts

CaseTest = Callable[[Case], Answer]
SideTest = Callable[[SideFacts], Answer]
# Reads a mapping of conditions on one photo; the text says what it is, for messages.
ReadSide = Callable[[Located, str], SideTest]


class FindingCondition(Protocol):
    """A condition on the finding as a whole. ``SCHEMA`` is what may stand there, for editors."""

    NAME: str
    SCHEMA: Schema

    def parse(self, node: Located) -> CaseTest:
        """Return the test that a rule asks for; ConfigError where it makes no sense."""


class SideCondition(Protocol):
    """A condition on one photo."""

    NAME: str
    SCHEMA: Schema

    def parse(self, node: Located) -> SideTest:
        """Return the test that a rule asks for; ConfigError where it makes no sense."""


class RootCondition(Protocol):
    """A condition on one photo that names roots."""

    NAME: str
    SCHEMA: Schema

    def parse(self, node: Located, roots: Collection[Path]) -> SideTest:
        """Return the test that a rule asks for; ConfigError where it makes no sense, or names no root."""


class GroupCondition(Protocol):
    """A condition on the finding that holds conditions on photos."""

    NAME: str
    SCHEMA: Schema

    def parse(self, node: Located, read_side: ReadSide) -> CaseTest:
        """Return the test that a rule asks for; ConfigError where it makes no sense."""


def one_of(node: Located, known: tuple[str, ...], what: str) -> frozenset[str]:
    """Return one name or a list of them, each out of the known ones."""
    return frozenset(entry.choice(known, what) for entry in node.one_or_more(f"one or more of {', '.join(known)}"))


def bounds(node: Located, read: Callable[[Located], float]) -> Callable[[float | None], Answer]:
    """Return a test for ``at-least`` and ``at-most``.

    Args:
        node: a mapping with one or both.
        read: reads one bound.
    """
    keys = node.section("a range", ("at-least", "at-most"))
    if not keys:
        raise node.error("expected `at-least`, `at-most` or both")
    low = read(keys["at-least"]) if "at-least" in keys else None
    high = read(keys["at-most"]) if "at-most" in keys else None
    if low is not None and high is not None and low > high:
        raise node.error("`at-least` is more than `at-most`: nothing would ever match")

    def test(value: float | None) -> Answer:
        if value is None or math.isnan(value):
            return Answer.CANNOT_TELL
        return Answer.of((low is None or value >= low) and (high is None or value <= high))

    return test
