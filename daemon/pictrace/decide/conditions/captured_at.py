"""``captured-at``: when the photo was taken, ``after`` and ``before`` a date ``YYYY-MM-DD``."""

from __future__ import annotations

import re

from pictrace.config import Located
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import SideTest
from pictrace.decide.dates import parse_date
from pictrace.decide.facts import SideFacts

NAME = "captured-at"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


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
        taken = None if side.metadata is None else side.metadata.captured_at
        if taken is None or not _DAY.match(taken):
            return Answer.CANNOT_TELL
        return Answer.of(after <= taken[:10] < before)

    return test
