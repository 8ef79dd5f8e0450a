"""Moves one file as the journal planned it: same file system by rename, another one by a verified copy.

The order of writes, and what a stop between any two of them leaves behind, is in docs/safety.md.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from pictrace.act.actions.base import with_word
from pictrace.act.changes import copy_whole, make_folder, move_file, open_folder, remove_named
from pictrace.act.changes.renaming import Ends
from pictrace.act.companions import companions_in, is_companion
from pictrace.act.guard import hash_open, open_file, require_usable
from pictrace.act.ledger import Ledger
from pictrace.act.places import Found, found_at, is_within_reach
from pictrace.act.probing import require_removable
from pictrace.act.reasons import reason_of
from pictrace.act.trash_notes import TrashNotes, is_name_taken
from pictrace.act.world import World
from pictrace.errors import ActError, shown
from pictrace.model import Change, ChangeKind, ChangeState, StatKey
from pictrace.store import Journal

FOLDERS_MADE = "folders_made"

_MOST_NAMES = 1000
# Their rules name the folder; the others have a place of their own, which stays.
_NAMED_FOLDERS = (ChangeKind.MOVE, ChangeKind.COPY)

Guard = Callable[[], AbstractContextManager[int]]


class Mover:
    """Carries out moves and brings them to an end after a stop."""

    def __init__(self, world: World, journal: Journal) -> None:
        self._world = world
        self._journal = journal
        self.ledger = Ledger(world, journal)
        self.notes = TrashNotes(world, journal)
        self._touched: int | None = None  # the change whose file was given a new name last, or may have been

    def move(self, change: Change, guard: Guard) -> Change:
        """Move a planned file; the guard proves, before each effect, that it may go.

        Raises:
            ActError, OSError: it cannot be moved; the file is whole at its source.
        """
        if change.target is None:
            raise ActError(f"change {change.id} names no target")
        if change.kind is ChangeKind.MOVE:
            # It may go into another root, whose disk may be away, or in which nothing is ever changed.
            require_usable(self._world, change.target)
        change = self.with_folder(change, change.target)
        self.ledger.require_room(change)
        with guard() as descriptor:
            change = self.with_free_target(change)
            self.notes.write(change)
            with self.ends(change) as ends:
                key = self.require_named(change, ends)
                self._touched = change.id
                try:
                    move_file(ends, self._world.checkpoint)
                except OSError as error:
                    if error.errno != errno.EXDEV or change.kind is ChangeKind.TRASH:
                        raise
                else:
                    self._require_moved(change, ends, (key, descriptor))
                    return self.finish(change)
        return self._move_across(change, guard)

    def with_folder(self, change: Change, target: Path) -> Change:
        """Return the change once there is a folder for its target; of those it made, undoing it removes the empty."""
        made = make_folder(self._world.top_of(target), target.parent)
        if not made or change.kind not in _NAMED_FOLDERS:
            return change
        return self._journal.advance(change.id, change.state, details={**change.details, FOLDERS_MADE: made})

    def finish(self, change: Change) -> Change:
        """Write down that a move is done: the manifest first, then the journal."""
        self.ledger.write(change)
        self._world.checkpoint("manifest written")
        self.notes.tidy(change)
        done = self._journal.advance(change.id, ChangeState.DONE)
        self._world.checkpoint("done written")
        return done

    def complete_copy(self, change: Change, guard: Guard) -> Change:
        """Take the source away after its copy is whole and durable at the target.

        Args:
            change: its key is that of the source from before its bytes were read.
            guard: proves once more that the source may go.

        Raises:
            ActError: the source is not the file that was copied; both stay.
        """
        with guard(), self.ends(change) as ends:
            self._world.checkpoint("before unlink")
            self.require_named(change, ends)
            remove_named(ends.source_folder, ends.source)
            self._world.checkpoint("unlinked")
        return self.finish(change)

    def _move_across(self, change: Change, guard: Guard) -> Change:
        with guard() as descriptor, self.ends(change) as ends:
            require_removable(change.source, ends.source_folder, descriptor)
            change = self.store_copy(change, ends, descriptor)
        change = self._journal.advance(change.id, ChangeState.COPIED)
        self._world.checkpoint("copied written")
        return self.complete_copy(change, guard)

    def store_copy(self, change: Change, ends: Ends, descriptor: int) -> Change:
        """Store a verified copy at a change's target; the journal knows of it at each step.

        Raises:
            ActError, OSError: it cannot be stored; no copy stays behind.
        """
        temporary = (change.target or change.source).with_name(f".pictrace-{secrets.token_hex(8)}.tmp")
        change = self._journal.advance(change.id, ChangeState.COPYING, temporary=temporary)
        self._world.checkpoint("copying written")
        copy_whole(
            change.source,
            descriptor,
            ends.target_folder,
            temporary.name,
            change.content_hash,
            self._world.checkpoint,
            keeps_owner=change.kind is not ChangeKind.COPY,
        )
        change = self._noted_copy(change, ends, temporary.name)
        _name_copy(ends, temporary.name, self._world.checkpoint)
        self._world.checkpoint("copy named")
        return change

    def _noted_copy(self, change: Change, ends: Ends, temporary: str) -> Change:
        """Have the journal know which file the copy is: whoever takes it away again must not guess."""
        inode = os.stat(temporary, dir_fd=ends.target_folder, follow_symlinks=False).st_ino
        change = self._journal.advance(change.id, change.state, details={**change.details, "copy_inode": inode})
        self._world.checkpoint("copy noted")
        return change

    def take_copy_back(self, change: Change) -> bool:
        """Take away the copy that a move made, where the file itself is whole at its source.

        Returns:
            Whether it is gone; False where it cannot be told whose file it is, and then nothing was changed.
        """
        target = change.target
        if target is None or not self.holds(change.source, change.content_hash):
            return False
        try:
            with open_file(self._world, target) as descriptor, self.ends(change) as ends:
                key = StatKey.of(os.fstat(descriptor))
                if key.ino != change.details.get("copy_inode") or hash_open(descriptor) != change.content_hash:
                    return False
                self._world.checkpoint("before copy taken back")
                require_key(target, ends.target_folder, key)
                remove_named(ends.target_folder, ends.target)
        except (ActError, OSError, LookupError):
            return False
        self._world.checkpoint("copy taken back")
        return True

    def with_free_target(self, change: Change) -> Change:
        """Return the change with a target whose name is free; the journal knows it before anything moves."""
        target = change.target
        if target is None or not is_name_taken(change.kind, target):
            return change
        if change.kind is not ChangeKind.UNDO and self._is_in_company(change):
            raise ActError(f"{shown(target)}: that name was taken meanwhile; companions have names that go together")
        for number in range(2, _MOST_NAMES):
            other = with_word(target, f"~{number}")
            if not is_name_taken(change.kind, other):
                return self._journal.advance(change.id, change.state, target=other)
        raise ActError(f"{shown(target)}: {_MOST_NAMES} files of that name are there already")

    def _is_in_company(self, change: Change) -> bool:
        return is_companion(change) or bool(companions_in(change, self._journal))

    @contextmanager
    def ends(self, change: Change) -> Iterator[Ends]:
        """Give both ends of a change, their folders open."""
        target = change.target or change.source
        with (
            open_folder(self._world.top_of(change.source), change.source.parent) as source_folder,
            open_folder(self._world.top_of(target), target.parent) as target_folder,
        ):
            yield Ends(
                source_folder=source_folder,
                source=change.source.name,
                target_folder=target_folder,
                target=target.name,
            )

    def require_named(self, change: Change, ends: Ends) -> StatKey:
        """Refuse where the name does not lead to the file any more whose bytes were read; the last look at it.

        Between the reading and this lies the reading of the keeper: minutes, with a film on a slow disk. So the key is
        the one from before the reading, never that of the open file now: what is written into it changes both.

        Returns:
            The key of that file.

        Raises:
            ActError: it was written meanwhile, or another file took its name.
        """
        return require_key(change.source, ends.source_folder, change.key)

    def _require_moved(self, change: Change, ends: Ends, guarded: tuple[StatKey, int]) -> None:
        """Put back what was moved where another program saved a new file in the moment before the rename.

        Raises:
            ActError, OSError: it did; what it saved is at its place again, or, where that is taken, where it went.
        """
        key, descriptor = guarded
        moved = os.stat(ends.target, dir_fd=ends.target_folder, follow_symlinks=False)
        # Only the ctime may be another: the rename is a change of the file.
        if all(unrenamed(StatKey.of(one)) == unrenamed(key) for one in (moved, os.fstat(descriptor))):
            return
        back = Ends(
            source_folder=ends.target_folder,
            source=ends.target,
            target_folder=ends.source_folder,
            target=ends.source,
        )
        move_file(back, lambda _: None)
        raise ActError(f"{shown(change.source)}: changed at the last moment, so it stays")

    def close_failed(self, change: Change, problem: Exception) -> Change:
        """Write down how a move ended that failed somewhere: by what is on the disk, not by where it failed.

        A folder that could not be synced, or a manifest that could not be written, comes after the file has moved. A
        copy whose original may not go after all is taken away again.
        """
        current = self._journal.change(change.id) or change
        reason = reason_of(problem)
        is_untouched = current.state is ChangeState.PLANNED and self._touched != current.id
        if is_untouched or self.take_copy_back(current):
            self.notes.tidy(current)
            return self._journal.advance(current.id, ChangeState.ABORTED, error=reason)
        at_source = found_at(self._world, current.source, current.content_hash)
        at_target = found_at(self._world, current.target, current.content_hash)
        if Found.UNKNOWN in (at_source, at_target) or not is_within_reach(self._world, current):
            # A disk went meanwhile: recovery looks when it is back.
            return self._journal.advance(current.id, current.state, error=reason)
        if at_target is Found.WHOLE and at_source is Found.NOTHING:
            self.notes.tidy(current)
            with self._journal.together():
                self.ledger.write_or_note(current)
                return self._journal.advance(current.id, ChangeState.DONE, error=f"moved, but: {reason}")
        is_copied = current.state in (ChangeState.COPYING, ChangeState.COPIED) and at_target is Found.WHOLE
        is_swapped = Found.WHOLE not in (at_source, at_target) and at_target is Found.OTHER
        is_puzzling = is_copied or is_swapped or at_source is Found.NOTHING
        state = ChangeState.NEEDS_ATTENTION if is_puzzling else ChangeState.ABORTED
        self.notes.tidy(current)
        return self._journal.advance(current.id, state, error=reason)

    def holds(self, path: Path | None, content_hash: bytes) -> bool:
        """Return whether a regular file with this content is at a path."""
        return found_at(self._world, path, content_hash) is Found.WHOLE


def require_key(path: Path, folder: int, key: StatKey | None) -> StatKey:
    """Refuse where a name in an open folder does not lead to the file any more that had a key; returns that key."""
    named = StatKey.of(os.stat(path.name, dir_fd=folder, follow_symlinks=False))
    if key is None or named.ino != key.ino:
        raise ActError(f"{shown(path)}: another file took its name")
    if named != key:
        raise ActError(f"{shown(path)}: changed at the last moment, so it stays")
    return key


def unrenamed(key: StatKey) -> tuple[int, int, int, int]:
    """Return what of a stat key a rename leaves as it is: all but the ctime."""
    return key.dev, key.ino, key.size_bytes, key.mtime_ns


def _name_copy(ends: Ends, temporary: str, checkpoint: Callable[[str], None]) -> None:
    """Give a whole copy its name; where that is taken or cannot be given, no copy stays behind."""
    folder = ends.target_folder
    try:
        move_file(
            Ends(source_folder=folder, source=temporary, target_folder=folder, target=ends.target),
            checkpoint,
        )
    except (OSError, ActError):
        with contextlib.suppress(FileNotFoundError):
            remove_named(folder, temporary)
        raise
