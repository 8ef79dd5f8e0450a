"""``richer-metadata``: the photo with more meaningful fields filled."""

from __future__ import annotations

from pictrace.decide.criteria.base import Verdict
from pictrace.decide.facts import SideFacts
from pictrace.model import Match

NAME = "richer-metadata"


def compare(a: SideFacts, b: SideFacts, match: Match) -> Verdict:  # noqa: ARG001 – the photos say it
    """Return which is better."""
    counts = [0 if side.metadata is None else side.metadata.fields for side in (a, b)]
    return counts[0] - counts[1], f"{max(counts)} fields against {min(counts)}"
