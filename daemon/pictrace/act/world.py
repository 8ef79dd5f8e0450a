"""What acting needs to know of the world, handed in by the pipeline."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pictrace.act.trash import Trash
from pictrace.config.places import quarantine_beside
from pictrace.model import Metadata, RootInfo, RootState


def _unheard(_: str) -> None:
    """Stand in for somebody who is told."""


def _patient() -> bool:
    """Stand in for somebody who may have no more time."""
    return True


def _no_metadata(_: bytes) -> Metadata | None:
    """Stand in for an index: nothing is known."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The roots, where quarantine lies, and the clocks.

    ``root_of`` names the open root that holds a path. ``state_of`` looks up afresh whether a root can be used now.
    ``quarantine`` is None where it lies beside the photos. ``trash`` is None where nobody has one. ``announce`` is
    told what a rule wants said outside the log. ``go_on`` is asked again and again while a program runs: whoever owns
    the loop does there what cannot wait, and says no where the program is to be ended. ``metadata_of`` gives what
    is known of a photo by its content hash. ``checkpoint`` is called with a word before and after every write: tests
    stop the process there.
    """

    root_of: Callable[[Path], RootInfo | None]
    state_of: Callable[[str], RootState]
    wall_clock: Callable[[], float]
    quarantine: Path | None = None
    trash: Trash | None = None
    monotonic: Callable[[], float] = time.monotonic
    metadata_of: Callable[[bytes], Metadata | None] = _no_metadata
    announce: Callable[[str], None] = _unheard
    go_on: Callable[[], bool] = _patient
    checkpoint: Callable[[str], None] = _unheard

    def quarantine_of(self, root: RootInfo) -> Path:
        """Return the quarantine folder for a root's photos."""
        if self.quarantine is not None:
            return self.quarantine / root.identity
        return quarantine_beside(root.path)

    def trash_of(self, root: RootInfo) -> Path | None:
        """Return the trash for a root's photos, None where there is none, or where that cannot be told now."""
        try:
            return None if self.trash is None else self.trash.folder_for(root.path)
        except OSError:
            return None

    def top_of(self, path: Path) -> Path:
        """Return the folder from which a path is reached step by step: its root, the quarantine, or where a trash lies.

        Raises:
            LookupError: PicTrace has nothing to do there.
        """
        if self.quarantine is not None and path.is_relative_to(self.quarantine):
            return self.quarantine
        bin_top = None if self.trash is None else self.trash.top_of(path)
        if bin_top is not None:
            return bin_top
        root = self.root_of(path)
        if root is None:
            raise LookupError(f"{path} lies in no open root")
        return root.path

    def is_in_trash(self, path: Path) -> bool:
        """Return whether a path is that of a file in a trash."""
        return self.trash is not None and self.trash.top_of(path) is not None
