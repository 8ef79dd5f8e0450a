"""Reads findings between files off findings between photos, and prepares what the rules look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from pictrace.decide import Facts, copy_marks
from pictrace.model import Certainty, Direction, Evidence, Match, PhotoFile, Relation, RootState, Word
from pictrace.pipeline.events import SAME_BYTES, Away, FileFinding, ReturnedEvent
from pictrace.pipeline.groups import Groups
from pictrace.pipeline.library import Library, lies_in
from pictrace.pipeline.returning import Returns
from pictrace.pipeline.sides import Sides
from pictrace.pipeline.units import Units
from pictrace.store import Index, Journal

_TOLD: Final = Evidence(name="told-by-you", value=1.0, limit=1.0, passed=True)


class Findings:
    """Answers which findings a file is part of, as the later known of the two."""

    def __init__(self, *, library: Library, index: Index, journal: Journal, sides: Sides | None = None) -> None:
        self._library = library
        self._index = index
        self._verdicts = journal.verdicts
        self._returns = Returns(library=library, index=index, journal=journal)
        self._sides = sides or Sides(library=library, index=index)
        self._groups = Groups(library=library, index=index, verdicts=journal.verdicts, sides=self._sides)
        self.units = Units(library=library, index=index)

    def of_file(self, file: PhotoFile, *, is_whole: bool = False) -> Iterator[FileFinding]:
        """Yield the findings of a file against files known earlier, as a person's verdicts make them.

        A file whose bytes are there already has that one finding; how the content relates to others is told once, for
        its earliest file. Two names of one inode are one file. Empty files hold no photo, and are copies of nothing:
        often somebody is about to write into them.

        Args:
            file: the file.
            is_whole: also those of which a person said that they are no duplicates.
        """
        for finding in self._between_files(file):
            told = self.told(finding)
            if is_whole or told.verdict is None or told.verdict.word is not Word.NOT_DUPLICATE:
                yield told

    def told(self, finding: FileFinding) -> FileFinding:
        """Return a finding with what a person said of its two contents."""
        verdict = self._verdicts.of_pair(finding.file.content_hash, finding.other.content_hash)
        if verdict is None or finding.verdict == verdict:
            return finding
        match = finding.match
        if verdict.word is Word.SAME_BURST:
            match = replace(
                match,
                relation=Relation.BURST,
                certainty=Certainty.VERIFIED,
                direction=Direction.UNKNOWN,
                edits=(),
                evidence=(*match.evidence, _TOLD),
            )
        return replace(finding, match=match, verdict=verdict)

    def _between_files(self, file: PhotoFile) -> Iterator[FileFinding]:
        if file.key.size_bytes == 0:
            return
        rows = self._index.files.files_of(file.content_hash)
        living = [row for row in rows if self._library.is_living(row)]
        if all(row.path != file.path for row in living):
            return
        earlier = living[: next((n for n, row in enumerate(living) if row.path == file.path), 0)]
        if any(row.is_same_file(file) for row in earlier):
            return
        if earlier:
            yield FileFinding(file=file, other=_foremost(earlier), match=SAME_BYTES)
            return
        before = list(self._with_away([row for row in rows if row.id < file.id], file, SAME_BYTES))
        yield from before
        for finding in self._index.findings.of_photo(file.content_hash):
            others = self._library.living(finding.other)
            if not others:
                known = self._index.files.files_of(finding.other)
                yield from self._with_away(known, file, finding.match, finding.id)
            elif not (other := _foremost(others)).is_same_file(file):
                yield FileFinding(file=file, other=other, match=finding.match, id=finding.id)
        if self._library.has_archive_away():
            yield from self._with_later_away([] if before else rows, file)

    def _with_later_away(self, rows: Iterable[PhotoFile], file: PhotoFile) -> Iterator[FileFinding]:
        """Yield what a file has to do with photos that became known after it and are there on what is away only."""
        for one in self._with_away(rows, file, SAME_BYTES):
            yield replace(one, is_only_told=True)
        for finding in self._index.findings.of_later(file.content_hash):
            later = self._index.files.files_of(finding.file)
            if not any(self._library.is_living(row) for row in later):
                for one in self._with_away(later, file, finding.match, finding.id):
                    yield replace(one, file=one.other, other=file, is_only_told=True)

    def _with_away(
        self, rows: Iterable[PhotoFile], file: PhotoFile, match: Match, finding_id: int | None = None
    ) -> Iterator[FileFinding]:
        """Yield the finding of a file against the first of some files that lies in an archive that is away."""
        for row in rows:
            root = self._library.archive_away(row)
            if root is not None:
                away = Away(root=root.path, since=self._index.roots.away_since(root.identity))
                yield FileFinding(file=file, other=row, match=match, id=finding_id, away=away)
                return

    def is_returned(self, finding: FileFinding) -> bool:
        """Return whether a file of a finding went for good before, and what was kept in its place is there."""
        return self._returns.returned(finding) is True

    def alone(self, file: PhotoFile) -> Iterator[ReturnedEvent]:
        """Yield a word on a file that went for good before, and is there without what was kept in its place."""
        stone = self._returns.alone(file)
        if stone is not None:
            yield ReturnedEvent(path=file.path, stone=stone)

    def alone_among(self, folders: Iterable[Path]) -> Iterator[ReturnedEvent]:
        """Yield these words on the files in some folders."""
        if not self._returns.is_idle:
            for file in self.files_among(folders):
                yield from self.alone(file)

    def is_living(self, file: PhotoFile) -> bool:
        """Return whether a file is in an open root now, unchanged."""
        return self._library.is_living(file)

    def is_gone(self, file: PhotoFile) -> bool:
        """Return whether nothing is at a file's path, in a root that can be used."""
        return self._library.is_gone(file)

    def root_state(self, path: Path) -> RootState:
        """Return whether the root that holds a path can be used now."""
        root = self._library.root_of(path)
        return RootState.MISSING if root is None else self._library.state(root.identity)

    def among(self, folders: Iterable[Path]) -> Iterator[FileFinding]:
        """Yield every finding whose later file lies in one of the folders and is there now."""
        for file in self.files_among(folders):
            yield from self.of_file(file)

    def files_among(self, folders: Iterable[Path]) -> Iterator[PhotoFile]:
        """Yield the files that lie in one of the folders and are there now, the earliest known first."""
        tops = tuple(folders)
        for file in self._index.files.files():
            if any(lies_in(file.path, top) for top in tops) and self._library.is_living(file):
                yield file

    def facts(self, finding: FileFinding, *, now: float, is_backlog_allowed: bool) -> Facts:
        """Return what the rules may look at.

        Args:
            finding: the finding.
            now: wall-clock seconds since 1970, for ages.
            is_backlog_allowed: whether photos that were there before may be acted on.
        """
        sides = [self._sides.of(file, now=now) for file in (finding.file, finding.other)]
        group = self._groups.around(finding, (sides[0], sides[1]), now=now)
        return Facts(
            file=sides[0],
            other=sides[1],
            match=finding.match,
            is_backlog_allowed=is_backlog_allowed,
            returned=self._returns.returned(finding),
            group=group.members,
            rivals=group.rivals,
        )


def _foremost(files: Sequence[PhotoFile]) -> PhotoFile:
    """Return which of some equal files stands for them: one whose name bears no mark of a copy, the earliest known."""
    if len(files) == 1:
        return files[0]
    return min(files, key=lambda file: (bool(copy_marks(file.path.name)), file.id))
