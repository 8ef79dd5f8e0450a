"""The identity of a root, and looking through it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from pictrace.act import write_marker
from pictrace.config import RootConfig
from pictrace.errors import BusyError
from pictrace.model import RootState
from pictrace.watch import IgnoreList, ScanProblem, check_root, mount_of, open_root, scan


def opened(path: Path, known=None, identity: str = "id-1"):
    return open_root(RootConfig(path=path), known, new_identity=lambda: identity, write_marker=write_marker)


def test_a_root_is_known_again_by_its_marker(tmp_path: Path) -> None:
    first = opened(tmp_path)

    again = opened(tmp_path, first, identity="another")

    assert again.identity == "id-1"
    assert check_root(again) is RootState.USABLE


def test_a_library_that_moved_keeps_its_identity(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    opened(tmp_path / "old")
    (tmp_path / "old").rename(tmp_path / "new")

    assert opened(tmp_path / "new", identity="another").identity == "id-1"


def test_an_empty_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    known = opened(root)
    root.rename(tmp_path / "away")
    root.mkdir()

    assert check_root(known) is RootState.REPLACED
    with pytest.raises(BusyError, match="not the folder it was"):
        opened(root, known)
    assert not (root / ".pictrace").exists()


def test_a_root_that_is_gone_is_missing(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    known = opened(root)
    shutil.rmtree(root)

    assert check_root(known) is RootState.MISSING
    with pytest.raises(BusyError, match="mounted"):
        opened(root, known)


def test_a_scan_yields_photos_sorted_and_follows_nothing(tmp_path: Path) -> None:
    for name in (
        "b.jpg",
        "a.jpg",
        "sub/c.png",
        "@eaDir/x.jpg",
        "note.txt",
        ".hidden.jpg",
        "stop/d.jpg",
        "stop/.nopictrace",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    os.symlink(tmp_path / "a.jpg", tmp_path / "link.jpg")
    os.symlink(tmp_path, tmp_path / "sub/loop")
    os.mkfifo(tmp_path / "pipe.jpg")

    found = list(scan(opened(tmp_path), IgnoreList.load()))

    assert [path.relative_to(tmp_path).as_posix() for path, _ in found] == ["a.jpg", "b.jpg", "sub/c.png"]


def test_a_nested_root_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox/a.jpg").write_bytes(b"x")

    assert list(scan(opened(tmp_path), IgnoreList.load(), excluded=(tmp_path / "inbox",))) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into every folder")
def test_a_folder_that_cannot_be_read_is_a_problem_not_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o000)

    [problem] = scan(opened(tmp_path), IgnoreList.load())

    assert isinstance(problem, ScanProblem)


def test_the_mount_of_a_path_is_found() -> None:
    assert mount_of(Path("/proc/self")).filesystem == "proc"
