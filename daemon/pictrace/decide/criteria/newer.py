"""``newer``: the photo that came later, the opposite of ``older``."""

from __future__ import annotations

from pictrace.decide.criteria import older
from pictrace.decide.criteria.base import Verdict
from pictrace.decide.facts import SideFacts
from pictrace.model import Match

NAME = "newer"


def compare(a: SideFacts, b: SideFacts, match: Match) -> Verdict:
    """Return which is better."""
    value, _ = older.compare(a, b, match)
    return -value, "came later"
