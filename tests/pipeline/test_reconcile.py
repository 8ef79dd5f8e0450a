"""Roots are looked through in threads of their own, and held against the index."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from pictrace.config import RootConfig
from pictrace.model import RootInfo, StatKey
from pictrace.pipeline.reconcile import Reconciler, ScanEnded, Seen
from pictrace.store import Index
from pictrace.watch import IgnoreList, open_root


def a_root(folder: Path) -> RootInfo:
    folder.mkdir(exist_ok=True)
    config = RootConfig(path=folder, role="library")
    return open_root(config, None, new_identity=lambda: folder.name, write_marker=lambda _, __: False)


class Disk:
    """Two roots, an index, and a reconciler over them."""

    def __init__(self, top: Path) -> None:
        self.state = top / "state"
        self.first, self.second = a_root(top / "first"), a_root(top / "second")
        with Index.open(self.state) as index:
            for root in (self.first, self.second):
                index.roots.put_root(root)
        self.reconciler = Reconciler(IgnoreList.load(), partial(Index.read, self.state))

    def know(self, *names: str) -> None:
        with Index.open(self.state) as index:
            for name in names:
                path = self.first.path / name
                key = StatKey.of(path.lstat())
                index.files.put_file(
                    root="first", path=path, key=key, content_hash=name.encode(), first_seen=0, is_arrival=False
                )

    def looked_through(self, root: RootInfo) -> tuple[list[str], ScanEnded]:
        self.reconciler.request(root, ())
        seen: list[str] = []
        while True:
            result = self.reconciler.results.get(timeout=30)
            if isinstance(result, Seen):
                seen.append(result.path.relative_to(root.path).as_posix())
            else:
                return seen, result


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path)
    yield made
    made.reconciler.stop()


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(name.encode())


def test_only_what_differs_is_told(disk: Disk) -> None:
    write(disk.first.path, "known.jpg", "changed.jpg", "gone.jpg", "sub/known.jpg")
    disk.know("known.jpg", "changed.jpg", "gone.jpg", "sub/known.jpg")
    write(disk.first.path, "new.jpg", "sub/new.jpg")
    (disk.first.path / "changed.jpg").write_bytes(b"other")
    (disk.first.path / "gone.jpg").unlink()

    seen, ended = disk.looked_through(disk.first)

    assert seen == ["changed.jpg", "new.jpg", "sub/new.jpg"]
    assert (ended.root, ended.is_complete, ended.missed, ended.found) == ("first", True, [b"gone.jpg"], [])


def test_a_file_that_was_missed_and_is_there_again_is_told(disk: Disk) -> None:
    write(disk.first.path, "a.jpg")
    disk.know("a.jpg")
    with Index.open(disk.state) as index:
        index.files.note_scan("first", missed=[b"a.jpg"], found=[], now=0)

    _, ended = disk.looked_through(disk.first)

    assert (ended.missed, ended.found) == ([], [b"a.jpg"])


def test_problems_of_files_that_went_are_told(disk: Disk) -> None:
    write(disk.first.path, "here.jpg")
    with Index.open(disk.state) as index:
        for name in ("here.jpg", "went.jpg"):
            index.problems.note(disk.first.path / name, "broken", now=0)

    assert disk.looked_through(disk.first)[1].gone == {b"went.jpg"}


def test_a_root_that_is_another_one_is_not_looked_through(disk: Disk) -> None:
    os.rename(disk.first.path, disk.first.path.with_name("elsewhere"))
    disk.first.path.mkdir()
    write(disk.first.path, "a.jpg")

    seen, ended = disk.looked_through(disk.first)

    assert (seen, ended.is_complete) == ([], False)


def test_a_root_that_hangs_does_not_hold_up_another(disk: Disk) -> None:
    gate, first_call = threading.Event(), threading.Lock()

    def open_index() -> Index:
        if first_call.acquire(blocking=False):
            gate.wait(60)
        return Index.read(disk.state)

    disk.reconciler = Reconciler(IgnoreList.load(), open_index)
    write(disk.second.path, "a.jpg")
    disk.reconciler.request(disk.first, ())
    while not first_call.locked():
        pass

    assert disk.looked_through(disk.second)[0] == ["a.jpg"]
    assert disk.reconciler.is_busy()
    assert disk.reconciler.silent_seconds("first") > 0
    gate.set()
    ended = disk.reconciler.results.get(timeout=30)
    assert isinstance(ended, ScanEnded)
    assert ended.root == "first"


def test_f20_what_is_not_seen_in_a_root_that_goes_while_it_is_looked_through_is_not_missing(disk: Disk) -> None:
    write(disk.first.path, "a.jpg", "b.jpg")
    disk.know("a.jpg", "b.jpg")

    def open_index() -> Index:
        os.rename(disk.first.path, disk.first.path.with_name("unplugged"))
        disk.first.path.mkdir()  # the mount point that is left
        return Index.read(disk.state)

    disk.reconciler = Reconciler(IgnoreList.load(), open_index)
    _, ended = disk.looked_through(disk.first)

    assert (ended.missed, ended.problems) == ([b"a.jpg", b"b.jpg"], [])
    assert not ended.is_complete


def test_a_root_inside_a_root_is_passed_over(disk: Disk) -> None:
    write(disk.first.path, "a.jpg", "archive/old.jpg")
    disk.reconciler.request(disk.first, (disk.first.path / "archive",))
    seen = disk.reconciler.results.get(timeout=60)
    ended = disk.reconciler.results.get(timeout=60)

    assert isinstance(seen, Seen)
    assert seen.path == disk.first.path / "a.jpg"
    assert isinstance(ended, ScanEnded)
    assert ended.is_complete


def test_a_scan_that_could_not_look_into_a_folder_is_not_complete(disk: Disk) -> None:
    write(disk.first.path, "a.jpg")
    # Deeper than a path may be long, which not even root can look into.
    deep, name = os.open(disk.first.path, os.O_DIRECTORY), "d" * 250
    for _ in range(20):
        os.mkdir(name, dir_fd=deep)
        deep, above = os.open(name, os.O_DIRECTORY, dir_fd=deep), deep
        os.close(above)
    os.close(deep)

    seen, ended = disk.looked_through(disk.first)

    assert seen == ["a.jpg"]
    assert [problem.rpartition(": ")[2] for problem in ended.problems] == ["File name too long"]
    assert not ended.is_complete
