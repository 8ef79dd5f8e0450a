"""What acting needs to know of the world, handed in by the pipeline."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pictrace.model import Metadata, RootInfo, RootState

PRIVATE_FOLDER = ".pictrace"


def _no_checkpoint(_: str) -> None:
    """Stand in for the tests' hook."""


def _no_metadata(_: bytes) -> Metadata | None:
    """Stand in for an index: nothing is known."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The roots, where quarantine lies, and the clocks.

    ``root_of`` names the open root that holds a path. ``state_of`` looks up afresh whether a root can be used now.
    ``quarantine`` is None where it lies beside the photos. ``metadata_of`` gives what is known of a photo by its
    content hash. ``checkpoint`` is called with a word before and after every
    write: tests stop the process there.
    """

    root_of: Callable[[Path], RootInfo | None]
    state_of: Callable[[str], RootState]
    wall_clock: Callable[[], float]
    quarantine: Path | None = None
    monotonic: Callable[[], float] = time.monotonic
    metadata_of: Callable[[bytes], Metadata | None] = _no_metadata
    checkpoint: Callable[[str], None] = _no_checkpoint

    def quarantine_of(self, root: RootInfo) -> Path:
        """Return the quarantine folder for a root's photos."""
        if self.quarantine is not None:
            return self.quarantine / root.identity
        return root.path / PRIVATE_FOLDER / "quarantine"

    def top_of(self, path: Path) -> Path:
        """Return the folder from which a path is reached step by step: its root, or the quarantine folder.

        Raises:
            LookupError: PicTrace has nothing to do there.
        """
        if self.quarantine is not None and path.is_relative_to(self.quarantine):
            return self.quarantine
        root = self.root_of(path)
        if root is None:
            raise LookupError(f"{path} lies in no open root")
        return root.path
