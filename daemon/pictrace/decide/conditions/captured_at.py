"""``captured-at``: when the photo was taken, ``after`` and ``before`` a date ``YYYY-MM-DD``."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.config.fragments import DATE, section
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import SideTest
from pictrace.decide.dates import captured_on, parse_date
from pictrace.decide.facts import SideFacts

NAME = "captured-at"
SCHEMA = section({"after": DATE, "before": DATE}, is_any_needed=True)


def parse(node: Located) -> SideTest:
    """Return the test that a rule asks for."""
    keys = node.section("`captured-at`", ("after", "before"))
    if not keys:
        raise node.error("expected `after`, `before` or both, with dates such as 2024-05-31")
    after = parse_date(keys["after"]) if "after" in keys else ""
    before = parse_date(keys["before"]) if "before" in keys else "9999-99-99"
    if after >= before:
        raise node.error("`after` does not lie before `before`: nothing would ever match")

    def test(side: SideFacts) -> Answer:
        taken = captured_on(side.metadata)
        return Answer.of(None if taken is None else after <= taken.isoformat() < before)

    return test
