"""The star that a finding belongs to: all photos that were verified against one head, each with its files."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from pictrace.decide import SideFacts
from pictrace.model import PhotoFile, Relation
from pictrace.pipeline.events import FileFinding
from pictrace.pipeline.library import Library
from pictrace.pipeline.sides import Sides
from pictrace.store import Index, Verdicts

_ALONE = (Relation.PART, Relation.BURST, Relation.SAME_SCENE, Relation.UNRELATED)

# By so much an age may be behind.
_SECONDS_KEPT = 60


class Group(NamedTuple):
    """The files of a star; ``rivals``: those that may be the one to keep in place of the two asked about."""

    members: tuple[SideFacts, ...]
    rivals: tuple[SideFacts, ...] = ()


class Groups:
    """Looks up groups, and keeps the last one: findings of one group mostly come one after the other."""

    def __init__(self, *, library: Library, index: Index, verdicts: Verdicts, sides: Sides) -> None:
        self._library = library
        self._index = index
        self._verdicts = verdicts
        self._sides = sides
        self._kept: tuple[tuple[bytes, int, float], dict[Path, tuple[SideFacts, bool]]] | None = None

    def around(self, finding: FileFinding, sides: tuple[SideFacts, SideFacts], *, now: float) -> Group:
        """Return the files of all photos in the star that a finding belongs to, its two first.

        A part is not the whole, and what is no copy belongs to no group: these are two. What a person said is no copy
        of one of the two is left out.

        Args:
            finding: the finding.
            sides: its two files.
            now: wall-clock seconds since 1970, for ages.
        """
        pair = {side.path: side for side in sides}
        contents = finding.file.content_hash, finding.other.content_hash
        if finding.match.relation in _ALONE or finding.away is not None or self._index.is_pair(*contents):
            return Group(sides)
        head = self._index.findings.hub_of(finding.file.content_hash) or finding.file.content_hash
        key = head, self._index.changes, now // _SECONDS_KEPT
        if self._kept is None or self._kept[0] != key:
            self._kept = key, self._members(head, pair, now)
        parted = set[bytes]().union(*map(self._verdicts.parted_from, contents))
        members = ((path, one) for path, one in self._kept[1].items() if one[0].content_hash not in parted)
        others = [one for path, one in members if path not in pair]
        return Group((*sides, *(side for side, _ in others)), tuple(side for side, is_plain in others if is_plain))

    def _members(self, head: bytes, known: dict[Path, SideFacts], now: float) -> dict[Path, tuple[SideFacts, bool]]:
        """Return the files of a star by their paths, two names of one file once, and whether each is plain."""
        files: dict[tuple[int, int], tuple[PhotoFile, bool]] = {}
        for member in self._index.findings.star_of(head):
            for row in self._library.living(member.content_hash):
                files.setdefault(row.key.inode, (row, member.is_plain))
        return {
            row.path: (known.get(row.path) or self._sides.of(row, now=now), is_plain)
            for row, is_plain in files.values()
        }
