"""Roots with real markers, on one file system or two, and an actor that can be disturbed at any of its words."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pictrace.act import Actor, Trash, World, write_marker
from pictrace.model import Certainty, Match, PhotoFile, Relation, Role, RootInfo, RootState, StatKey
from pictrace.store import Journal
from pictrace.watch import check_root

MATCH = Match(relation=Relation.RENDITION, certainty=Certainty.VERIFIED, similarity=0.99)


@dataclass
class Ground:
    """Three roots with real markers, and an actor; ``far``: where quarantine and the second root lie."""

    near: Path
    far: Path | None
    moment: str = ""
    spoil: Callable[[], None] | None = None
    roots: dict[str, RootInfo] = field(default_factory=dict)

    def __post_init__(self) -> None:
        second = (self.far or self.near) / "second"
        places = {"library": self.near / "library", "second": second, "archive": self.near / "archive"}
        for identity, path in places.items():
            path.mkdir(parents=True)
            write_marker(path, identity)
            status = path.stat()
            self.roots[identity] = RootInfo(
                identity=identity,
                path=path,
                role=Role.ARCHIVE if identity == "archive" else Role.LIBRARY,
                dev=status.st_dev,
                ino=status.st_ino,
                filesystem="test",
            )
        quarantine = None if self.far is None else self.far / "quarantine"
        if quarantine is not None:
            quarantine.mkdir()
        (self.near / "home").mkdir()
        state = self.near / "state"
        state.mkdir()
        self.journal = Journal.open(state)
        for root in self.roots.values():
            self.journal.put_root(root)
        world = World(
            root_of=lambda path: next((one for one in self.roots.values() if path.is_relative_to(one.path)), None),
            state_of=self._state_of,
            wall_clock=time.time,
            quarantine=quarantine,
            trash=Trash(home=self.near / "home/Trash", uid=0, mount_point=lambda _: self.near),
            checkpoint=self._checkpoint,
        )
        self.actor = Actor(world, self.journal)
        self.tops = [root.path for root in self.roots.values()] + ([quarantine] if quarantine else [])

    def _state_of(self, identity: str) -> RootState:
        return check_root(self.roots[identity])

    def _checkpoint(self, word: str) -> None:
        if word == self.moment:
            self.spoil_now()

    def spoil_now(self) -> None:
        if self.spoil is not None:
            spoil, self.spoil = self.spoil, None
            spoil()

    def put_away(self) -> list[Path]:
        """Return what was moved anywhere, and what was left half-way."""
        names = ("Copies", "Moved", ".pictrace/quarantine")
        places = [root.path / name for root in self.roots.values() for name in names]
        places += [self.near / "home/Trash", *self.tops[3:]]
        moved = [path for place in places for path in place.rglob("*") if path.is_file()]
        return sorted(path for path in moved if path.name != "manifest.jsonl")


def row(path: Path) -> PhotoFile:
    return PhotoFile(
        id=1,
        root="library",
        path=path,
        key=StatKey.of(path.lstat()),
        content_hash=hashlib.sha256(path.read_bytes()).digest(),
        first_seen=0.0,
        is_arrival=True,
    )
