"""``first-seen``: the photo whose file PicTrace knew first, whatever the files say of their age."""

from __future__ import annotations

from pictrace.decide.criteria.base import Verdict
from pictrace.decide.facts import SideFacts
from pictrace.model import Match

NAME = "first-seen"


def compare(a: SideFacts, b: SideFacts, match: Match) -> Verdict:  # noqa: ARG001 – the photos say it
    """Return which is better."""
    return b.first_seen - a.first_seen, "PicTrace knew it first"
