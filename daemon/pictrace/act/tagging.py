"""Writes keywords into sidecars, and takes them back."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from pictrace.act.changes import Look, replace_file
from pictrace.act.guard import open_file, require_usable
from pictrace.act.sidecar import MOST_SIDECAR_BYTES, with_tags
from pictrace.act.world import World
from pictrace.errors import ActError, shown
from pictrace.model import Change, ChangeState, StatKey
from pictrace.store import Journal


class Tagger:
    """Changes sidecars, with the bytes they had before in the journal."""

    def __init__(self, world: World, journal: Journal) -> None:
        self._world = world
        self._journal = journal

    def tag(self, change: Change) -> Change:
        """Add the planned keywords; nothing is written where they are all there.

        Raises:
            ActError, OSError: the sidecar cannot be read or written; it is as it was.
        """
        if change.target is None:
            raise ActError(f"change {change.id} names no sidecar")
        require_usable(self._world, change.source)
        with open_file(self._world, change.source) as photo:
            if change.key is None or StatKey.of(os.fstat(photo)) != change.key:
                raise ActError(f"{shown(change.source)}: changed since it was judged; it will be judged again")
        before = self.content(change.target)
        after = with_tags(before, change.details["tags"])
        details = {
            **change.details,
            "after": hashlib.sha256(after).hexdigest(),
            "had": before is not None,
            "mtime_ns": None if before is None else change.target.lstat().st_mtime_ns,
        }
        change = self._journal.advance(change.id, change.state, before=before, details=details)
        self._world.checkpoint("tag planned")
        if after != before:
            self._replace(change, after)
        return self._journal.advance(change.id, ChangeState.DONE)

    def take_back(self, undo: Change, change: Change) -> None:
        """Put a sidecar back as it was before a change.

        Args:
            undo: the change that does so; it names where the sidecar is now.
            change: the one that is taken back.

        Raises:
            ActError: somebody changed it since; it stays.
        """
        if undo.target is None:
            return
        require_usable(self._world, undo.target)
        now = self.content(undo.target)
        if now is None and not os.path.lexists(undo.target.with_suffix("")):
            raise ActError(f"{shown(undo.target)}: went away with its photo; what moved them is taken back first")
        if now == change.before:
            return
        if now is None or hashlib.sha256(now).hexdigest() != change.details.get("after"):
            raise ActError(f"{shown(undo.target)}: was changed since PicTrace wrote it, so it stays as it is")
        self._replace(undo, change.before, mtime_ns=change.details.get("mtime_ns"))

    def _replace(self, change: Change, content: bytes | None, *, mtime_ns: int | None = None) -> None:
        """Replace the change's sidecar; the journal knows the temporary name before it exists."""
        if change.target is None:
            return
        temporary = change.target.with_name(f".pictrace-{secrets.token_hex(8)}.tmp")
        self._journal.advance(change.id, change.state, temporary=temporary)
        replace_file(
            self._world.top_of(change.target),
            change.target,
            content,
            temporary=temporary.name,
            look=Look(mode=_mode(change.target.with_suffix("")), mtime_ns=mtime_ns),
            checkpoint=self._world.checkpoint,
        )

    def content(self, path: Path) -> bytes | None:
        """Return what a sidecar holds, None where there is none."""
        if not os.path.lexists(path):
            return None
        with open_file(self._world, path) as descriptor:
            if os.fstat(descriptor).st_size > MOST_SIDECAR_BYTES:
                raise ActError(f"{shown(path)}: larger than any sidecar, so it is not touched")
            with os.fdopen(os.dup(descriptor), "rb") as file:
                return file.read()


def _mode(photo: Path) -> int:
    """Return the permission bits of a photo, without those to execute: who reads the photo reads its keywords."""
    try:
        return photo.lstat().st_mode & 0o666
    except OSError:
        return 0o644
