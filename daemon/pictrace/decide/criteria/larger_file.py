"""``larger-file``: the photo with more bytes."""

from __future__ import annotations

from pictrace.decide.criteria.base import Verdict
from pictrace.decide.facts import SideFacts
from pictrace.model import Match

NAME = "larger-file"


def compare(a: SideFacts, b: SideFacts, match: Match) -> Verdict:  # noqa: ARG001 – the photos say it
    """Return which is better."""
    return a.size_bytes - b.size_bytes, f"{max(a.size_bytes, b.size_bytes)} against {min(a.size_bytes, b.size_bytes)} B"
