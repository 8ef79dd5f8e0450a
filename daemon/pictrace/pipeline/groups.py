"""The star that a finding belongs to: all photos that were verified against one head, each with its files."""

from __future__ import annotations

from pictrace.decide import SideFacts
from pictrace.model import PhotoFile, Relation
from pictrace.pipeline.events import FileFinding
from pictrace.pipeline.library import Library
from pictrace.pipeline.sides import side_of
from pictrace.store import Index

_ALONE = (Relation.PART, Relation.BURST, Relation.SAME_SCENE, Relation.UNRELATED)

# By so much an age may be behind.
_SECONDS_KEPT = 60


class Groups:
    """Looks up groups, and keeps the last one: findings of one group mostly come one after the other."""

    def __init__(self, *, library: Library, index: Index) -> None:
        self._library = library
        self._index = index
        self._kept: tuple[tuple[bytes, int, float], tuple[SideFacts, ...]] | None = None

    def around(self, finding: FileFinding, sides: tuple[SideFacts, SideFacts], *, now: float) -> tuple[SideFacts, ...]:
        """Return the files of all photos in the star that a finding belongs to, both sides among them.

        A part is not the whole, and what is no copy belongs to no group: these are two.

        Args:
            finding: the finding.
            sides: its two files.
            now: wall-clock seconds since 1970, for ages.
        """
        if finding.match.relation in _ALONE or finding.away is not None:
            return sides
        head = self._index.findings.hub_of(finding.file.content_hash) or finding.file.content_hash
        key = head, self._index.changes, now // _SECONDS_KEPT
        if self._kept is None or self._kept[0] != key:
            self._kept = key, self._members(head, now)
        others = [one for one in self._kept[1] if one.path not in (sides[0].path, sides[1].path)]
        return (*sides, *others)

    def _members(self, head: bytes, now: float) -> tuple[SideFacts, ...]:
        files: list[PhotoFile] = []
        seen: set[tuple[int, int]] = set()
        for content_hash in self._index.findings.star_of(head):
            for row in self._library.living(content_hash):
                if (row.key.dev, row.key.ino) not in seen:
                    seen.add((row.key.dev, row.key.ino))
                    files.append(row)
        return tuple(side_of(row, self._library, self._index, now=now) for row in files)
