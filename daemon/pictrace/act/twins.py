"""Looks at what links share: the two files byte by byte before, and each twin that is left over."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from pictrace.act.actions.base import with_word
from pictrace.act.changes import move_file, open_folder, remove_named
from pictrace.act.guard import hash_open, open_file
from pictrace.act.mover import Mover, require_key
from pictrace.act.world import World
from pictrace.errors import ActError, shown
from pictrace.model import Change, StatKey
from pictrace.store import Journal

_BLOCK_BYTES = 1024 * 1024
_MOST_NAMES = 1000


class Twins:
    """The second names and clones that links put in place of duplicates."""

    def __init__(self, world: World, journal: Journal, mover: Mover) -> None:
        self._world = world
        self._journal = journal
        self._mover = mover

    def remove(self, change: Change) -> None:
        """Take a link's twin away under its temporary name; one that was written into only while it has another name.

        Raises:
            OSError, ActError: it cannot be taken away, or would be the last of what was written; it stays.
        """
        temporary = change.temporary or change.source
        with (
            open_file(self._world, temporary) as descriptor,
            open_folder(self._world.top_of(temporary), temporary.parent) as folder,
        ):
            status = os.fstat(descriptor)
            if hash_open(descriptor) != change.content_hash and status.st_nlink < 2:
                raise ActError(f"{shown(temporary)}: was written into meanwhile, so it stays")
            require_key(temporary, folder, StatKey.of(status))
            remove_named(folder, temporary.name)

    def end(self, undo: Change) -> Change:
        """Take the twin away that changed places with the old file; one that was written into comes beside that.

        Raises:
            OSError, ActError: it cannot be done; the twin stays.
        """
        with (
            open_file(self._world, undo.source) as descriptor,
            open_folder(self._world.top_of(undo.source), undo.source.parent) as folder,
        ):
            key = StatKey.of(os.fstat(descriptor))
            if hash_open(descriptor) == undo.content_hash:
                self._world.checkpoint("before twin removed")
                require_key(undo.source, folder, key)
                remove_named(folder, undo.source.name)
                self._world.checkpoint("twin removed")
                return undo
        beside = _free_beside(undo.target or undo.source)
        said = f"was written into meanwhile; what was written is in {shown(beside)}"
        undo = self._journal.advance(undo.id, undo.state, error=said)
        with self._mover.ends(replace(undo, target=beside)) as ends:
            move_file(ends, self._world.checkpoint)
        return undo


def _free_beside(path: Path) -> Path:
    names = (with_word(path, f"~restored-{number}") for number in range(1, _MOST_NAMES))
    beside = next((name for name in names if not os.path.lexists(name)), None)
    if beside is None:
        raise ActError(f"{shown(path)}: no free name beside it")
    return beside


def require_equal(path: Path, first: int, second: int) -> None:
    """Refuse two files that differ in any byte: what looks alike must never become one file."""
    if os.fstat(first).st_size != os.fstat(second).st_size or not _are_equal(first, second):
        raise ActError(f"{shown(path)}: its bytes are not those of its keeper, so they share nothing")


def _are_equal(first: int, second: int) -> bool:
    offset = 0
    while True:
        block = os.pread(first, _BLOCK_BYTES, offset)
        if block != os.pread(second, len(block) or 1, offset):
            return False
        if not block:
            return True
        offset += len(block)
