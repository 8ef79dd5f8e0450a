"""Has a duplicate share the data of its equal keeper, and takes that back.

The name stays; a twin (a second name of the keeper's file, or a clone of it) is made beside it, the two change places
in one step, and the old file goes into quarantine. The order of writes is in docs/safety.md.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pictrace.act.changes import (
    clone_twin,
    exchange_files,
    link_twin,
    make_folder,
    move_file,
    open_folder,
    remove_named,
    sync_folder,
)
from pictrace.act.changes.renaming import Ends
from pictrace.act.guard import hash_open, open_file, require_usable
from pictrace.act.mover import Guard, Mover, unrenamed
from pictrace.act.places import Found, found_at
from pictrace.act.twins import Twins, require_equal
from pictrace.act.world import World
from pictrace.errors import ActError, shown
from pictrace.model import Change, ChangeKind, ChangeState, StatKey
from pictrace.store import Journal


class Linker:
    """Carries out links, takes them back, and brings both to an end by what is on the disk."""

    def __init__(self, world: World, journal: Journal, mover: Mover) -> None:
        self._world = world
        self._journal = journal
        self._mover = mover
        self._twins = Twins(world, journal, mover)

    def share(self, change: Change, guard: Guard) -> Change:
        """Put a twin of the keeper in place of a duplicate, whose own file goes into quarantine.

        Raises:
            ActError, OSError: it cannot be done; `settle` says how it ended.
        """
        if change.target is None or change.keeper is None:
            raise ActError(f"change {change.id} names no place for the old file, or no keeper")
        make_folder(self._world.top_of(change.target), change.target.parent)
        self._mover.ledger.require_room(change)
        with guard() as descriptor, open_file(self._world, change.keeper) as keeper:
            require_equal(change.source, descriptor, keeper)
            change = self._mover.with_free_target(change)
            with self._mover.ends(change) as ends:
                _require_one_disk(change, ends)
                change = self._with_twin(change, ends, (descriptor, keeper))
                key = self._mover.require_named(change, ends)
                self._exchange(change, ends, key)
            self._put_old_away(change)
            self._require_as_read(change)
        return self._mover.finish(change)

    def settle(self, change: Change, reason: str) -> Change:
        """Bring a link that was stopped, or failed, to an end by what is on the disk.

        The inode numbers tell the files apart: each of them holds the same bytes.

        Raises:
            OSError: it cannot be told, or done, now.
            ActError: what is there fits nothing that PicTrace did.
        """
        if change.state is ChangeState.PLANNED or change.temporary is None or change.target is None:
            return self._aborted(change, reason)
        old, twin = _inode_before(change), change.details.get("twin")
        aside, here, away = (self._inode(path) for path in (change.temporary, change.source, change.target))
        if aside is None:
            if away == old and found_at(self._world, change.target, change.content_hash) is Found.OTHER:
                return self._brought_back(change, reason)
            if away == old:
                self._sync(change.target, change.source)
                return self._mover.finish(change)
            if here == twin and twin is not None:
                raise ActError(f"{shown(change.source)}: shares its data, and its old file is not there any more")
        elif twin is None:
            self._remove(change.temporary)
        elif aside == twin:
            self._twins.remove(change)
        elif aside == old and self._mover.holds(change.temporary, change.content_hash):
            return self._gone_on(change, reason)
        elif here == twin:
            self._exchange_back(change)  # another program saved over the photo, or into it, in that moment
        else:
            raise ActError(f"{shown(change.temporary)}: is a file that PicTrace did not put there")
        return self._aborted(change, reason)

    def is_shared(self, change: Change, path: Path) -> bool:
        """Return whether a name still leads to the twin that a link put there, with the bytes it had."""
        try:
            with open_file(self._world, path) as descriptor:
                is_twin = os.fstat(descriptor).st_ino == change.details.get("twin")
                return is_twin and hash_open(descriptor) == change.content_hash
        except (ActError, OSError, LookupError):
            return False

    def take_back(self, undo: Change, original: Change) -> Change:
        """Have the old file change places with the twin, and take the twin away.

        Raises:
            ActError, OSError: it cannot be done; `settle_back` says how it ended.
        """
        if undo.target is None:
            raise ActError(f"change {undo.id} names no place to come back to")
        require_usable(self._world, undo.target)
        with open_file(self._world, undo.source) as descriptor, self._mover.ends(undo) as ends:
            if hash_open(descriptor) != undo.content_hash:
                raise ActError(f"{shown(undo.source)}: is not the file that was put there, so it stays")
            if not self.is_shared(original, undo.target):
                raise ActError(f"{shown(undo.target)}: is not what PicTrace put there, so it stays")
            self._world.checkpoint("before exchange")
            exchange_files(ends)
            self._world.checkpoint("exchanged")
        return self.settle_back(undo, original, "changed at the last moment, so it stays")

    def settle_back(self, undo: Change, original: Change, reason: str) -> Change:
        """Bring taking a link back to an end by what is on the disk.

        Raises:
            OSError: it cannot be told, or done, now.
            ActError: what is there fits nothing that PicTrace did.
        """
        old, twin = _inode_before(original), original.details.get("twin")
        inside, here = self._inode(undo.source), None if undo.target is None else self._inode(undo.target)
        if inside == old:
            return self._aborted(undo, reason)
        if here != old:
            raise ActError(f"{shown(undo.source)}: the old file is at neither place")
        if inside is not None and inside != twin:
            with self._mover.ends(undo) as ends:
                exchange_files(ends)  # another program saved over the name in that moment
            return self._aborted(undo, reason)
        if inside is not None:
            if not self._mover.holds(undo.target, undo.content_hash):
                raise ActError(f"{shown(undo.target or undo.source)}: is not what came back, so the other file stays")
            self._sync(undo.target or undo.source, undo.source)
            undo = self._twins.end(undo)
        return self._mover.finish(undo)

    def _with_twin(self, change: Change, ends: Ends, files: tuple[int, int]) -> Change:
        """Make the twin under a temporary name that the journal knows, and have the journal know its inode."""
        old, keeper = files
        temporary = change.source.with_name(f".pictrace-{secrets.token_hex(8)}.tmp")
        change = self._journal.advance(change.id, ChangeState.LINKING, temporary=temporary)
        self._world.checkpoint("linking written")
        if change.kind is ChangeKind.REFLINK:
            clone_twin(keeper, ends.source_folder, temporary.name, (change.source, old), self._world.checkpoint)
        else:
            self._link(change, ends, temporary.name)
        self._world.checkpoint("twin whole")
        made = os.stat(temporary.name, dir_fd=ends.source_folder, follow_symlinks=False).st_ino
        if change.kind is ChangeKind.HARDLINK and made != os.fstat(keeper).st_ino:
            raise ActError(f"{shown(change.keeper or temporary)}: another file took the keeper's name")
        change = self._journal.advance(change.id, change.state, details={**change.details, "twin": made})
        self._world.checkpoint("twin noted")
        return change

    def _link(self, change: Change, ends: Ends, name: str) -> None:
        keeper = change.keeper or change.source
        with open_folder(self._world.top_of(keeper), keeper.parent) as folder:
            link_twin(folder, keeper.name, ends.source_folder, name)

    def _exchange(self, change: Change, ends: Ends, key: StatKey) -> None:
        """Have twin and old file change places; what another program saved in that moment goes back to its place."""
        temporary = (change.temporary or change.source).name
        both = Ends(
            source_folder=ends.source_folder,
            source=temporary,
            target_folder=ends.source_folder,
            target=ends.source,
        )
        self._world.checkpoint("before exchange")
        exchange_files(both)
        self._world.checkpoint("exchanged")
        aside = os.stat(temporary, dir_fd=ends.source_folder, follow_symlinks=False)
        if unrenamed(StatKey.of(aside)) != unrenamed(key):
            raise ActError(f"{shown(change.source)}: changed at the last moment, so it stays")

    def _require_as_read(self, change: Change) -> None:
        with self._old_ends(change) as ends:
            away = StatKey.of(os.stat(ends.target, dir_fd=ends.target_folder, follow_symlinks=False))
        if change.key is None or unrenamed(away) != unrenamed(change.key):
            raise ActError(f"{shown(change.source)}: changed at the last moment, so it stays")

    def _put_old_away(self, change: Change) -> None:
        with self._old_ends(change) as ends:
            move_file(ends, self._world.checkpoint)

    def _gone_on(self, change: Change, reason: str) -> Change:
        """Put the old file away after the exchange; where that cannot be, everything is as it was before."""
        try:
            self._put_old_away(change)
        except (OSError, ActError):
            if self._inode(change.temporary or change.source) == _inode_before(change):
                self._exchange_back(change)
                return self._aborted(change, reason)
            raise
        return self._mover.finish(change)

    def _exchange_back(self, change: Change) -> None:
        temporary = change.temporary or change.source
        with open_folder(self._world.top_of(change.source), change.source.parent) as folder:
            exchange_files(
                Ends(source_folder=folder, source=temporary.name, target_folder=folder, target=change.source.name)
            )
        self._world.checkpoint("exchanged back")
        if self._inode(temporary) != change.details.get("twin"):
            raise ActError(f"{shown(temporary)}: is a file that PicTrace did not put there")
        self._twins.remove(change)

    def _brought_back(self, change: Change, reason: str) -> Change:
        """Have an old file at its name again that was written into on its way to quarantine."""
        with self._old_ends(change) as ends:
            move_file(
                Ends(
                    source_folder=ends.target_folder,
                    source=ends.target,
                    target_folder=ends.source_folder,
                    target=ends.source,
                ),
                lambda _: None,
            )
        self._exchange_back(change)
        return self._aborted(change, reason)

    @contextmanager
    def _old_ends(self, change: Change) -> Iterator[Ends]:
        """Give both ends of the old file's way: its name aside, and its place in quarantine."""
        aside, target = change.temporary or change.source, change.target or change.source
        with (
            open_folder(self._world.top_of(aside), aside.parent) as folder,
            open_folder(self._world.top_of(target), target.parent) as target_folder,
        ):
            yield Ends(source_folder=folder, source=aside.name, target_folder=target_folder, target=target.name)

    def _remove(self, path: Path) -> None:
        with open_folder(self._world.top_of(path), path.parent) as folder, contextlib.suppress(FileNotFoundError):
            remove_named(folder, path.name)

    def _sync(self, *paths: Path) -> None:
        """Have the names in the folders of some paths on the disk before anything counts on them."""
        for path in paths:
            with open_folder(self._world.top_of(path), path.parent) as folder:
                sync_folder(folder)

    def _inode(self, path: Path) -> int | None:
        """Return the inode number of what is at a path, None where nothing is.

        Raises:
            OSError, ActError: it cannot be told.
        """
        with open_folder(self._world.top_of(path), path.parent) as folder:
            try:
                return os.stat(path.name, dir_fd=folder, follow_symlinks=False).st_ino
            except FileNotFoundError:
                return None

    def _aborted(self, change: Change, reason: str) -> Change:
        return self._journal.advance(change.id, ChangeState.ABORTED, error=reason)


def _inode_before(change: Change) -> int | None:
    return None if change.key is None else change.key.ino


def _require_one_disk(change: Change, ends: Ends) -> None:
    # Folders are compared: on an overlay, files may have other device numbers.
    devices = {os.fstat(folder).st_dev for folder in (ends.source_folder, ends.target_folder)}
    if change.keeper is not None:
        devices.add(change.keeper.parent.stat().st_dev)
    if len(devices) > 1:
        raise ActError(
            f"{shown(change.source)}: it, its keeper and its quarantine are not on one file system, so they share "
            "nothing"
        )
