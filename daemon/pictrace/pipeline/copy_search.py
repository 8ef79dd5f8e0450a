"""How far the search for what a photo comes from has come, and when it is over."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from pictrace.match import KEPT_PREVIEW
from pictrace.model import Certainty, Match, Relation

# Comparisons without a copy that near hashes may cost a photo, and votes and vectors again as many each.
_MOST_IN_VAIN: Final = 5
# Comparisons with near hashes that give an edited copy. By its name it often comes before its original (`a-edited.jpg`,
# `a (1).jpg`), so that it is the head of the star, and stands before the photo that a third one equals.
_MOST_EDITED: Final = 3


class CopySearch:
    """How far the search for what a photo comes from has come.

    It is over at the first copy of the whole picture, or when too many comparisons gave none. An edited copy is no end
    among near hashes: the one it comes from may be the source of this one too, and unedited. A part is no end, as a
    collage has several, and a suspected copy is none either. ``known``: what the photo is known to be related to.
    ``compared``: by content hash, what came of each comparison. ``is_complete``: whether all that were to be compared
    could be read.
    """

    def __init__(self, *, known: Collection[bytes]) -> None:
        self._known = known
        self.is_complete = True
        self.compared: dict[bytes, Relation] = {}
        self._has_copy = False
        self._edited = 0
        self._most_edited = _MOST_EDITED
        self._in_vain = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be compared."""
        return self._has_copy or self._edited >= self._most_edited or self._in_vain >= _MOST_IN_VAIN

    def begin_anew(self) -> None:
        """Search among candidates of another kind, whose hashes are far: none of them is a whole copy.

        Nothing was tried in vain yet, and an edited copy is an end.
        """
        self._in_vain = 0
        self._most_edited = 1

    def count_failed(self) -> None:
        """Count a comparison that no worker could bring to an end."""
        self._in_vain += 1

    def count(self, content_hash: bytes, match: Match) -> bool:
        """Count what a comparison gave; returns whether it is to be told: of edited copies, one speaks for its star."""
        self.compared[content_hash] = match.relation
        # An archive that is away keeps nothing: there may be another copy, which does.
        is_sure = match.certainty is not Certainty.SUSPECTED and KEPT_PREVIEW not in match.evidence
        if not match.relation.is_copy:
            self._in_vain += 1
        elif is_sure and match.relation is Relation.EDITED:
            self._edited += 1
            return self._edited == 1 or content_hash in self._known
        elif is_sure and match.relation is not Relation.PART:
            self._has_copy = True
        return match.relation is not Relation.UNRELATED
