"""The quarantine as a place: what lies there, purging it, and bringing it home from its manifest alone."""

from __future__ import annotations

import errno
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pictrace.act.changes import (
    append_line,
    copy_whole,
    make_folder,
    open_folder,
    remove_named,
    remove_quarantined,
    rename_noreplace,
)
from pictrace.act.changes.renaming import Ends, move_file
from pictrace.act.guard import FILE_FLAGS, hash_open, open_file, require_usable
from pictrace.act.mover import MANIFEST
from pictrace.act.world import World
from pictrace.errors import ActError, shown
from pictrace.model import Change, PhotoFile
from pictrace.store import Journal

_SECONDS_PER_DAY = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A file that a manifest names: where it lies, where it came from, and what came of bringing it home."""

    inside: Path
    home: Path
    error: str | None


class QuarantineKeeper:
    """Purges, and restores without a journal.

    Args:
        living: the files that hold a content now; purging needs one outside quarantine.
    """

    def __init__(self, world: World, journal: Journal, living: Callable[[bytes], Iterable[PhotoFile]]) -> None:
        self._world = world
        self._journal = journal
        self._living = living

    def purgeable(self, *, older_than_days: float) -> list[Change]:
        """Return what lies in quarantine for longer than so many days, oldest first."""
        limit = self._world.wall_clock() - older_than_days * _SECONDS_PER_DAY
        return [change for change in self._journal.quarantined() if change.made_at <= limit]

    def purge(self, change: Change) -> Change:
        """Remove one file from quarantine for good.

        Raises:
            ActError: the photo it was a copy of does not live any more, or the file is not the one that was put away.
        """
        with self._journal.acting():
            return self._purge(change)

    def _purge(self, change: Change) -> Change:
        if change.target is None:
            raise ActError(f"change {change.id} names no place in quarantine")
        require_usable(self._world, change.source)
        if not change.details.get("companion"):
            self._require_keeper(change)
        with open_file(self._world, change.target) as descriptor:
            if hash_open(descriptor) != change.content_hash:
                raise ActError(f"{shown(change.target)}: is not the file that was put away, so it stays")
        # The word first: a stop between the two leaves a file that nobody misses, not a row that promises one.
        purged = self._journal.set_purged(change.id)
        remove_quarantined(self._world.top_of(change.target), change.target)
        return purged

    def _require_keeper(self, change: Change) -> None:
        wanted = change.keeper_hash or change.content_hash
        for file in self._living(wanted):
            try:
                with open_file(self._world, file.path) as descriptor:
                    if hash_open(descriptor) == wanted:
                        return
            except (ActError, OSError, LookupError):
                continue
        raise ActError(
            f"{shown(change.target or change.source)}: the photo it was a copy of is not there any more, so it stays; "
            f"`pictrace undo {change.id}` puts it back"
        )


def manifest_entries(manifest: Path) -> Iterator[dict[str, str]]:
    """Yield what lies in quarantine by its manifest: put away, and not restored since; half a last line is left out."""
    inside: dict[str, dict[str, str]] = {}
    for line in manifest.read_bytes().splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if not isinstance(entry, dict) or not {"name", "from", "sha256"} <= set(entry):
            continue
        if entry.get("event") == "quarantined":
            inside[entry["name"]] = entry
        else:
            inside.pop(entry.get("name", ""), None)
    yield from inside.values()


def restore_from_manifest(root: Path, folder: Path, *, wall_clock: Callable[[], float]) -> list[Restored]:
    """Bring everything in a quarantine folder home to a root, by the manifest alone.

    Never overwrites: where the old place is taken, the file stays in quarantine and the reason is told.

    Raises:
        ActError: the folder has no manifest.
    """
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise ActError(f"{shown(manifest)} is not there: expected the manifest of a quarantine folder")
    results = []
    for entry in manifest_entries(manifest):
        inside = folder / os.fsdecode(entry["name"].encode("utf-8", "surrogateescape"))
        home = root / os.fsdecode(entry["from"].encode("utf-8", "surrogateescape"))
        error = None
        try:
            _bring_home(root, folder, inside, home)
            line = {**entry, "event": "restored", "at": round(wall_clock(), 3)}
            append_line(folder, manifest, json.dumps(line).encode("ascii"))
        except (OSError, ActError, ValueError) as problem:
            error = str(problem)
        results.append(Restored(inside=inside, home=home, error=error))
    return results


def _bring_home(root: Path, folder: Path, inside: Path, home: Path) -> None:
    if ".." in home.parts or ".." in inside.parts:
        raise ActError(f"{shown(home)}: the manifest names a place outside the root")
    make_folder(root, home.parent)
    with open_folder(folder, inside.parent) as source, open_folder(root, home.parent) as target:
        ends = Ends(source_folder=source, source=inside.name, target_folder=target, target=home.name)
        try:
            move_file(ends, _no_checkpoint)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _copy_home(inside, ends)


def _copy_home(inside: Path, ends: Ends) -> None:
    """Bring a file home to another file system; a stop in between leaves it in quarantine, and may leave a copy."""
    descriptor = os.open(ends.source, FILE_FLAGS, dir_fd=ends.source_folder)
    try:
        temporary = f".pictrace-{secrets.token_hex(8)}.tmp"
        copy_whole(inside, descriptor, ends.target_folder, temporary, hash_open(descriptor), _no_checkpoint)
    finally:
        os.close(descriptor)
    try:
        rename_noreplace(replace(ends, source_folder=ends.target_folder, source=temporary))
    except OSError:
        remove_named(ends.target_folder, temporary)
        raise
    os.fsync(ends.target_folder)
    remove_named(ends.source_folder, ends.source)
    os.fsync(ends.source_folder)


def _no_checkpoint(_: str) -> None:
    """Stop nowhere: without a journal nothing is taken up again."""
