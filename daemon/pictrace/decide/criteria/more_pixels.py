"""``more-pixels``: the photo with more pixels; those of a border, or of the rest of a collage, do not count."""

from __future__ import annotations

from pictrace.decide.criteria.base import TIE, Verdict
from pictrace.decide.facts import SideFacts
from pictrace.model import Direction, EditKind, Match

NAME = "more-pixels"
_AROUND = (EditKind.BORDERED, EditKind.COLLAGE_TILE)


def compare(a: SideFacts, b: SideFacts, match: Match) -> Verdict:
    """Return which is better."""
    if any(edit.kind in _AROUND for edit in match.edits):
        sides = {Direction.FILE_FROM_OTHER: -1, Direction.OTHER_FROM_FILE: 1, Direction.UNKNOWN: 0}
        return sides[match.direction], "the other one has something around it"
    if a.pixels is None or b.pixels is None:
        return TIE
    more, fewer = max(a.pixels, b.pixels), min(a.pixels, b.pixels)
    words = [f"{count / 1e6:.2f} MP" for count in (more, fewer)]
    if words[0] == words[1]:
        words = [f"{count} pixels" for count in (more, fewer)]
    return a.pixels - b.pixels, " against ".join(words)
