"""``captured-at``: when the photo was taken, ``after`` and ``before`` a date ``YYYY-MM-DD``."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import SideTest
from pictrace.decide.dates import parse_date
from pictrace.decide.facts import SideFacts

NAME = "captured-at"


def parse(node: Located) -> SideTest:
    """Return the test that a rule asks for."""
    keys = node.section("`captured-at`", ("after", "before"))
    if not keys:
        raise node.error("expected `after`, `before` or both, with dates such as 2024-05-31")
    after = parse_date(keys["after"]) if "after" in keys else ""
    before = parse_date(keys["before"]) if "before" in keys else "9999-99-99"

    def test(side: SideFacts) -> Answer:
        taken = None if side.metadata is None else side.metadata.captured_at
        return Answer.CANNOT_TELL if taken is None else Answer.of(after <= taken[:10] < before)

    return test
