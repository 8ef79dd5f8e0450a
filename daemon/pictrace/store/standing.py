"""Index and journal as they stand at one moment, read in one go for a look at all that is known.

Questions that are asked of every finding are answered from memory: of ten thousand findings each question that goes to
the file costs half a second or more. What others write meanwhile is not seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Self

from pictrace.model import Certainty, EditKind, Finding, Photo, PhotoFile, Relation, Verdict, Word
from pictrace.store.connection import Connection
from pictrace.store.files import Files
from pictrace.store.findings import Findings, StarMember
from pictrace.store.index import Index
from pictrace.store.journal import Journal
from pictrace.store.photos import Photos
from pictrace.store.problems import Problems
from pictrace.store.roots import Roots
from pictrace.store.tombstones import Tombstones
from pictrace.store.verdicts import Verdicts

_ALONE = (Relation.PART, Relation.SAME_BYTES)
_AROUND = (EditKind.BORDERED, EditKind.COLLAGE_TILE)


class _StandingFiles(Files):
    """The present files, by content."""

    def __init__(self, connection: Connection, roots: Roots, problems: Problems) -> None:
        super().__init__(connection, roots, problems)
        self._all = tuple(super().files())
        self._of_content: dict[bytes, list[PhotoFile]] = {}
        for row in self._all:
            self._of_content.setdefault(row.content_hash, []).append(row)

    def files(self, root: str | None = None) -> Iterator[PhotoFile]:
        return (row for row in self._all if root is None or row.root == root)

    def files_of(self, content_hash: bytes) -> list[PhotoFile]:
        return self._of_content.get(content_hash, [])


class _StandingPhotos(Photos):
    """The photos, each decoded when it is asked for."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._read = self.reader()

    def photo(self, content_hash: bytes, *, with_parts: bool = True) -> Photo | None:
        return super().photo(content_hash) if with_parts else self._read(content_hash)


class _StandingFindings(Findings):
    """The findings without what was measured, and the stars they make."""

    def __init__(self, connection: Connection, photos: Photos) -> None:
        super().__init__(connection, photos, wall_clock=lambda: 0.0)
        self.count_of: Counter[bytes] = Counter()
        self._of_file: dict[bytes, list[Finding]] = {}
        self._below: dict[bytes, list[Finding]] = {}
        for finding in self.without_evidence():
            self.count_of.update((finding.file, finding.other))
            self._of_file.setdefault(finding.file, []).append(finding)
            self._below.setdefault(finding.other, []).append(finding)

    def of_photo(self, content_hash: bytes) -> list[Finding]:
        return self.in_order(self._of_file.get(content_hash, []))

    def of_later(self, content_hash: bytes) -> list[Finding]:
        return self.in_order(self._below.get(content_hash, []))

    def hub_of(self, content_hash: bytes) -> bytes | None:
        passed: list[bytes] = []
        at: bytes | None = content_hash
        while at is not None and at not in passed:
            passed.append(at)
            at = self._up(at)
        return passed[-1] if len(passed) > 1 else None

    def star_of(self, head: bytes) -> list[StarMember]:
        found = {head: True}
        waiting = [head]
        while waiting:
            at = waiting.pop(0)
            for finding in self._below.get(at, ()):
                member = finding.file
                if member not in found and _is_of_star(finding) and self._up(member) == at:
                    found[member] = not any(edit.kind in _AROUND for edit in finding.match.edits)
                    found[at] &= found[member]
                    waiting.append(member)
        return [StarMember(content_hash, is_plain) for content_hash, is_plain in found.items()]

    def _up(self, content_hash: bytes) -> bytes | None:
        """Return what a photo is the surest whole copy of."""
        wholes = [one for one in self._of_file.get(content_hash, ()) if _is_of_star(one)]
        return min(wholes, key=_surest).other if wholes else None


def _is_of_star(finding: Finding) -> bool:
    match = finding.match
    return match.relation.is_copy and match.relation not in _ALONE and match.certainty is not Certainty.SUSPECTED


def _surest(finding: Finding) -> tuple[bool, float, int]:
    return finding.match.certainty is not Certainty.PROVED, -finding.match.similarity, finding.id or 0


class StandingIndex(Index):
    """The index, to be read only."""

    _findings: _StandingFindings

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
            index.findings = index._findings = _StandingFindings(index._connection, index.photos)
        return index

    def is_pair(self, a: bytes, b: bytes) -> bool:
        """Return whether two contents are related to nothing else, and lie in two files together."""
        contents = {a, b}
        between = len(contents) - 1
        findings = sum(self._findings.count_of[one] for one in contents) - between
        return findings <= 1 and sum(len(self.files.files_of(one)) for one in contents) <= 2


class _StandingVerdicts(Verdicts):
    """The verdicts, by their two contents."""

    @cached_property
    def _all(self) -> dict[tuple[bytes, bytes], Verdict]:
        return {(one.first_hash, one.second_hash): one for one in self.listed()}

    def of_pair(self, a: bytes, b: bytes) -> Verdict | None:
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
        return self._parted.get(content_hash, set())


class _StandingTombstones(Tombstones):
    """The tombstones; whether there are any is asked once."""

    @cached_property
    def _is_empty(self) -> bool:
        return super().is_empty()

    def is_empty(self) -> bool:
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
