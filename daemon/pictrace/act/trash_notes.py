"""Writes the note that lies beside each file in the trash, and takes away one whose file is not there any more."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from pictrace.act.changes import make_folder, open_folder, remove_named, write_note
from pictrace.act.guard import open_file
from pictrace.act.trash import named_in, note, note_of
from pictrace.act.world import World
from pictrace.errors import ActError, shown
from pictrace.model import Change, ChangeKind
from pictrace.store import Journal

log = logging.getLogger(__name__)

_MOST_NOTE_BYTES = 64 * 1024


def is_name_taken(kind: ChangeKind, target: Path) -> bool:
    """Return whether a name is taken where a change would put its file; in the trash also by another file's note."""
    return os.path.lexists(target) or (kind is ChangeKind.TRASH and os.path.lexists(note_of(target)))


class TrashNotes:
    """The notes of all that rules put into the trash."""

    def __init__(self, world: World, journal: Journal) -> None:
        self._world = world
        self._journal = journal

    def write(self, change: Change) -> None:
        """Write the note of a file that is about to be put into the trash; of any other change there is none.

        Raises:
            FileExistsError: another program put a file of that name there in this moment.
            OSError, ActError: it cannot be written; the file stays where it is.
        """
        trash = self._world.trash
        if change.kind is not ChangeKind.TRASH or change.target is None or trash is None:
            return
        path = note_of(change.target)
        make_folder(self._world.top_of(path), path.parent)
        self._world.checkpoint("before note")
        with open_folder(self._world.top_of(path), path.parent) as folder:
            write_note(folder, path.name, note(change.source, change.target, trash.home, at=change.made_at))
        self._world.checkpoint("note written")

    def tidy(self, change: Change) -> None:
        """Take away the note of a file that is not in the trash: it came back, or never got there."""
        put = change if change.undoes is None else self._journal.change(change.undoes)
        if put is None or put.kind is not ChangeKind.TRASH or put.target is None or os.path.lexists(put.target):
            return
        path = note_of(put.target)
        try:
            if os.path.lexists(path) and self._is_ours(path, put):
                with open_folder(self._world.top_of(path), path.parent) as folder:
                    remove_named(folder, path.name)
        except (OSError, ActError, LookupError) as problem:
            # A note without a file harms nobody: every desktop passes over it.
            log.warning("%s: stays in the trash without its file: %s", shown(path), problem)
        self._world.checkpoint("note tidied")

    def _is_ours(self, path: Path, put: Change) -> bool:
        """Return whether a note is the one that was written for a change: another file may have got the name since."""
        trash = self._world.trash
        if trash is None or put.target is None:
            return False
        with open_file(self._world, path) as descriptor:
            content = os.read(descriptor, _MOST_NOTE_BYTES)
        # A stop may have come before the note was whole.
        wanted = note(put.source, put.target, trash.home, at=put.made_at)
        return wanted.startswith(content) or named_in(content) == named_in(wanted)
