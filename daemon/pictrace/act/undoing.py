"""Takes finished changes back: the same machine with source and target swapped, and no keeper to prove."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pictrace.act.changes import remove_empty
from pictrace.act.companions import home_of, moved_now, sidecar_now
from pictrace.act.guard import hash_open, open_file, require_usable
from pictrace.act.hands import Hands
from pictrace.act.mover import FOLDERS_MADE
from pictrace.act.places import is_within_reach
from pictrace.act.reasons import reason_of
from pictrace.act.world import World
from pictrace.errors import ActError, shown
from pictrace.model import Change, ChangeKind, ChangeState, StatKey
from pictrace.store import Journal

_EDITED = "was written into after it was put away; what came home is as it is now"


class Undoer:
    """Takes changes back, each with a change of its own in the journal."""

    def __init__(self, world: World, journal: Journal, hands: Hands) -> None:
        self._world = world
        self._journal = journal
        self._hands = hands

    def undoable(self) -> list[int]:
        """Return the ids of every change that can be taken back, newest first."""
        return [
            change.id
            for change in self._journal.changes(state=ChangeState.DONE)
            if change.kind.is_reversible
            and not self._journal.is_purged(change.id)
            and not change.details.get("is_unchanged")
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
        if original.kind is ChangeKind.RUN:
            raise ActError(f"change {change_id} ran a program: what that did cannot be taken back")
        if not original.kind.is_reversible or original.state is not ChangeState.DONE:
            raise ActError(
                f"change {change_id} is {original.kind.value}, {original.state.value}: only a finished move, "
                "quarantine, tag or undo, or another finished change of a file, can be taken back"
            )
        if self._journal.is_purged(change_id):
            raise ActError(f"change {change_id}: its file was purged from quarantine, so it cannot come back")
        [change] = self._journal.plan([self._planned(original)])
        self._world.checkpoint("undo planned")
        try:
            return self.carry_out(change, original)
        except (ActError, OSError, LookupError) as problem:
            closed = self._closed(change, original, problem)
            if closed.state is ChangeState.DONE:
                self._journal.advance(original.id, ChangeState.UNDONE)
            return closed

    def _closed(self, change: Change, original: Change, problem: Exception) -> Change:
        """Write down how an undo ended that failed somewhere."""
        reason = reason_of(problem)
        try:
            if original.kind.writes_sidecar:
                return self._write_closed(self._journal.change(change.id) or change, original, reason)
            if original.kind is ChangeKind.COPY:
                return self._hands.copier.settle_back(change, reason)
            if original.kind.is_link and change.details.get("exchange"):
                return self._hands.linker.settle_back(change, original, reason)
        except ActError as puzzle:
            return self._journal.advance(change.id, ChangeState.NEEDS_ATTENTION, error=f"{reason}; {puzzle}")
        except OSError:
            return self._journal.advance(change.id, change.state, error=reason)  # recovery looks again
        return self._hands.mover.close_failed(change, problem)

    def _write_closed(self, change: Change, original: Change, reason: str) -> Change:
        if change.temporary is None:
            return self._journal.advance(change.id, ChangeState.ABORTED, error=reason)
        if not is_within_reach(self._world, change):
            return self._journal.advance(change.id, change.state, error=reason)  # recovery looks when it is back
        return self._hands.tagger.settle_back(change, original, reason)

    def carry_out(self, change: Change, original: Change) -> Change:
        """Carry out a planned undo.

        Raises:
            ActError, OSError: it cannot be done; the file is whole where it is.
        """
        if original.kind.writes_sidecar:
            self._hands.tagger.take_back(change, original)
            done = self._journal.advance(change.id, ChangeState.DONE)
        elif original.kind is ChangeKind.COPY:
            done = self._hands.copier.take_back(change, original)
        elif original.kind.is_link and change.details.get("exchange"):
            done = self._hands.linker.take_back(change, original)
        else:
            self._require_latest(change, original)
            self._require_in_trash(change, original)
            done = self._hands.mover.move(change, lambda: self._unguarded(change))
        self._world.checkpoint("undo done")
        if done.state is not ChangeState.DONE:
            return done
        self._journal.advance(original.id, ChangeState.UNDONE)
        self._remove_made_folders(original)
        return done

    def _remove_made_folders(self, original: Change) -> None:
        """Remove the folders made for a photo and its companions, the deepest first, as far as nothing is in them."""
        if original.target is None:
            return
        # Whichever of them went first made the folders, and whichever is the last to come home leaves them empty.
        parents = list(original.target.parents)
        together = [
            one for one in self._journal.batch(original.batch) if one.target and one.target.parent == parents[0]
        ]
        made = max((one.details.get(FOLDERS_MADE, 0) for one in together), default=0)
        with contextlib.suppress(ActError, OSError, LookupError):
            for folder in parents[:made]:
                remove_empty(self._world.top_of(original.target), folder)

    @contextmanager
    def _unguarded(self, change: Change) -> Iterator[int]:
        """Give the file that comes back: it needs no keeper, only its place."""
        if change.target is not None:
            require_usable(self._world, change.target)
        with open_file(self._world, change.source) as descriptor:
            if hash_open(descriptor) != change.content_hash:
                raise ActError(f"{shown(change.source)}: is not the file that was moved there, so it stays")
            yield descriptor

    def _require_latest(self, change: Change, original: Change) -> None:
        """Refuse where the file went on since: an equal file of that name may be another unit's.

        Raises:
            ActError: names the later change that took it away.
        """
        for later in self._journal.changes_at(change.source):
            is_onward = later.id > original.id and later.kind.is_move and later.source == change.source
            if is_onward and later.state is ChangeState.DONE:
                raise ActError(
                    f"{shown(change.source)}: what change {original.id} put there went on by change {later.id}; "
                    f"take back {later.id} first"
                )

    def _require_in_trash(self, change: Change, original: Change) -> None:
        if original.kind is ChangeKind.TRASH and not os.path.lexists(change.source):
            raise ActError(
                f"{shown(change.source)}: is not in the trash any more: it was emptied, or the file taken out"
            )

    def _ends(self, original: Change) -> tuple[Path | None, Path | None, dict[str, bool]]:
        """Return where an undo begins, where it ends, and what else it has to know."""
        match original.kind:
            case ChangeKind.TAG | ChangeKind.MERGE_METADATA:
                home = sidecar_now(original, self._journal)
                learnt = {"tag": True, "is_unchanged": bool(original.details.get("is_unchanged"))}
                return original.source, home, {"beside": home != original.target, **learnt}
            case ChangeKind.COPY:
                return original.target, None, {}
            case _ if original.kind.is_link and self._is_exchangeable(original):
                return original.target, original.source, {"beside": False, "exchange": True}
        home = home_of(original, self._journal)
        return moved_now(original, self._journal), home, {"beside": home != original.source}

    def _is_exchangeable(self, link: Change) -> bool:
        """Return whether twin and old file of a link are what they were; else the old file comes beside the twin."""
        is_whole = link.target is not None and self._content_at(link, link.target) == link.content_hash
        return is_whole and self._hands.linker.is_shared(link, link.source)

    def _content_at(self, original: Change, source: Path) -> bytes:
        """Return the hash of what is to come back: where nobody else has a file, it is what lies there now.

        What was written into a file in the moment in which it was put away is the only version of it. Of other places
        we cannot know whose the file is, and a person sees it.
        """
        is_put_away = original.kind is ChangeKind.QUARANTINE or original.kind.is_link
        try:
            key = _key(source)
            is_same = key is not None and original.key is not None and key.ino == original.key.ino
            if is_put_away or (original.kind is ChangeKind.TRASH and is_same):
                with open_file(self._world, source) as descriptor:
                    return hash_open(descriptor)
        except (ActError, OSError, LookupError):
            pass  # it is not there, or cannot be read: carrying out says so
        return original.content_hash

    def _planned(self, original: Change) -> Change:
        source, home, details = self._ends(original)
        if source is None:
            raise ActError(f"change {original.id} names no place to come back from")
        key = _key(source)
        content_hash = original.content_hash if details.get("exchange") else self._content_at(original, source)
        is_edited = content_hash != original.content_hash
        return Change(
            id=0,
            kind=ChangeKind.UNDO,
            state=ChangeState.PLANNED,
            root=original.root,
            source=source,
            target=home,
            content_hash=content_hash,
            key=key,
            rule=original.rule,
            batch=original.batch,
            undoes=original.id,
            made_at=self._world.wall_clock(),
            details=details,
            error=_EDITED if is_edited else None,
        )


def _key(path: Path) -> StatKey | None:
    try:
        return StatKey.of(path.lstat())
    except OSError:
        return None
