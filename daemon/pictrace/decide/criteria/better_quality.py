"""``better-quality``: the higher estimated JPEG quality, lossless before lossy; equal pixels are of equal quality."""

from __future__ import annotations

from pictrace.decide.criteria.base import TIE, Verdict
from pictrace.decide.facts import SideFacts
from pictrace.model import Match, Relation

NAME = "better-quality"
_STEP = 5


def compare(a: SideFacts, b: SideFacts, match: Match) -> Verdict:
    """Return which is better."""
    first, second = a.metadata, b.metadata
    if first is None or second is None or match.relation in (Relation.SAME_BYTES, Relation.SAME_PIXELS):
        return TIE
    if first.is_lossless != second.is_lossless:
        return (1 if first.is_lossless else -1), "lossless against lossy"
    if first.jpeg_quality is None or second.jpeg_quality is None:
        return TIE
    difference = first.jpeg_quality - second.jpeg_quality
    if abs(difference) < _STEP:
        return TIE
    pair = sorted((first.jpeg_quality, second.jpeg_quality), reverse=True)
    return difference, f"JPEG quality about {pair[0]} against {pair[1]}"
