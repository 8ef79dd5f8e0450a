"""Keeps the manifest of each quarantine: the record from which all comes home with both databases lost."""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
from pathlib import Path

from pictrace.act.changes import append_line, open_folder
from pictrace.act.companions import is_companion, photo_of
from pictrace.act.world import World
from pictrace.errors import ActError, shown
from pictrace.model import Change, ChangeKind, RootInfo, RootState
from pictrace.store import Debt, Journal

log = logging.getLogger(__name__)

MANIFEST = "manifest.jsonl"
# Many lines' room: what else writes there in the next moment must not take the last of it.
_ROOM_BYTES = 64 * 1024


class Ledger:
    """Writes the lines of manifests; those that could not be written stand in the journal, and are written first."""

    def __init__(self, world: World, journal: Journal) -> None:
        self._world = world
        self._journal = journal

    def write(self, change: Change, *, event: str | None = None) -> None:
        """Add the line of a change, after all that are missing in the same manifest.

        Args:
            change: what moved a file into a quarantine or back; of any other there is no line.
            event: what happened to the file, where it is not what the change did.

        Raises:
            OSError, ActError: it cannot be written.
        """
        found = self._place(change)
        if found is None:
            return
        # In the order in which it happened: a late line must not take back what a later one says.
        missing = self._journal.unsettled.owing(Debt.LINE, root=found[0].identity)
        for one in missing:
            if one.id < change.id:
                self._append(one)
                self._journal.unsettled.note(one.id, None)
        self._append(change, event)
        if any(one.id == change.id for one in missing):
            self._journal.unsettled.note(change.id, None)

    def write_or_note(self, change: Change) -> None:
        """Add the line of a change whose file has moved; where that fails, the journal knows that it is missing."""
        try:
            self.write(change)
        except (OSError, ActError, LookupError) as problem:
            log.warning("change %d: its line in the manifest is written later: %s", change.id, problem)
            self._journal.unsettled.note(change.id, Debt.LINE)

    def write_missing(self) -> None:
        """Add every line that is missing where it can be written now."""
        for change in self._journal.unsettled.owing(Debt.LINE):
            if self._world.state_of(change.root) is not RootState.USABLE:
                continue
            try:
                self._append(change)
            except (OSError, ActError, LookupError) as problem:
                log.warning("change %d: its line in the manifest is still missing: %s", change.id, problem)
                return  # those after it would stand before it
            self._journal.unsettled.note(change.id, None)

    def require_room(self, change: Change) -> None:
        """Refuse to put a file where no line could tell whence it came.

        Raises:
            OSError, ActError: the manifest cannot be written, or its disk is full; nothing was changed.
        """
        found = self._place(change)
        if found is None or change.kind is ChangeKind.UNDO:
            return  # what comes home needs no line to be found
        folder = found[1]
        with open_folder(self._world.top_of(folder), folder) as opened:
            flags = os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            with contextlib.suppress(FileNotFoundError):  # the first line makes it
                os.close(os.open(MANIFEST, flags, dir_fd=opened))
            room = os.fstatvfs(opened)
        if room.f_bavail * room.f_frsize < _ROOM_BYTES:
            reason = f"{os.strerror(errno.ENOSPC)} for a line in the manifest, so the photo stays"
            raise ActError(f"{shown(folder / MANIFEST)}: {reason}", errno=errno.ENOSPC)

    def _place(self, change: Change) -> tuple[RootInfo, Path, Path, Path] | None:
        """Return root, quarantine folder, the place in it and the one outside; None where a change has no line."""
        is_return = change.kind is ChangeKind.UNDO
        puts_away = change.kind is ChangeKind.QUARANTINE or change.kind.is_link
        if change.target is None or not (puts_away or is_return):
            return None
        inside, outside = (change.source, change.target) if is_return else (change.target, change.source)
        root = self._world.root_of(outside)
        if root is None or not inside.is_relative_to(self._world.quarantine_of(root)):
            return None
        return root, self._world.quarantine_of(root), inside, outside

    def _append(self, change: Change, event: str | None = None) -> None:
        found = self._place(change)
        if found is None:
            return
        root, folder, inside, outside = found
        line = {
            "id": change.id,
            "event": event or ("restored" if change.kind is ChangeKind.UNDO else "quarantined"),
            "name": _name_in(folder, inside),
            "from": _name_in(root.path, outside),
            "sha256": change.content_hash.hex(),
            "at": round(self._world.wall_clock(), 3),
        }
        photo = photo_of(change, self._journal) if is_companion(change) else None
        if photo is not None and photo.target is not None:
            line["photo"] = _name_in(folder, photo.target)
        append_line(self._world.top_of(folder), folder / MANIFEST, json.dumps(line).encode("ascii"))


def _name_in(folder: Path, path: Path) -> str:
    """Return a path relative to a folder as the manifest writes it."""
    return os.fsencode(path.relative_to(folder)).decode("utf-8", "surrogateescape")
