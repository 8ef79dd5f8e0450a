"""The store opened to be read: what commands need that look but do not touch, beside a running daemon."""

from __future__ import annotations

import time
from pathlib import Path
from types import TracebackType

from pictrace.config import Config
from pictrace.decide import compile_rules
from pictrace.pipeline.acting import known_actions
from pictrace.pipeline.events import FindingEvent
from pictrace.pipeline.findings import Findings
from pictrace.pipeline.library import Library
from pictrace.store import Index


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

    def explained(self, path: Path) -> list[FindingEvent]:
        """Return the findings of one file with what the rules want; none where the file is not known."""
        row = self._index.files.file_at(path)
        if row is None:
            return []
        events = []
        for finding in self._findings.of_file(row):
            facts = self._findings.facts(finding, now=time.time(), is_backlog_allowed=True)
            events.append(FindingEvent(finding=finding, plan=self._rules.judge(facts)))
        return events
