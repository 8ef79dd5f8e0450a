"""The store opened to be read: what commands need that look but do not touch, beside a running daemon."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import TracebackType

from pictrace.act import Companion, companions_of
from pictrace.config import Config
from pictrace.decide import RuleAnswer, compile_rules, trace
from pictrace.errors import UndecodableError, UsageError, shown
from pictrace.model import Change, ChangeState, Farewell, PhotoFile, PhotoState, Tombstone
from pictrace.patience import asker_of
from pictrace.pipeline.acting import known_actions
from pictrace.pipeline.claims import Claims
from pictrace.pipeline.events import FileFinding, FindingEvent
from pictrace.pipeline.findings import Findings
from pictrace.pipeline.library import Library
from pictrace.pipeline.objections import Objections
from pictrace.pipeline.past import Past
from pictrace.pipeline.planning import Planner
from pictrace.store import Index, Journal

_INSTEAD = "scan its folder first, or name a second picture to compare it with"


class Reading:
    """Answers with findings and plans, and with what was done, from index and journal alone."""

    def __init__(self, config: Config) -> None:
        rules = compile_rules(config, known_actions(config))
        self._index = Index.read(config.state)
        self._journal = Journal.read(config.state)
        library = Library.known(self._index)
        self._findings = Findings(library=library, index=self._index, journal=self._journal)
        objections = Objections(self._journal, Claims(library, config))
        self._planner = Planner(rules, findings=self._findings, objections=objections)

    def __enter__(self) -> Reading:
        """Return itself; leaving closes the store."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store."""
        self._index.close()
        self._journal.close()

    def knows(self, path: Path) -> bool:
        """Return whether a file is in the index, as it is now."""
        row = self._index.files.file_at(path)
        return row is not None and self._findings.is_living(row)

    def watched_folders(self) -> list[Path]:
        """Return the roots that the index knows."""
        return [root.path for root in self._index.roots.roots()]

    def explained(self, path: Path) -> list[FindingEvent]:
        """Return the findings of one file with what the rules want: against earlier files, then against later ones.

        Raises:
            UsageError: the file is not in the index, or has changed since it was read.
            UndecodableError: it is known to hold no picture, and no other file is equal to it.
        """
        row = self._index.files.file_at(path)
        if row is None:
            raise UsageError(f"{shown(path)}: expected a file that is in the index, found that it is not; {_INSTEAD}")
        if not self._findings.is_living(row):
            raise UsageError(f"{shown(path)}: expected the file that is in the index, found another one; {_INSTEAD}")
        findings = [*self._findings.of_file(row, is_whole=True), *self._of_later(row)]
        photo = self._index.photos.photo(row.content_hash, with_parts=False)
        if not findings and photo is not None and photo.state is PhotoState.UNDECODABLE:
            raise UndecodableError(path, photo.reason or "no picture")
        return [self._judged(finding) for finding in findings]

    def away(self, path: Path) -> Past | None:
        """Return what put a photo away that lay at a path, or lies there in quarantine; None where nothing did."""
        row = self._index.files.file_at(path)
        if row is not None and self._findings.is_living(row):
            return None
        pasts = [past for past in map(self._past, self._journal.changes_at(path)) if past.is_away]
        moved = [past for past in pasts if past.change.kind.is_move]
        return next((past for past in moved if past.change.target == path or not os.path.lexists(path)), None)

    def returned(self, path: Path) -> list[Past]:
        """Return what was done to a file, where it lies at its path again and the index has yet to see it."""
        row = self._index.files.file_at(path)
        if (row is not None and self._findings.is_living(row)) or not os.path.lexists(path):
            return []
        pasts = map(self._past, self._journal.changes_at(path))
        gone = (past for past in pasts if past.change.kind.is_move or past.change.kind.is_link)
        return [past for past in gone if past.change.state is ChangeState.UNDONE]

    def history(self, path: Path) -> list[Past]:
        """Return what was done to the photo that a file holds, and to others with its content, the newest first."""
        row = self._index.files.file_at(path)
        return [] if row is None else [self._past(change) for change in self._journal.changes_of(row.content_hash)]

    def refused(self, path: Path) -> Tombstone | None:
        """Return the word of a person who does not want a file's photo, None where nobody said so."""
        row = self._index.files.file_at(path)
        stone = None if row is None else self._journal.tombstones.of_content(row.content_hash)
        return stone if stone is not None and stone.farewell is Farewell.REFUSED else None

    def companions(self, path: Path) -> list[Companion]:
        """Return what belongs to a photo, by the names in its folder; nothing where that cannot be read."""
        try:
            names = asker_of(path.parent).ask(partial(os.listdir, path.parent))
        except OSError:
            return []
        return companions_of(path, names)

    def traced(self, event: FindingEvent) -> tuple[RuleAnswer, ...]:
        """Return why each rule matched a finding or not."""
        if event.finding.is_only_told:
            return ()
        return trace(self._planner.rules, self._planner.facts(event.finding, is_backlog_allowed=True))

    def _past(self, change: Change) -> Past:
        return Past(change=change, purged_at=self._journal.purged_at(change.id))

    def _of_later(self, row: PhotoFile) -> Iterator[FileFinding]:
        """Yield the findings of files known later against this one."""
        related = {finding.file for finding in self._index.findings.with_photo(row.content_hash)} | {row.content_hash}
        for content_hash in sorted(related):
            for later in self._index.files.files_of(content_hash):
                if later.path != row.path:
                    yield from (one for one in self._whole(later) if one.other.path == row.path)

    def _whole(self, file: PhotoFile) -> Iterator[FileFinding]:
        return self._findings.of_file(file, is_whole=True)

    def _judged(self, finding: FileFinding) -> FindingEvent:
        return self._planner.event(finding, is_backlog_allowed=True)
