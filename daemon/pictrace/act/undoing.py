"""Takes finished changes back: the same machine with source and target swapped, and no keeper to prove."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pictrace.act.companions import home_of, moved_now, sidecar_now
from pictrace.act.guard import hash_open, open_file, require_usable
from pictrace.act.mover import Mover
from pictrace.act.reasons import reason_of
from pictrace.act.tagging import Tagger
from pictrace.act.world import World
from pictrace.errors import ActError, shown
from pictrace.model import Change, ChangeKind, ChangeState, StatKey
from pictrace.store import Journal

_REVERSIBLE = (ChangeKind.MOVE, ChangeKind.QUARANTINE, ChangeKind.TAG, ChangeKind.MERGE_METADATA)


class Undoer:
    """Takes changes back, each with a change of its own in the journal."""

    def __init__(self, world: World, journal: Journal, mover: Mover, tagger: Tagger) -> None:
        self._world = world
        self._journal = journal
        self._mover = mover
        self._tagger = tagger

    def undoable(self) -> list[int]:
        """Return the ids of every change that can be taken back, newest first."""
        return [
            change.id
            for change in self._journal.changes(state=ChangeState.DONE)
            if change.kind in _REVERSIBLE and not self._journal.is_purged(change.id)
        ]

    def undo(self, change_id: int) -> Change:
        """Take one change back; where its old place is taken, the file comes beside it under another name.

        Returns:
            The change that does so: done, or aborted with the reason.

        Raises:
            ActError: there is no such change, or it cannot be taken back.
        """
        original = self._journal.change(change_id)
        if original is None:
            raise ActError(f"there is no change {change_id}; `pictrace log` lists them")
        if original.kind not in _REVERSIBLE or original.state is not ChangeState.DONE:
            raise ActError(
                f"change {change_id} is {original.kind.value}, {original.state.value}: only a finished move, "
                "quarantine, tag, merge-metadata or undo can be taken back"
            )
        if self._journal.is_purged(change_id):
            raise ActError(f"change {change_id}: its file was purged from quarantine, so it cannot come back")
        [change] = self._journal.plan([self._planned(original)])
        self._world.checkpoint("undo planned")
        try:
            return self.carry_out(change, original)
        except (ActError, OSError, LookupError) as problem:
            if original.kind.writes_sidecar:
                return self._journal.advance(change.id, ChangeState.ABORTED, error=reason_of(problem))
            closed = self._mover.close_failed(change, problem)
            if closed.state is ChangeState.DONE:
                self._journal.advance(original.id, ChangeState.UNDONE)
            return closed

    def carry_out(self, change: Change, original: Change) -> Change:
        """Carry out a planned undo.

        Raises:
            ActError, OSError: it cannot be done; the file is whole where it is.
        """
        if original.kind.writes_sidecar:
            self._tagger.take_back(change, original)
            done = self._journal.advance(change.id, ChangeState.DONE)
        else:
            done = self._mover.move(change, lambda: self._unguarded(change))
        self._world.checkpoint("undo done")
        self._journal.advance(original.id, ChangeState.UNDONE)
        return done

    @contextmanager
    def _unguarded(self, change: Change) -> Iterator[int]:
        """Give the file that comes back: it needs no keeper, only its place."""
        if change.target is not None:
            require_usable(self._world, change.target)
        with open_file(self._world, change.source) as descriptor:
            if hash_open(descriptor) != change.content_hash:
                raise ActError(f"{shown(change.source)}: is not the file that was moved there, so it stays")
            yield descriptor

    def _planned(self, original: Change) -> Change:
        is_tag = original.kind.writes_sidecar
        source = original.source if is_tag else moved_now(original, self._journal)
        if source is None:
            raise ActError(f"change {original.id} names no place to come back from")
        home = sidecar_now(original, self._journal) if is_tag else home_of(original, self._journal)
        return Change(
            id=0,
            kind=ChangeKind.UNDO,
            state=ChangeState.PLANNED,
            root=original.root,
            source=source,
            target=home,
            content_hash=original.content_hash,
            key=_key(source),
            rule=original.rule,
            batch=original.batch,
            undoes=original.id,
            made_at=self._world.wall_clock(),
            details={"beside": home != (original.target if is_tag else original.source)}
            | ({"tag": True} if is_tag else {}),
        )


def _key(path: Path) -> StatKey | None:
    try:
        return StatKey.of(path.lstat())
    except OSError:
        return None
