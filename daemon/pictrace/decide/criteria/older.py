"""``older``: what was there before any arrival; of two arrivals the one that came first, else the one written first."""

from __future__ import annotations

from pictrace.decide.criteria.base import Verdict
from pictrace.decide.facts import SideFacts
from pictrace.model import Match

NAME = "older"


def compare(a: SideFacts, b: SideFacts, match: Match) -> Verdict:  # noqa: ARG001 – the photos say it
    """Return which is better."""
    if a.is_arrival != b.is_arrival:
        return (-1 if a.is_arrival else 1), "it was there before"
    first, second = (a.first_seen, b.first_seen) if a.is_arrival else (a.mtime_ns, b.mtime_ns)
    if first == second:
        first, second = a.mtime_ns, b.mtime_ns
    return second - first, "known earlier" if a.is_arrival else "written earlier"
