"""A real inotify observer, fed in the ways photos land."""

from __future__ import annotations

import logging
import os
import queue
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pictrace.act import write_marker
from pictrace.config import RootConfig
from pictrace.watch import Hint, IgnoreList, Observer, Rescan, open_root

_WAIT_SECONDS = 10.0


class Listening:
    """An observer on a folder, and what it said."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.said: queue.SimpleQueue[Hint | Rescan] = queue.SimpleQueue()
        self.observer = Observer(self.said.put, IgnoreList.load())
        self.info = open_root(RootConfig(path=root), None, new_identity=lambda: "root-1", write_marker=write_marker)

    def wait_for(self, *names: str, is_new: bool | None = None) -> None:
        """Wait until a hint came for each of the names."""
        missing = set(names)
        limit = time.monotonic() + _WAIT_SECONDS
        while missing:
            try:
                hint = self.said.get(timeout=max(0.0, limit - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"no hint for {missing}")
            if isinstance(hint, Hint) and (is_new is None or hint.is_new is is_new):
                missing.discard(hint.path.relative_to(self.root).as_posix())


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[Listening]:
    root = tmp_path / "root"
    root.mkdir()
    one = Listening(root)
    one.observer.start()
    one.observer.add_root(one.info)
    yield one
    one.observer.stop()


def test_a_copied_file_is_new(listening: Listening, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    shutil.copy(tmp_path / "a.jpg", listening.root / "a.jpg")

    listening.wait_for("a.jpg", is_new=True)


def test_a_file_moved_in_is_new(listening: Listening, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    os.rename(tmp_path / "a.jpg", listening.root / "b.jpg")

    listening.wait_for("b.jpg", is_new=True)


def test_the_target_of_a_rename_is_new(listening: Listening) -> None:
    (listening.root / ".a.jpg.XyZ").write_bytes(b"x")
    os.rename(listening.root / ".a.jpg.XyZ", listening.root / "a.jpg")

    listening.wait_for("a.jpg", is_new=True)


def test_files_in_fresh_folders_are_found(listening: Listening) -> None:
    deep = listening.root / "x/y/z"
    deep.mkdir(parents=True)
    (deep / "a.jpg").write_bytes(b"x")

    listening.wait_for("x/y/z/a.jpg", is_new=True)


def test_every_file_of_a_tree_that_is_moved_in_is_new(listening: Listening, tmp_path: Path) -> None:
    names = [f"t/{n}/p{n}.jpg" for n in range(20)]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(b"x")
    os.rename(tmp_path / "t", listening.root / "t")

    listening.wait_for(*names, is_new=True)


def test_a_change_in_place_is_a_hint_and_not_new(listening: Listening) -> None:
    (listening.root / "a.jpg").write_bytes(b"x")
    listening.wait_for("a.jpg", is_new=True)
    with (listening.root / "a.jpg").open("ab") as file:
        file.write(b"more")

    listening.wait_for("a.jpg", is_new=False)


def test_lost_events_ask_for_a_rescan(listening: Listening) -> None:
    logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflow!")

    said = listening.said.get(timeout=_WAIT_SECONDS)
    assert isinstance(said, Rescan)
    assert said.root == "root-1"
    assert [problem.kind for problem in listening.observer.problems()] == ["events lost"]


def test_an_error_in_the_sink_does_not_end_the_listening(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    one = Listening(root)
    heard: queue.SimpleQueue[str] = queue.SimpleQueue()

    def sink(hint: Hint | Rescan) -> None:
        assert isinstance(hint, Hint)
        heard.put(hint.path.name)
        raise ValueError("a fault of ours")

    observer = Observer(sink, IgnoreList.load())
    observer.start()
    observer.add_root(one.info)
    for name in ("a.jpg", "b.jpg"):
        (root / name).write_bytes(b"x")
        while heard.get(timeout=_WAIT_SECONDS) != name:
            pass

    assert observer.is_alive()
    observer.stop()
