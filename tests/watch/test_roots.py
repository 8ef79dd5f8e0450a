"""The identity of a root."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pictrace.errors import BusyError
from pictrace.model import Role, RootState
from pictrace.watch import check_root


def test_a_root_is_known_again_by_its_marker(tmp_path: Path, opened) -> None:
    first = opened(tmp_path)

    again = opened(tmp_path, first, identity="another")

    assert again.identity == "id-1"
    assert check_root(again) is RootState.USABLE


def test_a_library_that_moved_keeps_its_identity(tmp_path: Path, opened) -> None:
    (tmp_path / "old").mkdir()
    opened(tmp_path / "old")
    (tmp_path / "old").rename(tmp_path / "new")

    assert opened(tmp_path / "new", identity="another").identity == "id-1"


def test_an_empty_folder_in_its_place_is_refused(tmp_path: Path, opened) -> None:
    root = tmp_path / "root"
    root.mkdir()
    known = opened(root)
    root.rename(tmp_path / "away")
    root.mkdir()

    assert check_root(known) is RootState.REPLACED
    with pytest.raises(BusyError, match="not the folder it was"):
        opened(root, known)
    assert not (root / ".pictrace").exists()


def test_a_root_that_is_gone_is_missing(tmp_path: Path, opened) -> None:
    root = tmp_path / "root"
    root.mkdir()
    known = opened(root)
    shutil.rmtree(root)

    assert check_root(known) is RootState.MISSING
    with pytest.raises(BusyError, match="mounted"):
        opened(root, known)


def test_a_readonly_root_is_never_marked_and_known_by_its_file_system(tmp_path: Path, opened) -> None:
    known = opened(tmp_path, role=Role.READONLY)

    assert list(tmp_path.iterdir()) == []
    assert opened(tmp_path, known, identity="another", role=Role.READONLY).identity == "id-1"
    assert check_root(known) is RootState.USABLE


@pytest.mark.skipif(not os.statvfs("/").f_fsid, reason="this kernel tells no id of a file system")
def test_another_disk_with_the_same_numbers_is_another_root(tmp_path: Path, opened) -> None:
    """The next disk in the same socket gets the same device number, and its top folder the same inode."""
    known = opened(tmp_path, role=Role.READONLY)
    other_disk = replace(known, filesystem=f"{known.filesystem}0")

    assert check_root(other_disk) is RootState.REPLACED
    with pytest.raises(BusyError, match="marker"):
        opened(tmp_path, other_disk, role=Role.READONLY)


@pytest.mark.skipif(not os.statvfs("/").f_fsid, reason="this kernel tells no id of a file system")
def test_the_same_disk_under_another_device_number_is_the_same_root(tmp_path: Path, opened) -> None:
    known = opened(tmp_path, role=Role.READONLY)
    plugged_in_elsewhere = replace(known, dev=known.dev + 1)

    assert check_root(plugged_in_elsewhere) is RootState.REPLACED
    assert opened(tmp_path, plugged_in_elsewhere, role=Role.READONLY) == known


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.symlink("/etc/hostname", path)])
def test_a_marker_that_is_no_file_is_none(tmp_path: Path, opened, make) -> None:
    (tmp_path / ".pictrace").mkdir()
    make(tmp_path / ".pictrace/root-id")

    assert opened(tmp_path, role=Role.READONLY).identity == "id-1"


def test_the_marker_of_another_root_is_seen_while_running(tmp_path: Path, opened) -> None:
    known = opened(tmp_path)
    (tmp_path / ".pictrace/root-id").write_text("id-2\n")

    assert check_root(known) is RootState.REPLACED
