"""A library with a journal and an actor, and a hook that stops at any write."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pictrace.act import Actor, Trash, World, write_marker
from pictrace.model import (
    Certainty,
    Match,
    Metadata,
    PhotoFile,
    Plan,
    Relation,
    Role,
    RootInfo,
    RootState,
    StatKey,
    Step,
)
from pictrace.store import Journal

MATCH = Match(relation=Relation.RENDITION, certainty=Certainty.VERIFIED, similarity=0.99)


class Stop(BaseException):
    """The process ends here."""


@dataclass
class Stage:
    """A root with photos, and all that acting needs; `reopen` stands for a restart."""

    stop = Stop

    root: Path
    state: Path
    quarantine: Path | None = None
    stop_at: int | None = None
    points: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    role: Role = Role.LIBRARY
    root_state: RootState = RootState.USABLE
    metadata: dict[bytes, Metadata] = field(default_factory=dict)
    spoils: dict[str, Callable[[], object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self.state.mkdir(parents=True, exist_ok=True)
        self.home.mkdir(exist_ok=True)
        write_marker(self.root, "root-1")
        self.open()

    @property
    def home(self) -> Path:
        """Where the user's own trash is."""
        return self.root.with_name(f"{self.root.name}-home")

    def open(self) -> None:
        status = self.root.stat()
        self.info = RootInfo(
            identity="root-1",
            path=self.root,
            role=self.role,
            dev=status.st_dev,
            ino=status.st_ino,
            filesystem="test",
            is_indexed=True,
        )
        self.journal = Journal.open(self.state)
        self.journal.put_root(self.info)
        world = World(
            root_of=lambda path: self.info if path.is_relative_to(self.root) else None,
            state_of=lambda _: self.root_state,
            wall_clock=time.time,
            quarantine=self.quarantine,
            trash=Trash(home=self.home / "Trash", uid=os.getuid(), mount_point=lambda _: self.root.parent),
            announce=self.said.append,
            metadata_of=self.metadata.get,
            checkpoint=self._checkpoint,
        )
        self.world = world
        self.actor = Actor(world, self.journal)

    def reopen(self) -> None:
        self.journal.close()
        self.stop_at = None
        self.open()

    def _checkpoint(self, word: str) -> None:
        self.points.append(word)
        self.spoils.pop(word, lambda: None)()
        if self.stop_at is not None and len(self.points) > self.stop_at:
            raise Stop(word)

    def at(self, word: str, spoil: Callable[[], object]) -> None:
        """Have something happen when a word is reached for the first time."""
        self.spoils[word] = spoil

    def put(self, name: str, content: bytes) -> PhotoFile:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return self.row(path)

    def row(self, path: Path) -> PhotoFile:
        return PhotoFile(
            id=1,
            root="root-1",
            path=path,
            key=StatKey.of(path.lstat()),
            content_hash=hashlib.sha256(path.read_bytes()).digest(),
            first_seen=0.0,
            is_arrival=True,
        )

    def carry_out(self, duplicate: PhotoFile, keeper: PhotoFile, *steps: Step, is_confirmed: bool = False) -> list:
        plan = Plan(
            rule="test",
            steps=steps or (Step(action="quarantine"),),
            keeper=keeper.path,
            duplicate=duplicate.path,
            keeper_reason="test",
            is_confirmed=is_confirmed,
        )
        return self.actor.carry_out(plan, duplicate=duplicate, keeper=keeper, match=MATCH, finding="{}")

    def tree(self) -> dict[str, tuple[str, int, int]]:
        """Return digest, mtime and mode of every photo and sidecar outside the private folder."""
        return {
            str(path.relative_to(self.root)): (
                hashlib.sha256(path.read_bytes()).hexdigest(),
                path.stat().st_mtime_ns,
                path.stat().st_mode,
            )
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and ".pictrace" not in path.parts
        }

    def contents(self) -> list[str]:
        """Return the digests of every photo, wherever it lies now."""
        tops = [self.root, self.home] + ([self.quarantine] if self.quarantine else [])
        return sorted(
            hashlib.sha256(path.read_bytes()).hexdigest()
            for top in tops
            for path in top.rglob("*")
            if path.is_file() and path.name not in ("manifest.jsonl", "root-id") and path.suffix != ".trashinfo"
        )


@pytest.fixture
def make_stage(tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    stages: list[Stage] = []

    def make(*, folder: Path = tmp_path, **options: object) -> Stage:
        number = len(stages)
        stage = Stage(root=folder / f"root-{number}", state=folder / f"state-{number}", **options)
        stages.append(stage)
        return stage

    yield make
    for stage in stages:
        stage.journal.close()


@pytest.fixture
def stage(make_stage: Callable[..., Stage]) -> Stage:
    return make_stage()
