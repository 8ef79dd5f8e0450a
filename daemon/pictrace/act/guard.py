"""Proves, immediately before a photo is moved, that it is the planned one and that its keeper lives."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pictrace.act.changes import open_folder
from pictrace.act.world import World
from pictrace.config.places import OWN_FOLDER
from pictrace.errors import ActError, shown
from pictrace.model import Change, ChangeKind, Role, RootInfo, RootState, StatKey
from pictrace.store import Journal

_BLOCK_BYTES = 1024 * 1024
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@contextmanager
def open_file(world: World, path: Path) -> Iterator[int]:
    """Give a descriptor of a regular file, no link followed on the way from its root.

    Raises:
        ActError: nothing is there, or no regular file.
    """
    with open_folder(world.top_of(path), path.parent) as folder:
        try:
            descriptor = os.open(path.name, _FILE, dir_fd=folder)
        except OSError as error:
            raise ActError(f"{shown(path)}: cannot be opened: {error.strerror}", errno=error.errno) from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ActError(f"{shown(path)}: expected a regular file, found something else")
        yield descriptor
    finally:
        os.close(descriptor)


def hash_open(descriptor: int) -> bytes:
    """Return the SHA-256 of an open file."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    digest = hashlib.sha256()
    while block := os.read(descriptor, _BLOCK_BYTES):
        digest.update(block)
    return digest.digest()


@contextmanager
def guarded(change: Change, world: World, journal: Journal) -> Iterator[int]:
    """Give the descriptor of the file to be moved once everything a change relies on is proved; both files stay open.

    Raises:
        ActError: says what does not hold; nothing was changed.
    """
    require_usable(world, change.source)
    with open_file(world, change.source) as victim:
        status = os.fstat(victim)
        if change.key is None or StatKey.of(status) != change.key:
            raise ActError(f"{shown(change.source)}: changed since it was judged; it will be judged again")
        # Some file systems reuse inode numbers and keep coarse times: an equal stat key alone proves no content.
        if hash_open(victim) != change.content_hash or StatKey.of(os.fstat(victim)) != change.key:
            raise ActError(f"{shown(change.source)}: does not hold the photo that was judged")
        if change.keeper is None:
            if not change.details.get("companion"):
                raise ActError(f"{shown(change.source)}: no keeper is named, so it stays")
            yield victim
            return
        _require_free(change, journal)
        with living_keeper(world, change.keeper, change.keeper_hash, victim=change.source, status=status):
            yield victim


@contextmanager
def living_keeper(
    world: World, keeper: Path, content_hash: bytes | None, *, victim: Path, status: os.stat_result
) -> Iterator[None]:
    """Hold a keeper open that was read just now and found to be the photo that stays.

    Args:
        world: the roots.
        keeper: where it is.
        content_hash: what it has to hold.
        victim: the file that goes because of it.
        status: of that open file.

    Raises:
        ActError: it is not there, is not what it was, may be away tomorrow, or is the victim under another name.
    """
    require_usable(world, keeper, to_act=False)
    root = world.root_of(keeper)
    if root is None or root.role is Role.ARCHIVE:
        raise ActError(f"{shown(keeper)}: an archive may be away tomorrow, so it keeps nothing")
    if OWN_FOLDER in keeper.relative_to(root.path).parts or world.is_in_trash(keeper):
        raise ActError(f"{shown(keeper)}: lies in quarantine or in the trash, so it keeps nothing")
    if os.path.realpath(keeper) == os.path.realpath(victim):
        raise ActError(f"{shown(victim)}: is the keeper itself under another name")
    with open_file(world, keeper) as descriptor:
        _require_own_mount(root, keeper)
        before = os.fstat(descriptor)
        if is_one_file(before, status):
            raise ActError(f"{shown(victim)}: is the same file as its keeper (a hard link, or mounted twice)")
        if hash_open(descriptor) != content_hash:
            raise ActError(f"{shown(keeper)}: the keeper is not the photo it was, so nothing is moved")
        if not _is_still(keeper, StatKey.of(before), descriptor):
            raise ActError(f"{shown(keeper)}: the keeper changed while it was read, so nothing is moved")
        yield


def is_one_file(first: os.stat_result, second: os.stat_result) -> bool:
    """Return whether two open files are one: two names of it, or one share that is mounted at two places.

    A share that is mounted twice has two device numbers. Nobody can set a file's ctime, so two files of one inode
    number, size, mtime and ctime to the nanosecond are one.
    """
    if first.st_ino != second.st_ino:
        return False
    times = [(one.st_size, one.st_mtime_ns, one.st_ctime_ns) for one in (first, second)]
    return first.st_dev == second.st_dev or times[0] == times[1]


def _require_own_mount(root: RootInfo, path: Path) -> None:
    """Refuse a file on something that was mounted inside a root: it may go again, and no scan looks into it.

    Folders are compared: on an overlay, files may have another device number than the folder they lie in.
    """
    if path.parent.stat().st_dev != root.path.stat().st_dev:
        raise ActError(f"{shown(path)}: lies on another file system that is mounted inside its root")


def _is_still(path: Path, key: StatKey, descriptor: int) -> bool:
    try:
        return StatKey.of(os.fstat(descriptor)) == key == StatKey.of(path.lstat())
    except OSError:
        return False


def _require_free(change: Change, journal: Journal) -> None:
    """Refuse to move a photo that others in quarantine lean on, unless an equal copy of it stays."""
    if change.keeper_hash == change.content_hash:
        return
    leaning = leaning_on(change.content_hash, journal)
    if leaning:
        raise ActError(
            f"{shown(change.source)}: is the keeper of change {leaning[0].id}, which lies in {place_of(leaning[0])}; "
            "it stays"
        )


def leaning_on(content_hash: bytes, journal: Journal) -> list[Change]:
    """Return the changes whose files lie put away and rely on this content as the one that stays."""
    return [
        change
        for change in journal.kept_for(content_hash)
        # Who empties the trash does not tell us.
        if change.kind is not ChangeKind.TRASH or (change.target is not None and os.path.lexists(change.target))
    ]


def place_of(change: Change) -> str:
    """Return the word for where a change put its file away."""
    return "the trash" if change.kind is ChangeKind.TRASH else "quarantine"


def require_usable(world: World, path: Path, *, to_act: bool = True) -> None:
    """Refuse to rely on a path whose root cannot be used now, or to act in one where nothing may change.

    Raises:
        ActError: names the root and its state.
    """
    root = world.root_of(path)
    if root is None:
        raise ActError(f"{shown(path)}: lies in no open root")
    state = world.state_of(root.identity)
    if state is not RootState.USABLE:
        raise ActError(f"{shown(path)}: its root {shown(root.path)} is {state.value}")
    if to_act and not root.role.may_act:
        raise ActError(f"{shown(path)}: its root is {root.role.value}, where nothing is changed")
