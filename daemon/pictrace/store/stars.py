"""Stars: photos that each were verified against another one, up to one head; pure, over findings that are handed in."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Final, Generic, NamedTuple, TypeVar

from pictrace.model import Certainty, EditKind, Relation

Key = TypeVar("Key", bound=Hashable)

# A part is not the whole. Equal bytes are one photo.
_ALONE: Final = (Relation.PART, Relation.SAME_BYTES)
_AROUND: Final = (EditKind.BORDERED, EditKind.COLLAGE_TILE)


class Link(NamedTuple, Generic[Key]):
    """A finding as far as stars look at it: ``file`` is the later known; ``edits`` are the kinds of its edits."""

    id: int
    file: Key
    other: Key
    relation: Relation
    certainty: Certainty
    similarity: float
    edits: tuple[str, ...]

    @property
    def is_of_star(self) -> bool:
        """Whether a star grows over it: what is related to its later photo so is compared with the head."""
        return self.relation.is_copy and self.relation not in _ALONE and self.certainty is not Certainty.SUSPECTED

    @property
    def is_plain(self) -> bool:
        """Whether neither photo has something around the other."""
        return not any(kind in self.edits for kind in _AROUND)


class StarMember(NamedTuple):
    """A photo of a star; ``is_plain``: nothing lies around it, nor around what it was compared with."""

    content_hash: bytes
    is_plain: bool


class Stars(Generic[Key]):
    """Finds heads and members.

    Args:
        above: the findings of a photo against earlier known ones.
        below: those of later known ones against a photo.
    """

    def __init__(
        self, above: Callable[[Key], Iterable[Link[Key]]], below: Callable[[Key], Iterable[Link[Key]]]
    ) -> None:
        self._above = above
        self._below = below

    def head_of(self, photo: Key) -> Key | None:
        """Return the head of the star that a photo is a member of, None where it is a member of none."""
        passed: list[Key] = []
        at: Key | None = photo
        while at is not None and at not in passed:
            passed.append(at)
            at = self._up(at)
        return passed[-1] if len(passed) > 1 else None

    def members_of(self, head: Key) -> dict[Key, bool]:
        """Return a head and all that lead up to it, the nearest first, and whether each is plain."""
        found = {head: True}
        waiting = [head]
        while waiting:
            at = waiting.pop(0)
            for link in sorted(self._below(at)):
                if link.is_of_star and link.file not in found and self._up(link.file) == at:
                    found[link.file] = link.is_plain
                    found[at] &= link.is_plain
                    waiting.append(link.file)
        return found

    def _up(self, photo: Key) -> Key | None:
        """Return what a photo is the surest whole copy of."""
        links = [link for link in self._above(photo) if link.is_of_star]
        return min(links, key=_surest).other if links else None


def _surest(link: Link[Key]) -> tuple[bool, float, int]:
    return link.certainty is not Certainty.PROVED, -link.similarity, link.id
