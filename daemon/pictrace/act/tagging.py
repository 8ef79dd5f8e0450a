"""Writes into sidecars, and takes it back."""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import secrets
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from pictrace.act.actions.base import sidecar_of
from pictrace.act.changes import Look, SavedError, digest_of, end_swap, open_folder, replace_file
from pictrace.act.changes.renaming import Ends
from pictrace.act.guard import open_file, require_usable
from pictrace.act.merging import Said, carried
from pictrace.act.sidecar import Merged, merged
from pictrace.act.sidecar_names import content_of, existing_sidecar, photo_at, said_in
from pictrace.act.world import World
from pictrace.act.xmp_values import Wanted
from pictrace.errors import ActError, shown
from pictrace.imaging.xmp import MOST_SIDECAR_BYTES, Xmp, parsed_xmp
from pictrace.model import Change, ChangeKind, ChangeState, StatKey
from pictrace.store import Journal

log = logging.getLogger(__name__)


class Tagger:
    """Changes sidecars, with the bytes they had before in the journal."""

    def __init__(self, world: World, journal: Journal) -> None:
        self._world = world
        self._journal = journal

    def sidecar_to_write(self, photo: Path) -> Path | None:
        """Return the sidecar that a photo has, or the name of the one it would get; None where that cannot be told."""
        try:
            return self._sidecar(photo) or sidecar_of(photo)
        except (ActError, OSError):
            return None  # whoever writes says why

    def says_already(self, change: Change) -> bool:
        """Return whether the sidecar says all that a change wants, so that nothing is left to do.

        False where that cannot be told: making the change says why.
        """
        try:
            target, before = self._judged(change)
            wanted, differing = self._wanted(change, target, before)
            # No sidecar is the usual case: none has to be laid out then.
            after = None if before is None else _merged(target, before, wanted)
        except (ActError, OSError, LookupError):
            return False
        is_said = wanted.is_nothing if after is None else after.content == before
        if is_said:
            _tell(change, differing, () if after is None else after.left)
        return is_said

    def write(self, change: Change) -> Change:
        """Add what a change wants to the sidecar: keywords, or what only the duplicate says, in its file or sidecar.

        Raises:
            ActError, OSError: a sidecar cannot be read or written, or it is not known what the photos say; all is as
                it was.
        """
        target, before = self._judged(change)
        wanted, differing = self._wanted(change, target, before)
        is_merge = change.kind is ChangeKind.MERGE_METADATA
        return self._write(change, before, wanted, {"differing": differing} if is_merge else {})

    def _wanted(
        self, change: Change, target: Path, before: bytes | None
    ) -> tuple[Wanted, dict[str, list[Any]]]:  # Any: see `carried`
        """Return what a sidecar is to say, and where the two photos say different things."""
        if change.kind is ChangeKind.MERGE_METADATA:
            return self._carried(change, target, before)
        details = change.details
        wanted = Wanted(
            keywords=tuple(details["tags"]),
            own_keywords=tuple(details.get("own_keywords", ())),
            derived_from=details.get("derived_from"),
        )
        return wanted, {}

    def _carried(
        self, change: Change, target: Path, before: bytes | None
    ) -> tuple[Wanted, dict[str, list[Any]]]:  # Any: see `carried`
        if change.keeper is None:
            raise ActError(f"change {change.id} names no duplicate to carry from")
        theirs, ours = (self._said(change, name) for name in ("theirs", "ours"))
        require_usable(self._world, change.keeper, to_act=False)
        beside = self._sidecar(change.keeper)
        wanted, differing = carried(
            change.details["carry"],
            theirs.under(None if beside is None else self._xmp(beside, self.content(beside))),
            ours.under(None if before is None else self._xmp(target, before)),
            left_out=self._given(change.keeper_hash),
        )
        return replace(wanted, own_keywords=ours.keywords), differing

    def take_back(self, undo: Change, change: Change) -> None:
        """Put a sidecar back as it was before a change.

        Args:
            undo: the change that does so; it names where the sidecar is now.
            change: the one that is taken back.

        Raises:
            ActError: somebody changed it since; it stays.
        """
        if undo.target is None or change.target is None or change.details.get("is_unchanged"):
            return
        require_usable(self._world, undo.target)
        photo = photo_at(change.source, change.target, undo.target)
        now = self.content(undo.target)
        if now is None and not os.path.lexists(photo):
            raise ActError(f"{shown(undo.target)}: went away with its photo; what moved them is taken back first")
        if now == change.before:
            return
        if now is None or hashlib.sha256(now).hexdigest() != change.details.get("after"):
            raise ActError(f"{shown(undo.target)}: was changed since PicTrace wrote it, so it stays as it is")
        self._replace(undo, photo, (now, change.before), mtime_ns=change.details.get("mtime_ns"))

    def settle(self, change: Change, reason: str) -> Change:
        """Bring a write that was stopped, or failed, to an end by what is on the disk: the old bytes, or the new ones.

        Raises:
            OSError: it cannot be told now.
            ActError: the sidecar holds neither.
        """
        after = change.details.get("after")
        if after is None or change.target is None or change.temporary is None:
            return self._journal.advance(change.id, ChangeState.ABORTED, error=reason)
        digests = digest_of(change.before), bytes.fromhex(after)
        is_ours = self._end_swap(change, digests)
        now = digest_of(self.content(change.target))
        if now == digests[1]:
            return self._journal.advance(change.id, ChangeState.DONE)
        if now != digests[0] and is_ours:
            raise ActError("its sidecar holds neither the old bytes nor the new ones")
        return self._journal.advance(change.id, ChangeState.ABORTED, error=reason)

    def settle_back(self, undo: Change, change: Change, reason: str) -> Change:
        """Bring taking a write back to an end by what is on the disk.

        Raises:
            OSError, ActError: as `settle`.
        """
        after = change.details.get("after")
        self._end_swap(undo, (None if after is None else bytes.fromhex(after), digest_of(change.before)))
        if undo.target is None or self.content(undo.target) == change.before:
            return self._journal.advance(undo.id, ChangeState.DONE)
        return self._journal.advance(undo.id, ChangeState.ABORTED, error=reason)

    def content(self, path: Path) -> bytes | None:
        """Return what a sidecar holds, None where there is none."""
        return content_of(self._world, path)

    def _sidecar(self, photo: Path) -> Path | None:
        return existing_sidecar(photo, partial(said_in, self._world))

    def _judged(self, change: Change) -> tuple[Path, bytes | None]:
        """Return the sidecar to write and what it holds, once the photo is seen to be the one that was judged."""
        require_usable(self._world, change.source)
        with open_file(self._world, change.source) as photo:
            if change.key is None or StatKey.of(os.fstat(photo)) != change.key:
                raise ActError(f"{shown(change.source)}: changed since it was judged; it will be judged again")
        if change.target is None:
            self._sidecar(change.source)
            raise ActError(f"{shown(change.source)}: whose sidecar lies there could not be told, so none is written")
        return change.target, self.content(change.target)

    def _write(self, change: Change, before: bytes | None, wanted: Wanted, learnt: dict[str, Any]) -> Change:
        """Write what is wanted, once the journal holds the bytes before; ``learnt``: what it is to know, too."""
        if change.target is None:
            return change
        after = _merged(change.target, before, wanted)
        details = {
            **change.details,
            **learnt,
            "after": None if after.content is None else hashlib.sha256(after.content).hexdigest(),
            "had": before is not None,
            "left": list(after.left),
            "is_unchanged": after.content == before,
            "mtime_ns": None if before is None else change.target.lstat().st_mtime_ns,
        }
        change = self._journal.advance(change.id, change.state, before=before, details=details)
        self._world.checkpoint("tag planned")
        _tell(change, learnt.get("differing", {}), after.left)
        if after.content != before:
            try:
                self._replace(change, change.source, (before, after.content))
            except SavedError:
                written = {name: value for name, value in details.items() if name != "after"}
                self._journal.advance(change.id, change.state, details=written)
                raise
        return self._journal.advance(change.id, ChangeState.DONE)

    def _end_swap(self, change: Change, digests: tuple[bytes | None, bytes | None]) -> bool:
        """Bring the change's sidecar to its name; returns whether no other program had saved one meanwhile."""
        path, temporary = change.target, change.temporary
        if path is None or temporary is None:
            return True
        with open_folder(self._world.top_of(path), path.parent) as folder:
            ends = Ends(source_folder=folder, source=temporary.name, target_folder=folder, target=path.name)
            return end_swap(ends, digests)

    def _replace(
        self, change: Change, photo: Path, content: tuple[bytes | None, bytes | None], *, mtime_ns: int | None = None
    ) -> None:
        """Replace the change's sidecar; the journal knows the temporary name before it exists."""
        if change.target is None:
            return
        _require_name(change.target)
        temporary = change.target.with_name(f".pictrace-{secrets.token_hex(8)}.tmp")
        self._journal.advance(change.id, change.state, temporary=temporary)
        replace_file(
            self._world.top_of(change.target),
            change.target,
            content,
            temporary=temporary.name,
            look=Look(mode=_mode(photo), mtime_ns=mtime_ns),
            checkpoint=self._world.checkpoint,
        )

    def _said(self, change: Change, whose: str) -> Said:
        """Return what a file says by the journal; of two equal files it does not matter."""
        if change.content_hash == change.keeper_hash:
            return Said()
        values = change.details[whose]
        if values is None:
            path = change.keeper if whose == "theirs" else change.source
            raise ActError(f"{shown(path or '')}: what it says of itself is not known, so nothing is carried")
        return Said.from_json(values)

    def _xmp(self, path: Path, content: bytes | None) -> Xmp:
        found = parsed_xmp(content or b"", most_bytes=MOST_SIDECAR_BYTES)
        if found is None:
            raise ActError(f"{shown(path)}: is no XMP that can be read, so nothing is carried")
        return found

    def _given(self, content_hash: bytes | None) -> set[str]:
        """Return the keywords that rules gave a photo."""
        if content_hash is None:
            return set()
        tags = (one for one in self._journal.changes_of(content_hash) if one.kind is ChangeKind.TAG)
        return {tag for one in tags if one.state is ChangeState.DONE for tag in one.details["tags"]}


def _merged(sidecar: Path, before: bytes | None, wanted: Wanted) -> Merged:
    try:
        return merged(before, wanted)
    except ActError as problem:
        raise ActError(f"{shown(sidecar)}: {problem}") from problem


def _require_name(sidecar: Path) -> None:
    """Refuse a name that no file can have, before anything is begun: it could not be settled either."""
    try:
        sidecar.lstat()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            sentence = f"{shown(sidecar.name)}: the sidecar's name would be too long, so nothing is written"
            raise ActError(sentence, errno=error.errno) from error


def _tell(change: Change, differing: Iterable[str], left: Iterable[str]) -> None:
    if differing:
        log.warning("%s: keeps its own %s", shown(change.source), ", ".join(differing))
    if left:
        log.warning("%s: says already, and goes on saying: %s", shown(change.target or ""), ", ".join(left))


def _mode(photo: Path) -> int:
    """Return the permission bits of a photo, without those to execute: who reads the photo reads its keywords."""
    try:
        return photo.lstat().st_mode & 0o666
    except OSError:
        return 0o644
