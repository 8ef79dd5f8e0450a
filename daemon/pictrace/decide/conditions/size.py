"""``size``: bytes of the file, ``at-least`` and ``at-most``, such as ``500kB``."""

from __future__ import annotations

from pictrace.config import Located, units
from pictrace.config.fragments import bounded
from pictrace.decide.conditions.base import SideTest, bounds

NAME = "size"
SCHEMA = bounded(units.SIZE_SCHEMA)


def parse(node: Located) -> SideTest:
    """Return the test that a rule asks for."""
    test = bounds(node, lambda bound: bound.converted(units.size_bytes, "a size such as 500kB or 2MB"))
    return lambda side: test(side.size_bytes)
