"""``shorter-name``: the photo with the shorter name."""

from __future__ import annotations

from pictrace.decide.criteria.base import Verdict
from pictrace.decide.facts import SideFacts
from pictrace.model import Match

NAME = "shorter-name"


def compare(a: SideFacts, b: SideFacts, match: Match) -> Verdict:  # noqa: ARG001 – the photos say it
    """Return which is better."""
    lengths = [len(side.path.name) for side in (a, b)]
    return lengths[1] - lengths[0], f"{min(lengths)} letters against {max(lengths)}"
