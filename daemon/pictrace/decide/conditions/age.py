"""``age``: days since the photo was taken, or written: ``at-least`` and ``at-most``, such as ``30d``."""

from __future__ import annotations

from pictrace.config import Located, units
from pictrace.config.fragments import bounded
from pictrace.decide.conditions.base import SideTest, bounds

NAME = "age"
SCHEMA = bounded(units.DURATION_SCHEMA)


def parse(node: Located) -> SideTest:
    """Return the test that a rule asks for."""
    seconds_per_day = 86400.0
    test = bounds(node, lambda bound: bound.converted(units.seconds, "a time such as 30d") / seconds_per_day)
    return lambda side: test(side.age_days)
