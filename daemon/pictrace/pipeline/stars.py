"""Everything that was found, in groups: one photo, and what is related to it or was put away for it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pictrace.config import Config
from pictrace.model import Change, ChangeState, PhotoFile, Relation
from pictrace.pipeline.events import FindingEvent
from pictrace.pipeline.past import Past
from pictrace.pipeline.simulating import Simulator

# A part is not the whole, and another exposure no copy: neither makes two groups one.
_ALONE = (Relation.PART, Relation.BURST, Relation.SAME_SCENE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Star:
    """A group: a photo, findings about it, and what was put away for it.

    ``pasts`` is what was done to the photos of the group, by their content.
    """

    head: PhotoFile
    events: tuple[FindingEvent, ...]
    away: tuple[Past, ...]
    pasts: dict[bytes, tuple[Past, ...]]

    @property
    def is_kept(self) -> bool:
        """Whether every rule that matched keeps the head."""
        plans = [event.plan for event in self.events if event.plan is not None]
        return all(plan.keeper == self.head.path for plan in plans)

    @property
    def photos(self) -> int:
        """How many photos are shown of it."""
        return 1 + len(self.events) + len(self.away)

    def shown(self, event: FindingEvent) -> PhotoFile:
        """Return the photo of a finding that is shown for it: the one that is not the head."""
        finding = event.finding
        return finding.other if finding.file.path == self.head.path else finding.file

    def paths(self) -> Iterator[Path]:
        """Yield where the photos lie that are shown."""
        yield self.head.path
        yield from (self.shown(event).path for event in self.events)
        yield from (past.change.target for past in self.away if past.change.target is not None)


@dataclass(slots=True, kw_only=True)
class _Growing:
    events: list[FindingEvent] = field(default_factory=list)
    away: list[Past] = field(default_factory=list)
    files: dict[int, PhotoFile] = field(default_factory=dict)


class Stars:
    """Reads all groups from index and journal, without writing to them.

    Args:
        config: its rules say which photo stays.
        folders: only findings whose later file lies in one of them; all where none is named.
        all_relations: other exposures and views of one scene as well.
    """

    def __init__(self, config: Config, folders: Sequence[Path] = (), *, all_relations: bool = False) -> None:
        with Simulator(config, config) as simulator:
            simulated = list(simulator.run(folders))
            wanted = [one for one in simulated if all_relations or one.finding.match.relation.is_copy]
            self._heads = [simulator.head_around(one.finding) for one in wanted]
            self._events = [FindingEvent(finding=one.finding, plan=one.plan) for one in wanted]
            self._living = simulator.living
            self._head_of = simulator.head_of
            self._pasts = _by_content(simulator.pasts())
        self._folders = folders

    def gathered(self) -> list[Star]:
        """Return the groups, in the order in which their photos became known."""
        groups: dict[bytes, _Growing] = defaultdict(_Growing)
        for head, event in zip(self._heads, self._events, strict=True):
            group = groups[head]
            group.events.append(event)
            for file in (event.finding.other, event.finding.file):
                group.files[file.id] = file
        self._add_away(groups)
        return [self._star(group) for group in sorted(groups.values(), key=lambda group: min(group.files))]

    def _add_away(self, groups: dict[bytes, _Growing]) -> None:
        """Put what lies in quarantine to the group of the photo it was put away for, or to that photo alone."""
        of_content = {file.content_hash: group for group in groups.values() for file in group.files.values()}
        for past in (past for pasts in self._pasts.values() for past in pasts if past.is_in_quarantine):
            change = past.change
            keeper = next(iter(self._living(change.keeper_hash or change.content_hash)), None)
            if keeper is None or not self._is_wanted(change):
                continue
            head = self._head_of(keeper.content_hash)
            group = groups.get(head) or of_content.get(keeper.content_hash) or groups[head]
            if not group.files:
                group.files[keeper.id] = keeper
            group.away.append(past)

    def _is_wanted(self, change: Change) -> bool:
        return not self._folders or any(change.source.is_relative_to(folder) for folder in self._folders)

    def _star(self, group: _Growing) -> Star:
        head = _head(group)
        events = sorted(group.events, key=lambda event: (event.finding.match.relation in _ALONE, event.finding.file.id))
        contents = {file.content_hash for file in group.files.values()}
        return Star(
            head=head,
            events=tuple(events),
            away=tuple(group.away),
            pasts={one: tuple(self._pasts[one]) for one in contents if one in self._pasts},
        )


def _head(group: _Growing) -> PhotoFile:
    """Return the photo that most findings of a group are about; of several the one that the rules keep most often."""
    findings = [event.finding for event in group.events]
    about = Counter(file.path for finding in findings for file in (finding.file, finding.other))
    kept = Counter(event.plan.keeper for event in group.events if event.plan is not None)
    return max(group.files.values(), key=lambda file: (about[file.path], kept[file.path], -file.id))


def _by_content(pasts: Iterator[Past]) -> dict[bytes, list[Past]]:
    found: dict[bytes, list[Past]] = {}
    for past in pasts:
        if past.change.state in (ChangeState.DONE, ChangeState.UNDONE, ChangeState.NEEDS_ATTENTION):
            found.setdefault(past.change.content_hash, []).append(past)
    return found
