"""The store opened to be read: what commands need that look but do not touch, beside a running daemon."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from pictrace.config import Config
from pictrace.decide import compile_rules
from pictrace.errors import UndecodableError, UsageError, shown
from pictrace.model import CLOCK, PhotoFile, PhotoState, Plan
from pictrace.pipeline.acting import known_actions
from pictrace.pipeline.events import FileFinding, FindingEvent
from pictrace.pipeline.findings import Findings
from pictrace.pipeline.library import Library
from pictrace.store import Index

_INSTEAD = "scan its folder first, or name a second picture to compare it with"


class Reading:
    """Answers with findings and plans, from the index alone."""

    def __init__(self, config: Config) -> None:
        self._rules = compile_rules(config, known_actions())
        self._index = Index.read(config.state)
        self._findings = Findings(library=Library.known(self._index), index=self._index)

    def __enter__(self) -> Reading:
        """Return itself; leaving closes the index."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the index."""
        self._index.close()

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
        findings = [*self._findings.of_file(row), *self._of_later(row)]
        photo = self._index.photos.photo(row.content_hash, with_parts=False)
        if not findings and photo is not None and photo.state is PhotoState.UNDECODABLE:
            raise UndecodableError(path, photo.reason or "no picture")
        return [self._judged(finding) for finding in findings]

    def _of_later(self, row: PhotoFile) -> Iterator[FileFinding]:
        """Yield the findings of files known later against this one."""
        related = {finding.file for finding in self._index.findings.with_photo(row.content_hash)} | {row.content_hash}
        for content_hash in sorted(related):
            for later in self._index.files.files_of(content_hash):
                if later.path != row.path:
                    yield from (one for one in self._findings.of_file(later) if one.other.path == row.path)

    def _judged(self, finding: FileFinding) -> FindingEvent:
        plan = self._own_plan(finding)
        if plan is not None:
            plan = self._findings.units.joined(plan, finding, self._own_plan)
        return FindingEvent(finding=finding, plan=plan)

    def _own_plan(self, finding: FileFinding) -> Plan | None:
        return self._rules.judge(self._findings.facts(finding, now=CLOCK.wall(), is_backlog_allowed=True))
