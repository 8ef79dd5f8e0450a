"""Retrieves candidates, verifies each on pixels, and names the relation."""

from pictrace.match.candidates import Candidate, CandidateIndex
from pictrace.match.compare import KEPT_PREVIEW, compare, compare_kept, examine
from pictrace.match.recognition import preview_at, remains_of, shows
from pictrace.match.relate import MATCHER_VERSION

__all__ = [
    "KEPT_PREVIEW",
    "MATCHER_VERSION",
    "Candidate",
    "CandidateIndex",
    "compare",
    "compare_kept",
    "examine",
    "preview_at",
    "remains_of",
    "shows",
]
