"""``raw``: the photo that is a camera RAW."""

from __future__ import annotations

from pictrace.decide.criteria.base import Verdict
from pictrace.decide.facts import SideFacts
from pictrace.model import Match

NAME = "raw"


def compare(a: SideFacts, b: SideFacts, match: Match) -> Verdict:  # noqa: ARG001 – the photos say it
    """Return which is better."""
    formats = [side.metadata is not None and side.metadata.format == "raw" for side in (a, b)]
    return formats[0] - formats[1], "raw against developed"
