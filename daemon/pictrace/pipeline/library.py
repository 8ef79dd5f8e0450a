"""The roots, and which file lies in which."""

from __future__ import annotations

import errno
import logging
import os
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from pictrace.config import Config, RootConfig
from pictrace.config.places import OWN_FOLDER
from pictrace.errors import BusyError, shown
from pictrace.model import Metadata, PhotoFile, Role, RootInfo, RootState
from pictrace.model.file import StatKey
from pictrace.patience import StalledError, asker_of
from pictrace.store import Index
from pictrace.watch import check_root, marker_claim, mount_of, open_root
from pictrace.watch.roots import MARKER

log = logging.getLogger(__name__)

T = TypeVar("T")
MarkerWriter = Callable[[Path, str], bool]


def _leave_unmarked(_: Path, __: str) -> bool:
    """Stand in for the marker writer where nothing may be touched."""
    return False


class Library:
    """Knows every root, which of them can be used now, and what is still there.

    A root's state, and whatever lies on a share, is asked for with a limit on patience: one that hangs holds up nobody.

    Args:
        index: remembers the roots.
        write_marker: puts the marker file in a root; None where nothing in a watched folder may be touched.
        wall_clock: seconds since 1970; labels since when a root is away.
    """

    def __init__(
        self,
        index: Index,
        *,
        write_marker: MarkerWriter | None = None,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._index = index
        self._wall_clock = wall_clock
        self._write_marker = write_marker or _leave_unmarked
        self.roots: tuple[RootInfo, ...] = ()
        self.away: tuple[tuple[RootConfig, str], ...] = ()
        self._shares: dict[str, bool] = {}

    @classmethod
    def known(cls, index: Index) -> Library:
        """Return the library as it was last known, for commands that look but do not touch."""
        library = cls(index)
        library.roots = _innermost_first(index.roots.roots())
        return library

    def reopen(self, config: Config) -> None:
        """Open the roots that a config names; those that are away are listed in `away` and tried again later.

        Raises:
            StoreError: they cannot be written down; the roots are those from before.
        """
        self._shares.clear()
        self._open_each(config.roots, ())

    def reopen_away(self) -> tuple[RootInfo, ...]:
        """Try the roots again that were away; returns those that are there now."""
        before = {root.identity for root in self.roots}
        self._open_each([root_config for root_config, _ in self.away], self.roots)
        return tuple(root for root in self.roots if root.identity not in before)

    def _open_each(self, root_configs: Iterable[RootConfig], opened: Iterable[RootInfo]) -> None:
        roots = list(opened)
        away: list[tuple[RootConfig, str]] = []
        for root_config in root_configs:
            try:
                info = self._open(root_config, {root.identity: root.path for root in roots})
                roots.append(info)
                self._index.roots.note_there(info.identity)
            except (BusyError, OSError) as problem:
                reason = _reason(root_config, problem)
                if (root_config, reason) not in self.away:
                    log.warning("left out: %s", reason)
                away.append((root_config, reason))
                self._note_away(root_config.path)
        self.roots = _innermost_first(roots)
        self.away = tuple(away)

    def _open(self, root_config: RootConfig, taken: dict[str, Path]) -> RootInfo:
        known = {info.path: info for info in self._index.roots.roots()}
        look = partial(
            open_root,
            root_config,
            known.get(root_config.path),
            new_identity=lambda: uuid.uuid4().hex,
            write_marker=self._mark,
        )
        info = asker_of(root_config.path).ask(look)
        if info.identity in taken:
            raise BusyError(
                f"{shown(root_config.path)} carries the marker of {shown(taken[info.identity])}: a folder copied "
                f"with its `{OWN_FOLDER}`. Remove `{MARKER}` from the copy"
            )
        stored = self._index.roots.root(info.identity)
        info = replace(info, is_indexed=stored is not None and stored.is_indexed)
        self._index.roots.put_root(info)
        return info

    def _note_away(self, path: Path) -> None:
        for known in self._index.roots.roots():
            if known.path == path:
                self._index.roots.note_away(known.identity, self._wall_clock())

    def _mark(self, root: Path, identity: str) -> bool:
        """Put the marker in a root that no other program lays claim to; the index knows it without one as well."""
        claim = marker_claim(root)
        if claim is not None:
            log.info("%s: no marker written: %s", shown(root), claim.reason)
            return False
        return self._write_marker(root, identity)

    def root_of(self, path: Path) -> RootInfo | None:
        """Return the innermost root that holds a path; None where that one is away, whatever root it lies in."""
        root = next((root for root in self.roots if lies_in(path, root.path)), None)
        return None if root is None or self._is_away_within(root, path) else root

    def _is_away_within(self, root: RootInfo, path: Path) -> bool:
        """Return whether a path lies in a root inside this one that is away: what is seen there is somebody else's."""
        return any(lies_in(path, nested.path) and lies_in(nested.path, root.path) for nested, _ in self.away)

    def root(self, identity: str) -> RootInfo | None:
        """Return an open root by its identity."""
        return next((root for root in self.roots if root.identity == identity), None)

    def state(self, identity: str) -> RootState:
        """Return whether a root can be used now: looked up afresh each time, because a disk can go at any moment."""
        root = self.root(identity)
        if root is None:
            return RootState.MISSING
        try:
            return asker_of(root.path).ask(partial(check_root, root))
        except StalledError:
            return RootState.STALLED

    def is_read_only(self, root: RootInfo) -> bool:
        """Return whether a root is mounted so that nothing in it can be changed.

        Raises:
            OSError: it does not answer.
        """
        return bool(asker_of(root.path).ask(partial(os.statvfs, root.path)).f_flag & os.ST_RDONLY)

    def lstat(self, path: Path) -> os.stat_result:
        """Return the status of what is at a path, links not followed.

        Raises:
            StalledError: its root's disk does not answer.
            OSError: nothing can be seen there; ENODEV where its root is away, which does not mean that it is gone.
        """
        return self.look(path, path.lstat)

    def look(self, path: Path, call: Callable[[], T]) -> T:
        """Return what a call gives that looks at a path, or beside it: with a limit on patience where it may hang.

        Raises:
            StalledError: its root's disk does not answer.
            OSError: ENODEV where its root is away; else whatever the call raises.
        """
        root = self.root_of(path)
        if root is None and any(path.is_relative_to(away.path) for away, _ in self.away):
            raise OSError(errno.ENODEV, "its root is away", str(path))
        return call() if root is None else self.ask(root, call)

    def ask(self, root: RootInfo, question: Callable[[], T]) -> T:
        """Return what a question about a root's disk comes to; a share is asked with a limit on patience.

        Raises:
            StalledError: it does not answer.
        """
        return asker_of(root.path).ask(question) if self._may_hang(root) else question()

    def _may_hang(self, root: RootInfo) -> bool:
        """Return whether a root lies on a share: a local disk that fails is told by the root's own check.

        Ten questions are asked about each photo that lands, and on a busy machine each costs 0.3 ms.
        """
        if root.identity not in self._shares:
            self._shares[root.identity] = mount_of(root.path).is_remote
        return self._shares[root.identity]

    def key_at(self, path: Path) -> StatKey | None:
        """Return the stat key of what is at a path, links not followed; None where nothing can be seen.

        Raises:
            StalledError: its root's disk does not answer.
        """
        try:
            return StatKey.of(self.lstat(path))
        except StalledError:
            raise
        except OSError:
            return None

    def set_indexed(self, root: RootInfo) -> None:
        """Remember that a root's index was complete once: what comes later is an arrival."""
        changed = replace(root, is_indexed=True)
        self._index.roots.put_root(changed)
        self.roots = tuple(changed if one.identity == root.identity else one for one in self.roots)

    def nested_in(self, root: RootInfo) -> tuple[Path, ...]:
        """Return the roots inside a root, those that are away as well: each is looked after on its own."""
        paths = [*(other.path for other in self.roots), *(away.path for away, _ in self.away)]
        return tuple(path for path in paths if path != root.path and path.is_relative_to(root.path))

    def living(self, content_hash: bytes) -> list[PhotoFile]:
        """Return the files of a photo that are there now, unchanged, the earliest known first."""
        return [row for row in self._index.files.files_of(content_hash) if self.is_living(row)]

    def archived(self, content_hash: bytes) -> list[PhotoFile]:
        """Return the files of a photo in archives that are away, the earliest known first."""
        return [row for row in self._index.files.files_of(content_hash) if self.archive_away(row) is not None]

    def archive_away(self, row: PhotoFile) -> RootInfo | None:
        """Return the archive that a file lies in where that is away; None for every other file."""
        root = self._index.roots.root(row.root)
        is_archive = root is not None and root.role is Role.ARCHIVE
        return root if root is not None and is_archive and self.is_away(root) else None

    def is_away(self, root: RootInfo) -> bool:
        """Return whether a root cannot be used now, be it open or only known."""
        try:
            return asker_of(root.path).ask(partial(check_root, root)) is not RootState.USABLE
        except StalledError:
            return True

    def has_archive_away(self) -> bool:
        """Return whether an archive is away."""
        return any(root.role is Role.ARCHIVE and self.is_away(root) for root in self._index.roots.roots())

    def metadata_of(self, content_hash: bytes) -> Metadata | None:
        """Return what a photo says of itself, None where that is not known."""
        return self._index.photos.metadata(content_hash)

    def is_living(self, row: PhotoFile) -> bool:
        """Return whether a file is there now with the content that its row says."""
        try:
            return self.root_of(row.path) is not None and self.key_at(row.path) == row.key
        except StalledError:
            return False

    def is_gone(self, row: PhotoFile) -> bool:
        """Return whether nothing is at a file's path, in a root that can be used: an unmounted disk is not gone."""
        try:
            self.lstat(row.path)
        except (FileNotFoundError, NotADirectoryError):
            return self.state(row.root) is RootState.USABLE
        except OSError:
            return False
        return False


def lies_in(path: Path, top: Path) -> bool:
    """Return whether a path is a folder or lies in it; both as the index writes them.

    ``Path.is_relative_to`` takes ten times as long, and is asked several times for each of thousands of findings.
    """
    return path == top or os.fspath(path).startswith(os.fspath(top).rstrip("/") + "/")


def _innermost_first(roots: Iterable[RootInfo]) -> tuple[RootInfo, ...]:
    return tuple(sorted(roots, key=lambda root: len(root.path.parts), reverse=True))


def _reason(root_config: RootConfig, problem: BusyError | OSError) -> str:
    if isinstance(problem, OSError):
        return f"{shown(root_config.path)} is away: {problem.strerror}"
    return str(problem)


def require_roots(library: Library) -> None:
    """Refuse to work without a single root.

    Raises:
        BusyError: no root can be used now; names each with the reason.
    """
    if not library.roots:
        reasons = (f"{shown(root.path)}: {reason}" for root, reason in library.away)
        raise BusyError("; ".join(reasons) or "no folder to watch: name one, or write `roots:` in a config file")
