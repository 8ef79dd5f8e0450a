"""Carries out one change, whatever its kind, and writes down how it ended."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial

from pictrace.act.companions import is_companion
from pictrace.act.copier import Copier
from pictrace.act.guard import guarded
from pictrace.act.linker import Linker
from pictrace.act.mover import Mover
from pictrace.act.places import is_within_reach
from pictrace.act.reasons import reason_of
from pictrace.act.runner import Runner
from pictrace.act.tagging import Tagger
from pictrace.act.world import World
from pictrace.errors import ActError, shown
from pictrace.model import Change, ChangeKind, ChangeState
from pictrace.store import Journal

log = logging.getLogger(__name__)


class Hands:
    """Those who know how each kind of change is made and taken back."""

    def __init__(self, world: World, journal: Journal) -> None:
        self._world = world
        self._journal = journal
        self.mover = Mover(world, journal)
        self.tagger = Tagger(world, journal)
        self.copier = Copier(world, journal, self.mover)
        self.linker = Linker(world, journal, self.mover)
        self._runner = Runner(world, journal)

    def carry_out(self, change: Change) -> Change:
        """Carry a planned change out.

        Raises:
            ActError, OSError, LookupError: it cannot be done; `close_failed` says how it ended.
        """
        match change.kind:
            case ChangeKind.MOVE | ChangeKind.QUARANTINE | ChangeKind.TRASH:
                return self.mover.move(change, partial(guarded, change, self._world, self._journal))
            case ChangeKind.HARDLINK | ChangeKind.REFLINK:
                return self.linker.share(change, partial(guarded, change, self._world, self._journal))
            case ChangeKind.COPY:
                return self.copier.copy(change)
            case ChangeKind.TAG | ChangeKind.MERGE_METADATA:
                return self.tagger.write(change)
            case ChangeKind.NOTIFY:
                return self._said(change)
            case ChangeKind.RUN:
                return self._runner.run(change)
            case ChangeKind.UNDO:
                raise ActError("an undo is no step of a plan")

    def close_failed(self, change: Change, problem: Exception) -> Change:
        """Write down how a change ended that failed somewhere: by what is on the disk, not by where it failed."""
        if change.kind.is_move:
            return self.mover.close_failed(change, problem)
        current, reason = self._journal.change(change.id) or change, reason_of(problem)
        try:
            is_untouched = current.state is ChangeState.PLANNED and current.temporary is None
            if is_untouched or is_within_reach(self._world, current):
                return self._settled(current, reason)
        except ActError as puzzle:
            error = reason if str(puzzle) == str(problem) else f"{reason}; {puzzle}"
            return self._journal.advance(change.id, ChangeState.NEEDS_ATTENTION, error=error)
        except (OSError, LookupError) as trouble:
            log.warning("change %d: it cannot be told now how it ended: %s", change.id, trouble)
        return self._journal.advance(change.id, current.state, error=reason)  # a disk went: recovery looks again

    def _settled(self, change: Change, reason: str) -> Change:
        if change.kind is ChangeKind.COPY:
            return self.copier.settle(change, reason)
        if change.kind.is_link:
            return self.linker.settle(change, reason)
        if change.kind.writes_sidecar:
            return self.tagger.settle(change, reason)
        return self._journal.advance(change.id, ChangeState.ABORTED, error=reason)

    def did_already(self, wanted: Sequence[Change]) -> bool:
        """Return whether what is wanted of a photo is not needed: a sidecar says it, or it was, by this rule, done.

        A plan is tried again where a later step of it failed, and each `scan --act` comes by each finding.
        """
        photo = next((change for change in wanted if not is_companion(change)), None)
        if photo is None:
            return False
        if photo.kind in (ChangeKind.TAG, ChangeKind.MERGE_METADATA):
            return self.tagger.says_already(photo)
        if photo.kind not in (ChangeKind.COPY, ChangeKind.NOTIFY, ChangeKind.RUN):
            return False
        for change in self._journal.changes_of(photo.content_hash):
            is_same = (change.kind, change.source, change.rule) == (photo.kind, photo.source, photo.rule)
            if is_same and change.state is ChangeState.DONE and self._still_holds(change, photo):
                return True
        return False

    def _still_holds(self, change: Change, wanted: Change) -> bool:
        if change.kind is ChangeKind.COPY:
            folders = [None if one is None else one.parent for one in (change.target, wanted.target)]
            return folders[0] == folders[1] and self.copier.has_copied(change)
        return all(change.details.get(name) == value for name, value in wanted.details.items())

    def _said(self, change: Change) -> Change:
        log.warning("%s: %s", shown(change.source), shown(change.details["text"]))
        self._world.announce(f"{shown(change.source)}: {change.details['text']}")
        return self._journal.advance(change.id, ChangeState.DONE)
