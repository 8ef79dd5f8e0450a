"""Retrieves candidates, verifies each on pixels, and names the relation."""

from pictrace.match.candidates import Candidate, CandidateIndex
from pictrace.match.compare import compare, examine
from pictrace.match.relate import MATCHER_VERSION

__all__ = ["MATCHER_VERSION", "Candidate", "CandidateIndex", "compare", "examine"]
