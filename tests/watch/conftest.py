"""Roots to watch, and an observer that listens on one."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pictrace.config import RootConfig
from pictrace.model import Role, RootInfo
from pictrace.watch import Hint, IgnoreList, Observer, Rescan, open_root

WAIT_SECONDS = 15.0


def write_marker(root: Path, identity: str) -> bool:
    folder = root / ".pictrace"
    folder.mkdir(exist_ok=True)
    (folder / "root-id").write_text(identity + "\n")
    return True


def eventually(claim: Callable[[], bool]) -> bool:
    """Return whether a claim about another thread becomes true."""
    limit, pause = time.monotonic() + WAIT_SECONDS, threading.Event()
    while not claim():
        if time.monotonic() > limit:
            return False
        pause.wait(0.02)
    return True


class Listening:
    """An observer on a folder, and what it said."""

    def __init__(self, root: Path, *, armed: Callable[[], int | None] = lambda: None) -> None:
        self.root = root
        self.said: queue.SimpleQueue[Hint | Rescan] = queue.SimpleQueue()
        self.observer = Observer(self.said.put, IgnoreList.load(), armed=armed)
        self.info = opened_root(root)

    def next(self, limit: float) -> Hint | Rescan | None:
        try:
            return self.said.get(timeout=max(0.0, limit - time.monotonic()))
        except queue.Empty:
            return None

    def wait_for(self, *names: str, is_new: bool | None = None) -> list[Hint]:
        """Wait until a hint came for each of the names; returns all that came meanwhile."""
        missing, heard = set(names), []
        limit = time.monotonic() + WAIT_SECONDS
        while missing:
            hint = self.next(limit)
            if hint is None:
                pytest.fail(f"no hint for {missing}")
            if isinstance(hint, Hint):
                heard.append(hint)
                if is_new is None or hint.is_new is is_new:
                    missing.discard(hint.path.relative_to(self.root).as_posix())
        return heard

    def wait_for_rescan(self) -> Rescan:
        limit = time.monotonic() + WAIT_SECONDS
        while True:
            said = self.next(limit)
            if said is None:
                pytest.fail("no rescan was asked for")
            if isinstance(said, Rescan):
                return said


def opened_root(
    path: Path, known: RootInfo | None = None, *, identity: str = "id-1", role: Role = Role.LIBRARY
) -> RootInfo:
    return open_root(RootConfig(path=path, role=role), known, new_identity=lambda: identity, write_marker=write_marker)


@pytest.fixture
def opened() -> Callable[..., RootInfo]:
    return opened_root


@pytest.fixture
def waits_until() -> Callable[[Callable[[], bool]], bool]:
    return eventually


@pytest.fixture
def listen(tmp_path: Path) -> Iterator[Callable[..., Listening]]:
    """Return a function that makes an observer on ``tmp_path/root``."""
    made: list[Listening] = []

    def start(**options: Callable[[], int | None]) -> Listening:
        root = tmp_path / "root"
        root.mkdir(exist_ok=True)
        made.append(Listening(root, **options))
        made[-1].observer.start()
        made[-1].observer.add_root(made[-1].info)
        return made[-1]

    yield start
    for one in made:
        one.observer.stop()


@pytest.fixture
def listening(listen: Callable[..., Listening]) -> Listening:
    return listen()
