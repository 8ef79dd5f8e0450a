"""Brings every change that a stop left open to an end: done, aborted, or shown to a person."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from pictrace.act.changes import open_folder, remove_named
from pictrace.act.companions import is_companion, is_of, photo_of
from pictrace.act.guard import hash_open, living_keeper, open_file
from pictrace.act.hands import Hands
from pictrace.act.places import Found, found_at, is_within_reach
from pictrace.act.reasons import reason_of
from pictrace.act.undoing import Undoer
from pictrace.act.world import World
from pictrace.errors import ActError, shown
from pictrace.model import Change, ChangeKind, ChangeState, RootState, StatKey
from pictrace.store import Debt, Journal

log = logging.getLogger(__name__)

_STOPPED = "stopped before it was carried out"


class Recovery:
    """Looks at what is on the disk and believes only that."""

    def __init__(self, world: World, journal: Journal, hands: Hands, undoer: Undoer) -> None:
        self._world = world
        self._journal = journal
        self._hands = hands
        self._mover = hands.mover
        self._undoer = undoer

    def run(self) -> list[Change]:
        """Bring every open change to an end; those whose root is away wait for it."""
        ended = [change for one in self._journal.open_changes() if (change := self._tried(one)) is not None]
        ended += self._looked_at_again()
        for change in self._journal.unsettled.taken_back():
            self._journal.advance(change.id, ChangeState.UNDONE)
        self._bring_companions_back()
        self._settle_purged()
        self._mover.ledger.write_missing()
        for change in ended:
            log.warning("change %d was open and is %s: %s", change.id, change.state.value, shown(change.source))
        return ended

    def end_those_of(self, source: Path) -> None:
        """Bring the open changes of one photo and its companions to an end, before it is planned anew."""
        unit = [change for change in self._journal.open_changes() if change.source == source or is_of(change, source)]
        for change in unit:
            self._tried(change)
        if any(is_companion(change) for change in unit):
            self._bring_companions_back()

    def _tried(self, change: Change) -> Change | None:
        """Bring a change to an end; None where it waits."""
        if self._world.state_of(change.root) is not RootState.USABLE:
            log.warning("change %d waits: its root is away", change.id)
            return None
        if not is_within_reach(self._world, change):
            log.warning("change %d waits: where its file went is away", change.id)
            return None
        try:
            return self._end(change)
        except OSError as problem:
            # It may pass: a full disk, a share that does not answer. The change stays open for the next time.
            log.warning("change %d waits: %s", change.id, problem)
            return None
        except (ActError, LookupError) as problem:
            return self._puzzled(change, str(problem))

    def _looked_at_again(self) -> list[Change]:
        """End what needed a person where the file is whole at one of its two places now: a disk may be back."""
        ended = []
        for change in self._journal.changes(state=ChangeState.NEEDS_ATTENTION):
            found = [found_at(self._world, path, change.content_hash) for path in (change.source, change.target)]
            is_clear = found.count(Found.WHOLE) == 1 and Found.UNKNOWN not in found
            if _is_tag(change) or not is_clear or not is_within_reach(self._world, change):
                continue
            after = self._tried(change)
            if after is not None and after.state is not ChangeState.NEEDS_ATTENTION:
                ended.append(after)
        return ended

    def _bring_companions_back(self) -> None:
        """Have a sidecar follow its photo home where a stop came between the two."""
        for change in self._journal.unsettled.companions_left():
            photo = photo_of(change, self._journal) if is_companion(change) else None
            if photo is None or photo.state not in (ChangeState.ABORTED, ChangeState.UNDONE):
                continue
            if not self._was_refused(change):
                with contextlib.suppress(ActError):
                    self._undoer.undo(change.id)

    def _was_refused(self, change: Change) -> bool:
        """Return whether a sidecar could not come back before: a person knows, and it is not tried for ever."""
        return any(undo.error not in (None, _STOPPED) for undo in self._journal.undoings_of(change.id))

    def _settle_purged(self) -> None:
        """Take the word back where a stop came between it and the removal: recovery never removes a photo."""
        for change in self._journal.unsettled.owing(Debt.PURGE):
            found = found_at(self._world, change.target, change.content_hash)
            if found is Found.UNKNOWN or not is_within_reach(self._world, change):
                continue
            try:
                if found is Found.WHOLE:
                    log.warning("change %d was to be purged and is still there: it counts as kept", change.id)
                    self._mover.ledger.write(change)
                    self._journal.set_purged(change.id, is_purged=False)
                else:
                    self._journal.unsettled.note(change.id, None)
            except (OSError, ActError) as problem:
                log.warning("change %d waits: %s", change.id, problem)

    def _end(self, change: Change) -> Change:
        original = None if change.undoes is None else self._journal.change(change.undoes)
        kind = change.kind if original is None else original.kind
        if kind in (ChangeKind.NOTIFY, ChangeKind.RUN):
            return self._aborted(change)
        if _is_tag(change):
            return self._end_tag(change)
        if kind is ChangeKind.COPY:
            copier = self._hands.copier
            return (
                copier.settle(change, _STOPPED)
                if original is None
                else self._finished(copier.settle_back(change, _STOPPED))
            )
        if kind.is_link and original is None:
            return self._hands.linker.settle(change, _STOPPED)
        if original is not None and change.details.get("exchange"):
            return self._finished(self._hands.linker.settle_back(change, original, _STOPPED))
        return self._end_move(change)

    def _end_tag(self, change: Change) -> Change:
        if change.kind is not ChangeKind.UNDO:
            return self._hands.tagger.settle(change, _STOPPED)
        original = self._journal.change(change.undoes or 0)
        if original is None:
            return self._puzzled(change, "the change it takes back is not in the journal")
        return self._finished(self._hands.tagger.settle_back(change, original, _STOPPED))

    def _end_move(self, change: Change) -> Change:
        self._remove_temporary(change)
        at_source = found_at(self._world, change.source, change.content_hash)
        at_target = found_at(self._world, change.target, change.content_hash)
        if Found.UNKNOWN in (at_source, at_target):
            raise OSError(errno.EAGAIN, "it cannot be told now where its file is")
        if at_source is at_target is Found.WHOLE:
            return self._end_doubled(change)
        if at_target is Found.WHOLE:
            self._sync(change)
            return self._finished(self._mover.finish(change))
        if at_source is Found.WHOLE:
            self._mover.notes.tidy(change)
            return self._aborted(change)
        return self._puzzled(change, "its file is at neither end with the content it had")

    def _end_doubled(self, change: Change) -> Change:
        """Both ends hold it: one file with two names, a finished copy, or somebody else's equal file."""
        is_one_file = self._is_one_file(change)
        if not is_one_file and change.state not in (ChangeState.COPYING, ChangeState.COPIED):
            return self._aborted(change)
        self._sync(change)
        try:
            read = replace(change, key=self._key_before_reading(change))
            return self._finished(self._mover.complete_copy(read, lambda: self._proved(read)))
        except ActError as problem:
            if not self._stay(change, is_one_file=is_one_file):
                raise
            return self._journal.advance(change.id, ChangeState.ABORTED, error=f"{_STOPPED}: {reason_of(problem)}")

    @contextmanager
    def _proved(self, change: Change) -> Iterator[int]:
        """Give the source once its copy was seen to be whole and its keeper to live, as before any other removal.

        The source is known by its content: after a new start of the machine, device numbers may be others.
        """
        if not self._mover.holds(change.target, change.content_hash):
            raise ActError(f"{shown(change.source)}: its copy is not whole, so both stay")
        with ExitStack() as stack:
            source = stack.enter_context(open_file(self._world, change.source))
            if hash_open(source) != change.content_hash:
                raise ActError(f"{shown(change.source)}: changed at the last moment, so it stays")
            if change.keeper is not None:
                stack.enter_context(
                    living_keeper(
                        self._world,
                        change.keeper,
                        change.keeper_hash,
                        victim=change.source,
                        status=os.fstat(source),
                    )
                )
            yield source

    def _key_before_reading(self, change: Change) -> StatKey:
        with open_file(self._world, change.source) as source:
            return StatKey.of(os.fstat(source))

    def _stay(self, change: Change, *, is_one_file: bool) -> bool:
        """Leave a file where it was, because it may not go any more: take its copy or its second name away."""
        if not is_one_file:
            return self._mover.take_copy_back(change)
        if change.target is None or not self._is_one_file(change):
            return False
        with open_folder(self._world.top_of(change.target), change.target.parent) as folder:
            remove_named(folder, change.target.name)
        return True

    def _is_one_file(self, change: Change) -> bool:
        return change.target is not None and change.source.samefile(change.target)

    def _finished(self, change: Change) -> Change:
        if change.state is ChangeState.DONE and change.undoes is not None:
            self._journal.advance(change.undoes, ChangeState.UNDONE)
        return change

    def _sync(self, change: Change) -> None:
        """Have both folders, and a copied file, on the disk before anything counts on them."""
        if change.target is None:
            return
        if change.state in (ChangeState.COPYING, ChangeState.COPIED):
            with open_file(self._world, change.target) as descriptor:
                os.fsync(descriptor)
        for path in (change.target, change.source):
            with open_folder(self._world.top_of(path), path.parent) as folder:
                os.fsync(folder)

    def _remove_temporary(self, change: Change) -> None:
        """Take away the recorded temporary name of a copy, and no other."""
        if change.temporary is None:
            return
        top, name = self._world.top_of(change.temporary), change.temporary.name
        with open_folder(top, change.temporary.parent) as folder, contextlib.suppress(FileNotFoundError):
            remove_named(folder, name)

    def _aborted(self, change: Change) -> Change:
        return self._journal.advance(change.id, ChangeState.ABORTED, error=_STOPPED)

    def _puzzled(self, change: Change, reason: str) -> Change:
        log.error(
            "change %d needs a person: %s; from %s to %s",
            change.id,
            reason,
            shown(change.source),
            shown(change.target or "nowhere"),
        )
        return self._journal.advance(change.id, ChangeState.NEEDS_ATTENTION, error=reason)


def _is_tag(change: Change) -> bool:
    return change.kind.writes_sidecar or bool(change.details.get("tag"))
