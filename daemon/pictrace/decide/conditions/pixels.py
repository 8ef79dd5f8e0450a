"""``pixels``: width times height, ``at-least`` and ``at-most``."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import bounded
from pictrace.decide.conditions.base import SideTest, bounds

NAME = "pixels"
SCHEMA = bounded({"type": "number", "minimum": 0, "maximum": 1e12})


def parse(node: Located) -> SideTest:
    """Return the test that a rule asks for."""
    test = bounds(node, lambda bound: bound.number("a number of pixels", low=0, high=1e12))
    return lambda side: test(side.pixels)
