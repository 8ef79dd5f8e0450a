"""``has``: which fields the photo's metadata fill, all of a list: ``gps``, ``rating``, ``caption`` and so on."""

from __future__ import annotations

from pictrace.config import Located
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import SideTest, one_of
from pictrace.decide.facts import SideFacts

NAME = "has"


def parse(node: Located) -> SideTest:
    """Return the test that a rule asks for."""
    wanted = one_of(node, ("gps", "rating", "caption", "camera", "captured-at"), "field")

    def test(side: SideFacts) -> Answer:
        known = side.metadata
        if known is None:
            return Answer.CANNOT_TELL
        has = {
            "gps": known.has_gps,
            "rating": known.rating is not None,
            "caption": known.has_caption,
            "camera": known.camera is not None,
            "captured-at": known.captured_at is not None,
        }
        return Answer.of(all(has[name] for name in wanted))

    return test
