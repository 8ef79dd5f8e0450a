"""The roots, and which file lies in which."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from pictrace.config import Config, RootConfig
from pictrace.errors import BusyError, shown
from pictrace.model import PhotoFile, RootInfo, RootState
from pictrace.model.file import StatKey
from pictrace.store import Index
from pictrace.watch import check_root, open_root

log = logging.getLogger(__name__)

MarkerWriter = Callable[[Path, str], bool]


def _leave_unmarked(_: Path, __: str) -> bool:
    """Stand in for the marker writer where nothing may be touched."""
    return False


class Library:
    """Knows every root, which of them can be used now, and what is still there.

    Args:
        index: remembers the roots.
        write_marker: puts the marker file in a root; None where nothing in a watched folder may be touched.
    """

    def __init__(self, index: Index, *, write_marker: MarkerWriter | None = None) -> None:
        self._index = index
        self._write_marker = write_marker or _leave_unmarked
        self.roots: tuple[RootInfo, ...] = ()
        self.away: tuple[tuple[RootConfig, str], ...] = ()

    @classmethod
    def known(cls, index: Index) -> Library:
        """Return the library as it was last known, for commands that look but do not touch."""
        library = cls(index)
        library.roots = _innermost_first(index.roots.roots())
        return library

    def reopen(self, config: Config) -> None:
        """Open the roots that a config names; those that are away are listed in `away` and tried again later."""
        roots: list[RootInfo] = []
        away: list[tuple[RootConfig, str]] = []
        for root_config in config.roots:
            try:
                info = self._open(root_config, {root.identity: root.path for root in roots})
                roots.append(info)
            except (BusyError, OSError) as problem:
                if (root_config, str(problem)) not in self.away:
                    log.warning("left out: %s", problem)
                away.append((root_config, str(problem)))
        self.roots = _innermost_first(roots)
        self.away = tuple(away)

    def _open(self, root_config: RootConfig, taken: dict[str, Path]) -> RootInfo:
        known = {info.path: info for info in self._index.roots.roots()}
        info = open_root(
            root_config,
            known.get(root_config.path),
            new_identity=lambda: uuid.uuid4().hex,
            write_marker=self._write_marker,
        )
        if info.identity in taken:
            raise BusyError(
                f"{shown(root_config.path)} carries the marker of {shown(taken[info.identity])}: a folder copied "
                "with its `.pictrace`. Remove `.pictrace/root-id` from the copy"
            )
        stored = self._index.roots.root(info.identity)
        info = replace(info, is_indexed=stored is not None and stored.is_indexed)
        self._index.roots.put_root(info)
        return info

    def root_of(self, path: Path) -> RootInfo | None:
        """Return the innermost root that holds a path."""
        return next((root for root in self.roots if path.is_relative_to(root.path)), None)

    def root(self, identity: str) -> RootInfo | None:
        """Return an open root by its identity."""
        return next((root for root in self.roots if root.identity == identity), None)

    def state(self, identity: str) -> RootState:
        """Return whether a root can be used now: looked up afresh each time, because a disk can go at any moment."""
        root = self.root(identity)
        return RootState.MISSING if root is None else check_root(root)

    def set_indexed(self, root: RootInfo) -> None:
        """Remember that a root's index was complete once: what comes later is an arrival."""
        changed = replace(root, is_indexed=True)
        self._index.roots.put_root(changed)
        self.roots = tuple(changed if one.identity == root.identity else one for one in self.roots)

    def nested_in(self, root: RootInfo) -> tuple[Path, ...]:
        """Return the roots inside a root: each is looked after on its own."""
        return tuple(
            other.path for other in self.roots if other.path != root.path and other.path.is_relative_to(root.path)
        )

    def living(self, content_hash: bytes) -> list[PhotoFile]:
        """Return the files of a photo that are there now, unchanged, the earliest known first."""
        return [row for row in self._index.files.files_of(content_hash) if self.is_living(row)]

    def is_living(self, row: PhotoFile) -> bool:
        """Return whether a file is there now with the content that its row says."""
        return self.root_of(row.path) is not None and lstat_key(row.path) == row.key

    def is_gone(self, row: PhotoFile) -> bool:
        """Return whether nothing is at a file's path, in a root that can be used: an unmounted disk is not gone."""
        try:
            row.path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return self.state(row.root) is RootState.USABLE
        except OSError:
            return False
        return False


def _innermost_first(roots: Iterable[RootInfo]) -> tuple[RootInfo, ...]:
    return tuple(sorted(roots, key=lambda root: len(root.path.parts), reverse=True))


def lstat_key(path: Path) -> StatKey | None:
    """Return the stat key of what is at a path, links not followed; None where nothing can be seen."""
    try:
        return StatKey.of(path.lstat())
    except OSError:
        return None


def require_roots(library: Library) -> None:
    """Refuse to work without a single root.

    Raises:
        BusyError: no root can be used now; names each with the reason.
    """
    if library.roots:
        return
    reasons: Iterable[str] = (f"{shown(root.path)}: {reason}" for root, reason in library.away)
    raise BusyError("; ".join(reasons) or "no folder to watch: name one, or write `roots:` in a config file")
