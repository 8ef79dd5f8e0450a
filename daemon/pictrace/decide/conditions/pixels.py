"""``pixels``: width times height, ``at-least`` and ``at-most``."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.decide.conditions.base import SideTest, bounds

NAME = "pixels"


def parse(node: Located) -> SideTest:
    """Return the test that a rule asks for."""
    test = bounds(node, lambda bound: bound.number("a number of pixels", low=0, high=1e12))
    return lambda side: test(side.pixels)
