"""Bringing everything in a quarantine folder home by its manifest alone, with both databases lost."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pictrace.act.actions.base import SIDECAR_SUFFIX
from pictrace.act.changes import append_line, copy_whole, make_folder, move_file, open_folder, remove_named
from pictrace.act.changes.renaming import Ends
from pictrace.act.guard import hash_open
from pictrace.act.ledger import MANIFEST
from pictrace.act.reasons import reason_of
from pictrace.errors import ActError, shown

_NEEDED = ("name", "from", "sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A file that a manifest names: where it lies, where it came from, and what came of bringing it home."""

    inside: Path
    home: Path
    error: str | None


def manifest_entries(manifest: Path) -> Iterator[dict[str, str]]:
    """Yield what lies in quarantine by its manifest: put away, and not restored since; half a last line is left out."""
    inside: dict[str, dict[str, str]] = {}
    for line in manifest.read_bytes().splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in _NEEDED):
            continue
        if entry.get("event") == "quarantined":
            inside[entry["name"]] = entry
        else:
            inside.pop(entry.get("name", ""), None)
    yield from inside.values()


def restore_from_manifest(root: Path, folder: Path, *, wall_clock: Callable[[], float]) -> list[Restored]:
    """Bring everything in a quarantine folder home to a root, by the manifest alone.

    May be run as often as one likes: what a stop left half-way is finished. Never overwrites: where the old place is
    taken, the file stays in quarantine and the reason is told.

    Raises:
        ActError: the folder has no manifest.
    """
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise ActError(f"{shown(manifest)} is not there: expected the manifest of a quarantine folder")
    entries = [_entry(root, folder, entry) for entry in manifest_entries(manifest)]
    # A photo before its companions: none comes home without it.
    units: dict[Path, list[_Entry]] = {}
    for entry in entries:
        units.setdefault(entry.photo, []).append(entry)
    refused: dict[Path, str] = {}
    results = []
    for entry in sorted(entries, key=lambda one: one.is_companion):
        try:
            _require_whole_unit(entry, units[entry.photo], refused)
            _bring_home(root, folder, entry)
            line = {**entry.line, "event": "restored", "at": round(wall_clock(), 3)}
            append_line(folder, manifest, json.dumps(line).encode("ascii"))
        except (OSError, ActError, ValueError) as problem:
            refused[entry.inside] = reason_of(problem)
        results.append(Restored(inside=entry.inside, home=entry.home, error=refused.get(entry.inside)))
    return results


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A line of the manifest, with what its names come to here; ``photo``: where the photo it belongs to lies."""

    line: dict[str, str]
    inside: Path
    home: Path
    photo: Path

    @property
    def is_companion(self) -> bool:
        """Whether the file only belongs to a photo."""
        return self.photo != self.inside

    @property
    def content_hash(self) -> bytes:
        """The SHA-256 of the file that the line is about, 32 bytes."""
        return bytes.fromhex(self.line["sha256"])


def _entry(root: Path, folder: Path, line: dict[str, str]) -> _Entry:
    inside, home = _path(folder, line["name"]), _path(root, line["from"])
    photo = line.get("photo")
    if isinstance(photo, str):
        return _Entry(line=line, inside=inside, home=home, photo=_path(folder, photo))
    # Early manifests know sidecars alone, by their name.
    is_sidecar = home.suffix == SIDECAR_SUFFIX
    return _Entry(line=line, inside=inside, home=home, photo=inside.with_suffix("") if is_sidecar else inside)


def _path(folder: Path, name: str) -> Path:
    return folder / os.fsdecode(name.encode("utf-8", "surrogateescape"))


def _require_whole_unit(entry: _Entry, unit: list[_Entry], refused: dict[Path, str]) -> None:
    """Refuse a photo where the place of one of its companions is taken, and a companion whose photo stays.

    Raises:
        ActError: says which.
    """
    if entry.is_companion and entry.photo in refused:
        raise ActError(f"{shown(entry.home)}: the photo it belongs to stays in quarantine, and so does this")
    companions = [] if entry.is_companion else [one for one in unit if one is not entry]
    for one in companions:
        if os.path.lexists(one.home) and os.path.lexists(one.inside):
            raise ActError(f"{shown(entry.home)}: {shown(one.home)} is there already, so all of it stays in quarantine")


def _bring_home(root: Path, folder: Path, entry: _Entry) -> None:
    home, inside = entry.home, entry.inside
    if ".." in home.parts or ".." in inside.parts:
        raise ActError(f"{shown(home)}: the manifest names a place outside the root")
    make_folder(root, home.parent)
    with open_folder(folder, inside.parent) as source, open_folder(root, home.parent) as target:
        ends = Ends(source_folder=source, source=inside.name, target_folder=target, target=home.name)
        if not _exists(source, inside.name) and _holds(target, home.name, entry.content_hash):
            return  # a stop came before the line that says so
        try:
            move_file(ends, lambda _: None)
        except FileExistsError:
            # A stop came between a second name and the removal of the first.
            if not _is_one_file(ends):
                raise
            os.fsync(target)
            remove_named(source, inside.name)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _copy_home(inside, ends, entry.content_hash)


def _is_one_file(ends: Ends) -> bool:
    first = os.stat(ends.source, dir_fd=ends.source_folder, follow_symlinks=False)
    second = os.stat(ends.target, dir_fd=ends.target_folder, follow_symlinks=False)
    return os.path.samestat(first, second)


def _copy_home(inside: Path, ends: Ends, content_hash: bytes) -> None:
    """Copy to another file system, and take the old file away once its copy is whole, named and on the disk."""
    folder, temporary = ends.target_folder, f".pictrace-{content_hash.hex()[:16]}.tmp"
    descriptor = os.open(ends.source, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=ends.source_folder)
    try:
        if not _holds(folder, ends.target, content_hash):
            # No journal knows the name: it comes from the content, so that the next run finds what a stop left.
            if _exists(folder, temporary):
                remove_named(folder, temporary)
            copy_whole(inside, descriptor, folder, temporary, content_hash, lambda _: None)
            _name(folder, temporary, ends.target)
        remove_named(ends.source_folder, ends.source)
    finally:
        os.close(descriptor)


def _name(folder: int, temporary: str, name: str) -> None:
    try:
        move_file(Ends(source_folder=folder, source=temporary, target_folder=folder, target=name), lambda _: None)
    except (OSError, ActError):
        if _exists(folder, temporary):
            remove_named(folder, temporary)
        raise


def _exists(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _holds(folder: int, name: str, content_hash: bytes) -> bool:
    """Return whether a file holds a content, and has it on the disk."""
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError:
        return False
    try:
        is_equal = hash_open(descriptor) == content_hash
        if is_equal:
            os.fsync(descriptor)
            os.fsync(folder)
        return is_equal
    finally:
        os.close(descriptor)
