"""Puts verified copies of photos into folders, and takes them back."""

from __future__ import annotations

import contextlib
import os
from contextlib import ExitStack
from pathlib import Path

from pictrace.act.changes import open_folder, remove_named
from pictrace.act.companions import is_companion, photo_of
from pictrace.act.guard import hash_open, living_keeper, open_file, require_usable
from pictrace.act.mover import Mover, require_key
from pictrace.act.world import World
from pictrace.errors import ActError, shown
from pictrace.model import Change, ChangeKind, ChangeState, StatKey
from pictrace.store import Journal


class Copier:
    """Carries out copies, takes them back, and brings both to an end by what is on the disk."""

    def __init__(self, world: World, journal: Journal, mover: Mover) -> None:
        self._world = world
        self._journal = journal
        self._mover = mover

    def copy(self, change: Change) -> Change:
        """Store a copy under a free name.

        Raises:
            ActError, OSError: it cannot be stored; `settle` says how it ended.
        """
        if change.target is None:
            raise ActError(f"change {change.id} names no target")
        require_usable(self._world, change.source, to_act=False)
        require_usable(self._world, change.target)
        change = self._mover.with_folder(change, change.target)
        with open_file(self._world, change.source) as descriptor:
            if change.key is None or StatKey.of(os.fstat(descriptor)) != change.key:
                raise ActError(f"{shown(change.source)}: changed since it was judged; it will be judged again")
            change = self._mover.with_free_target(change)
            with self._mover.ends(change) as ends:
                self._mover.store_copy(change, ends, descriptor)
        return self._done(change)

    def settle(self, change: Change, reason: str) -> Change:
        """Bring a copy that was stopped, or failed, to an end by what is on the disk.

        Raises:
            OSError: it cannot be told now.
        """
        if change.temporary is not None:
            with self._folder_of(change.temporary) as folder, contextlib.suppress(FileNotFoundError):
                remove_named(folder, change.temporary.name)
        if change.target is not None and self._is_ours(change, change.target):
            with open_file(self._world, change.target) as descriptor, self._folder_of(change.target) as folder:
                os.fsync(descriptor)
                os.fsync(folder)
            return self._done(change)
        return self._journal.advance(change.id, ChangeState.ABORTED, error=reason)

    def has_copied(self, change: Change) -> bool:
        """Return whether the copy that a finished change made is still there."""
        return change.target is not None and self._is_ours(change, change.target)

    def take_back(self, undo: Change, original: Change) -> Change:
        """Remove a copy while it is the file that was made, and the photo it was made of is there.

        Raises:
            ActError, OSError: it is another file, or may be the last that is left; it stays.
        """
        if os.path.lexists(undo.source):
            require_usable(self._world, undo.source)
            with ExitStack() as stack:
                copy = stack.enter_context(open_file(self._world, undo.source))
                status = os.fstat(copy)
                if not _is_made_by(original, copy):
                    raise ActError(f"{shown(undo.source)}: is not the copy as PicTrace made it, so it stays")
                self._require_needless(original, status, stack)
                folder = stack.enter_context(self._folder_of(undo.source))
                self._world.checkpoint("before unlink")
                require_key(undo.source, folder, StatKey.of(status))
                remove_named(folder, undo.source.name)
            self._world.checkpoint("unlinked")
        return self._done(undo)

    def settle_back(self, undo: Change, reason: str) -> Change:
        """Bring taking a copy back to an end by what is on the disk."""
        if not os.path.lexists(undo.source):
            return self._done(undo)
        return self._journal.advance(undo.id, ChangeState.ABORTED, error=reason)

    def _require_needless(self, original: Change, copy: os.stat_result, stack: ExitStack) -> None:
        """Hold a file open that holds the same bytes: what a rule removes is never the last of it."""
        photo = photo_of(original, self._journal) if is_companion(original) else None
        if photo is not None and photo.state is ChangeState.DONE:
            raise ActError(f"{shown(original.target or original.source)}: its photo stays, and so does this")
        for place in self._places_of(original):
            with contextlib.suppress(ActError, OSError, LookupError):
                stack.enter_context(
                    living_keeper(
                        self._world,
                        place,
                        original.content_hash,
                        victim=original.target or original.source,
                        status=copy,
                    )
                )
                return
        raise ActError(
            f"{shown(original.target or original.source)}: the file it is a copy of is not at its place as it was, so "
            "the copy stays; what moved that file is taken back first"
        )

    def _places_of(self, original: Change) -> list[Path]:
        """Return where the photo may be that was copied."""
        places = [original.source]
        if original.keeper is not None and original.keeper_hash == original.content_hash:
            places.append(original.keeper)
        moved = (change for change in self._journal.changes_of(original.content_hash) if change.kind is ChangeKind.MOVE)
        return places + [one.target for one in moved if one.state is ChangeState.DONE and one.target is not None]

    def _is_ours(self, change: Change, path: Path) -> bool:
        """Return whether a file is the one that a copy made, with the bytes it had."""
        try:
            with open_file(self._world, path) as descriptor:
                return _is_made_by(change, descriptor)
        except (ActError, LookupError):
            return False

    def _folder_of(self, path: Path) -> contextlib.AbstractContextManager[int]:
        return open_folder(self._world.top_of(path), path.parent)

    def _done(self, change: Change) -> Change:
        done = self._journal.advance(change.id, ChangeState.DONE)
        self._world.checkpoint("done written")
        return done


def _is_made_by(change: Change, descriptor: int) -> bool:
    """Return whether an open file is the one that a copy made, with the bytes it had."""
    is_its_inode = os.fstat(descriptor).st_ino == change.details.get("copy_inode")
    return is_its_inode and hash_open(descriptor) == change.content_hash
