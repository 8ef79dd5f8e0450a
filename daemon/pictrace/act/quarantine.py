"""The quarantine as a place: what lies there, purging it, and bringing it home from its manifest alone."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pictrace.act.changes import append_line, make_folder, open_folder, remove_quarantined
from pictrace.act.changes.renaming import Ends, move_file
from pictrace.act.companions import is_companion, photo_of
from pictrace.act.guard import hash_open, open_file, require_usable
from pictrace.act.mover import MANIFEST
from pictrace.act.world import World
from pictrace.errors import ActError, shown
from pictrace.model import Change, ChangeState, PhotoFile
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
        if change.target is None:
            raise ActError(f"change {change.id} names no place in quarantine")
        require_usable(self._world, change.source)
        self._require_keeper(self._photo(change))
        with open_file(self._world, change.target) as descriptor:
            if hash_open(descriptor) != change.content_hash:
                raise ActError(f"{shown(change.target)}: is not the file that was put away, so it stays")
        # The word first: after a stop between the two, recovery finds the file and takes the word back.
        purged = self._journal.set_purged(change.id)
        self._world.checkpoint("purged written")
        remove_quarantined(self._world.top_of(change.target), change.target)
        return purged

    def _photo(self, change: Change) -> Change:
        """Return the change that moved the photo: a sidecar goes for good only where its photo may."""
        if not is_companion(change):
            return change
        photo = photo_of(change, self._journal)
        if photo is None or photo.state is not ChangeState.DONE:
            raise ActError(f"{shown(change.source)}: the photo of this sidecar is not in quarantine, so it stays")
        return photo

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
        move_file(
            Ends(source_folder=source, source=inside.name, target_folder=target, target=home.name), lambda _: None
        )
