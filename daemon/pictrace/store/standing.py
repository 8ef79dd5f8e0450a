"""Index and journal as they stand at one moment, read in one go for a look at all that is known.

Questions that are asked of every finding are answered from memory: of ten thousand findings each question that goes to
the file costs half a second or more. What others write meanwhile is not seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import Self

from pictrace.model import Finding, Photo, PhotoFile, Verdict, Word
from pictrace.store.connection import Connection
from pictrace.store.files import Files
from pictrace.store.findings import Findings
from pictrace.store.index import Index
from pictrace.store.journal import Journal
from pictrace.store.photos import Photos
from pictrace.store.problems import Problems
from pictrace.store.roots import Roots
from pictrace.store.stars import Link, StarMember, Stars
from pictrace.store.tombstones import Tombstones
from pictrace.store.verdicts import Verdicts


class _StandingFiles(Files):
    """The present files, by content."""

    def __init__(self, connection: Connection, roots: Roots, problems: Problems) -> None:
        super().__init__(connection, roots, problems)
        self._all = tuple(super().files())
        self._of_content: dict[bytes, list[PhotoFile]] = {}
        for row in self._all:
            self._of_content.setdefault(row.content_hash, []).append(row)

    def files(self, root: str | None = None) -> Iterator[PhotoFile]:
        """Yield the files as they were read; see `Files.files`."""
        return (row for row in self._all if root is None or row.root == root)

    def files_of(self, content_hash: bytes) -> list[PhotoFile]:
        """Return the files of a content as they were read, the earliest known first."""
        return self._of_content.get(content_hash, [])


class _StandingPhotos(Photos):
    """The photos, each decoded when it is asked for."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._read = self.reader()

    def photo(self, content_hash: bytes, *, with_parts: bool = True) -> Photo | None:
        """Return a photo; without parts from what was read, each decoded once."""
        return super().photo(content_hash) if with_parts else self._read(content_hash)


class _StandingFindings(Findings):
    """The findings without what was measured, and the stars they make."""

    def __init__(self, connection: Connection, photos: Photos) -> None:
        super().__init__(connection, photos, wall_clock=lambda: 0.0)
        self._of_file: dict[bytes, list[Finding]] = {}
        self._of_other: dict[bytes, list[Finding]] = {}
        for finding in self.without_evidence():
            self._of_file.setdefault(finding.file, []).append(finding)
            self._of_other.setdefault(finding.other, []).append(finding)
        self._known = Stars(partial(_links, self._of_file), partial(_links, self._of_other))

    def of_photo(self, content_hash: bytes) -> list[Finding]:
        """Return the findings of a photo against earlier known ones, without evidence."""
        return self.in_order(self._of_file.get(content_hash, []))

    def of_later(self, content_hash: bytes) -> list[Finding]:
        """Return the findings of later known photos against one, without evidence."""
        return self.in_order(self._of_other.get(content_hash, []))

    def hub_of(self, content_hash: bytes) -> bytes | None:
        """Return the head of the star that a photo is a member of; None where it is of none."""
        return self._known.head_of(content_hash)

    def star_of(self, head: bytes) -> list[StarMember]:
        """Return the members of the star of a head, the head first."""
        return [StarMember(content_hash, is_plain) for content_hash, is_plain in self._known.members_of(head).items()]

    def count_around(self, a: bytes, b: bytes) -> int:
        """Return how many findings two contents have, with each other and with others."""
        touching = sum(len(known.get(one, ())) for one in {a, b} for known in (self._of_file, self._of_other))
        between = [one for x, y in ((a, b), (b, a)) for one in self._of_file.get(x, ()) if one.other == y]
        return touching - len(between)


def _links(known: dict[bytes, list[Finding]], content_hash: bytes) -> list[Link[bytes]]:
    return [_link(finding) for finding in known.get(content_hash, ())]


def _link(finding: Finding) -> Link[bytes]:
    match = finding.match
    return Link(
        id=finding.id or 0,
        file=finding.file,
        other=finding.other,
        relation=match.relation,
        certainty=match.certainty,
        similarity=match.similarity,
        edits=tuple(edit.kind for edit in match.edits),
    )


class StandingIndex(Index):
    """The index, to be read only."""

    @classmethod
    def read(cls, state: Path) -> Self:
        """Open the index to be read only, and read what is asked of every finding.

        Raises:
            StoreError: as for `Index.read`.
        """
        index = super().read(state)
        with index.snapshot():
            index.files = _StandingFiles(index._connection, index.roots, index.problems)
            index.photos = _StandingPhotos(index._connection)
            index.findings = _StandingFindings(index._connection, index.photos)
        return index


class _StandingVerdicts(Verdicts):
    """The verdicts, by their two contents."""

    @cached_property
    def _all(self) -> dict[tuple[bytes, bytes], Verdict]:
        return {(one.first_hash, one.second_hash): one for one in self.listed()}

    def of_pair(self, a: bytes, b: bytes) -> Verdict | None:
        """Return what was said of two contents, in whichever order they are named."""
        return self._all.get((min(a, b), max(a, b)))

    @cached_property
    def _parted(self) -> dict[bytes, set[bytes]]:
        parted: dict[bytes, set[bytes]] = {}
        for (first, second), verdict in self._all.items():
            if verdict.word is not Word.KEEP_BOTH:
                parted.setdefault(first, set()).add(second)
                parted.setdefault(second, set()).add(first)
        return parted

    def parted_from(self, content_hash: bytes) -> set[bytes]:
        """Return the contents that a person said are no copies of this one."""
        return self._parted.get(content_hash, set())


class _StandingTombstones(Tombstones):
    """The tombstones; whether there are any is asked once."""

    @cached_property
    def _is_empty(self) -> bool:
        return super().is_empty()

    def is_empty(self) -> bool:
        """Return whether there is none."""
        return self._is_empty


class StandingJournal(Journal):
    """The journal, to be read only."""

    @classmethod
    def read(cls, state: Path) -> Self:
        """Open the journal to be read only; verdicts are read once.

        Raises:
            StoreError: as for `Journal.read`.
        """
        journal = super().read(state)
        journal.verdicts = _StandingVerdicts(journal._connection)
        journal.tombstones = _StandingTombstones(journal._connection)
        return journal

    def contents(self) -> frozenset[bytes]:
        """Return every content that a change was made to or relied on, or that a person refused a plan for."""
        rows = self._connection.rows(
            "SELECT content_hash FROM changes UNION SELECT keeper_hash FROM changes WHERE keeper_hash IS NOT NULL "
            "UNION SELECT duplicate_hash FROM refused_plans"
        )
        return frozenset(row[0] for row in rows)
