"""What rules would do to everything known, from the store alone: nothing is written, nothing moved."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType

from pictrace.config import Config
from pictrace.decide import compile_rules
from pictrace.model import PhotoFile, Relation
from pictrace.pipeline.acting import known_actions
from pictrace.pipeline.claims import Claims
from pictrace.pipeline.events import FileFinding
from pictrace.pipeline.findings import Findings
from pictrace.pipeline.past import Past
from pictrace.pipeline.planning import Planner
from pictrace.pipeline.standing import StandingLibrary, StandingObjections, StandingSides, StandingUnits, below
from pictrace.pipeline.tally import Simulated
from pictrace.store import StandingIndex, StandingJournal


class Simulator:
    """Judges all that is known by the rules of a config, and by the active ones beside them.

    As in `scan --act`, what was there before may be acted on. What a person refused or took back is held.

    Args:
        config: its rules are simulated, its state folder is read.
        active: the config whose rules hold now; the same one where nothing is to be compared.
    """

    def __init__(self, config: Config, active: Config) -> None:
        self._config = config
        self._index = StandingIndex.read(active.state)
        self._journal = StandingJournal.read(active.state)
        self._library = StandingLibrary(self._index)
        sides = StandingSides(library=self._library, index=self._index)
        self._findings = Findings(library=self._library, index=self._index, journal=self._journal, sides=sides)
        self._files = tuple(self._index.files.files())
        planner = partial(
            Planner,
            findings=self._findings,
            objections=StandingObjections(self._journal, Claims(self._library, active)),
            units=StandingUnits(library=self._library, index=self._index),
        )
        self._planner = planner(compile_rules(config, known_actions(config)))
        self._active = self._planner if active is config else planner(compile_rules(active, known_actions(active)))

    def __enter__(self) -> Simulator:
        """Return itself; leaving closes the store."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store."""
        self._index.close()
        self._journal.close()

    @property
    def files(self) -> int:
        """How many files are known."""
        return len(self._files)

    def run(self, folders: Sequence[Path] = (), *, since: float = 0.0) -> Iterator[Simulated]:
        """Yield every finding with what the rules want.

        Args:
            folders: only findings whose later file lies in one of them; all where none is named.
            since: only those whose later file was first seen then or later, wall-clock seconds since 1970.
        """
        for file in self._by_group(file for file in below(self._files, folders) if file.first_seen >= since):
            if self._library.is_living(file):
                for finding in self._findings.of_file(file):
                    yield self._simulated(finding)

    def limits(self) -> dict[str, int]:
        """Return how many photos of each root the brake lets go in an hour; empty where there is none."""
        brake = self._config.brake
        if brake is None:
            return {}
        return {root.identity: brake.limit(self._index.files.count(root.identity)) for root in self._library.roots}

    def living(self, content_hash: bytes) -> list[PhotoFile]:
        """Return the files of a photo that are there, the earliest known first; also after the store was closed."""
        return self._library.living(content_hash)

    def head_of(self, content_hash: bytes) -> bytes:
        """Return the head of the star that a photo is a member of, or itself; also after the store was closed."""
        return self._index.findings.hub_of(content_hash) or content_hash

    def head_around(self, finding: FileFinding) -> bytes:
        """Return the head of the star that a finding belongs to, as the rules see it.

        Where no star grows over the finding, that is the star of its other photo. What a person said is no copy of the
        head belongs to no star of it.
        """
        file, other, match = finding.file.content_hash, finding.other.content_hash, finding.match
        is_whole = match.is_sure_copy and match.relation is not Relation.PART
        head = self.head_of(file if is_whole else other)
        parted = self._journal.verdicts.parted_from(head)
        return other if file in parted or other in parted else head

    def pasts(self) -> Iterator[Past]:
        """Yield every change that was made, the newest first."""
        purged = {change.id: self._journal.purged_at(change.id) for change in self._journal.purged()}
        for change in self._journal.changes():
            yield Past(change=change, purged_at=purged.get(change.id))

    def _by_group(self, files: Iterable[PhotoFile]) -> Iterator[PhotoFile]:
        """Yield files with those of one group one after the other: what was looked up of it is then known."""
        groups: dict[bytes, list[PhotoFile]] = {}
        for file in files:
            groups.setdefault(self.head_of(file.content_hash), []).append(file)
        return itertools.chain.from_iterable(groups.values())

    def _simulated(self, finding: FileFinding) -> Simulated:
        facts = self._planner.facts(finding, is_backlog_allowed=True)
        plan = self._planner.plan(finding, facts)
        active = plan if self._active is self._planner else self._active.plan(finding, facts)
        return Simulated(finding=finding, plan=plan, active=active)
