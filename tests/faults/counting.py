"""What lies on the disk, counted by content: nothing is lost, nothing doubled, nothing left over."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .conftest import House  # type: ignore[import-not-found]

_OWN_NAMES = ("root-id", "manifest.jsonl")


class Inventory:
    """Every content that has to be in a house, library and quarantine together, and how often.

    Args:
        house: its library holds the photos, and its quarantine.
        elsewhere: folders that belong to it as well: a quarantine on another disk.
    """

    def __init__(self, house: House, *elsewhere: Path) -> None:
        self._tops = (house.library, *elsewhere)
        self._wanted = self._found()

    def land(self, path: Path, content: bytes) -> Path:
        """Write a file of which nothing may be lost."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.note(content)
        path.write_bytes(content)
        return path

    def note(self, *contents: bytes) -> None:
        """Take note of what lands in another way."""
        self._wanted.update(map(_digest, contents))

    def forget(self, content: bytes) -> None:
        """Take note that somebody else destroys one file with this content."""
        self._wanted[_digest(content)] -= 1

    def require_nothing_lost(self) -> None:
        """Look at any moment, in the middle of a move too: a photo may be there twice, but is there."""
        assert not self._wanted - self._found()

    def require_equal(self) -> None:
        """Look when nothing is under way: each content is there as often as it should be, and nothing else is."""
        found = self._found()

        assert (self._wanted - found, found - self._wanted) == (Counter(), Counter())

    def _found(self) -> Counter[str]:
        files = (path for top in self._tops for path in top.rglob("*") if path.is_file() and not path.is_symlink())
        return Counter(_digest(path.read_bytes()) for path in files if path.name not in _OWN_NAMES)


@contextmanager
def nothing_lost(house: House, *elsewhere: Path) -> Iterator[Inventory]:
    """Count what is there now, and again at the end with all that was said to land meanwhile."""
    inventory = Inventory(house, *elsewhere)
    yield inventory
    inventory.require_equal()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
