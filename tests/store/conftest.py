"""Values for the tests of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pictrace.model import (
    Change,
    ChangeKind,
    ChangeState,
    Clock,
    Fingerprint,
    Metadata,
    Photo,
    PhotoFile,
    PhotoState,
    Role,
    RootInfo,
    StatKey,
)
from pictrace.store import Index, Journal

PICTURES = Path("/srv/Pictures")


def a_key(ino: int = 7, **changed: int) -> StatKey:
    return StatKey(**{"dev": 1, "ino": ino, "size_bytes": 100, "mtime_ns": 10, "ctime_ns": 20, **changed})


def a_root(identity: str = "aa11", path: Path = PICTURES, **changed: Any) -> RootInfo:
    values = {"role": Role.LIBRARY, "dev": 1, "ino": 2, "filesystem": "ext4", **changed}
    return RootInfo(identity=identity, path=path, **values)


def a_photo(content_hash: bytes = b"h1", **changed: Any) -> Photo:
    values: dict[str, Any] = {
        "size_bytes": 100,
        "state": PhotoState.DECODED,
        "metadata": Metadata(
            width_pixels=40, height_pixels=30, format="jpeg", camera="Ünï", captured_at="2024-05-06T07:08:09"
        ),
        "fingerprint": Fingerprint(
            phashes=bytes(range(64)),
            keypoints=b"k\0p",
            descriptors=b"d\xff",
            detail=0.5,
            versions={"phash": 1, "orb": 2},
        ),
        **changed,
    }
    return Photo(content_hash=content_hash, **values)


def a_change(**changed: Any) -> Change:
    values: dict[str, Any] = {
        "id": 0,
        "kind": ChangeKind.QUARANTINE,
        "state": ChangeState.PLANNED,
        "root": "aa11",
        "source": PICTURES / "new.jpg",
        "target": PICTURES / ".pictrace/quarantine/1-new.jpg",
        "content_hash": b"h1",
        "key": a_key(),
        "keeper": PICTURES / "old.jpg",
        "keeper_hash": b"h2",
        "batch": "b1",
        "made_at": 5.0,
        **changed,
    }
    return Change(**values)


class WallClock:
    """A wall clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
def index(tmp_path: Path, clock: WallClock) -> Iterator[Index]:
    with Index.open(tmp_path, wall_clock=clock) as index:
        index.roots.put_root(a_root())
        yield index


@pytest.fixture
def journal(tmp_path: Path, clock: WallClock) -> Iterator[Journal]:
    with Journal.open(tmp_path, clock=Clock(wall=clock)) as journal:
        yield journal


@pytest.fixture
def put(index: Index) -> Callable[..., Any]:
    """Return a function that puts a file: ``put("a.jpg", b"h1")``."""

    def put_file(name: str, content_hash: bytes = b"h1", *, key: StatKey | None = None, **changed: Any) -> Any:
        values = {"root": "aa11", "first_seen": 1.0, "is_arrival": False, **changed}
        return index.files.put_file(path=PICTURES / name, key=key or a_key(), content_hash=content_hash, **values)

    return put_file


@pytest.fixture
def values() -> Any:
    """Return the makers of values, for test modules: ``values.change(...)``."""

    class Values:
        change = staticmethod(a_change)
        key = staticmethod(a_key)
        photo = staticmethod(a_photo)
        root = staticmethod(a_root)
        pictures = PICTURES

    return Values


@pytest.fixture
def look_through() -> Callable[..., list[PhotoFile]]:
    """Return what stands in for a scan: ``look_through(index, seen_paths, now=0)``, all of them unchanged."""

    def look(index: Index, seen: set[Path], *, now: float, root: str = "aa11") -> list[PhotoFile]:
        names = {bytes(path.relative_to(PICTURES)) for path in seen}
        known = list(index.files.in_order(root))
        missed = [row.name for row in known if row.name not in names]
        found = [row.name for row in known if row.name in names and not row.is_there]
        return index.files.note_scan(root, missed=missed, found=found, now=now)

    return look
