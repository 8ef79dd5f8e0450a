"""Holds what lies in a root against what the index knows of it: both come in the order of their names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from enum import Enum, auto
from typing import NamedTuple

from pictrace.store import KnownFile


class Difference(Enum):
    """How a file differs from what is known of it."""

    CHANGED = auto()  # new, or its stat key is another
    FOUND = auto()  # as it was, and an earlier scan missed it
    MISSED = auto()  # known, and not seen


class Differing(NamedTuple):
    """A file that differs; ``status`` is None for one that was not seen."""

    difference: Difference
    name: bytes
    status: os.stat_result | None


def differences(seen: Iterable[tuple[bytes, os.stat_result]], known: Iterator[KnownFile]) -> Iterator[Differing]:
    """Yield every file that is not as it is known to be.

    Args:
        seen: what lies in a root, by its names relative to it, in the order of their bytes.
        known: what the index knows of the root, in the same order.
    """
    row = next(known, None)
    for name, status in seen:
        while row is not None and row.name < name:
            yield Differing(Difference.MISSED, row.name, None)
            row = next(known, None)
        if row is None or row.name != name or row.key != _key(status):
            yield Differing(Difference.CHANGED, name, status)
        elif not row.is_there:
            yield Differing(Difference.FOUND, name, status)
        if row is not None and row.name == name:
            row = next(known, None)
    while row is not None:
        yield Differing(Difference.MISSED, row.name, None)
        row = next(known, None)


def _key(status: os.stat_result) -> tuple[int, ...]:
    """Return the fields of a stat key in their order; a StatKey for each of 100,000 files would be slow."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
