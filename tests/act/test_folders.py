"""Folders are reached without a link on the way, by one call of the kernel or step by step."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from pictrace.act.changes import folders, make_folder, open_folder, remove_empty
from pictrace.errors import ActError


def _without_openat2(*_: object) -> int:
    raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))


@pytest.fixture(params=["openat2", "step by step"], autouse=True)
def way(request, monkeypatch, tmp_path) -> str:
    """Go both ways; a kernel or a sandbox without the call is told loudly."""
    if request.param == "step by step":
        monkeypatch.setattr(folders, "_openat2", _without_openat2)
    else:
        (tmp_path / "probe").mkdir()
        top = os.open(tmp_path, os.O_RDONLY)
        try:
            os.close(folders._openat2(top, Path("probe")))
        except OSError as error:
            pytest.skip(f"no openat2 here: {error}")
        finally:
            os.close(top)
    return request.param


def test_a_folder_far_below_is_the_very_folder(tmp_path: Path) -> None:
    below = tmp_path / "a" / os.fsdecode(b"\xff\n") / "c"
    make_folder(tmp_path, below)

    with open_folder(tmp_path, below) as descriptor:
        assert os.path.samestat(os.fstat(descriptor), below.stat())
    with open_folder(tmp_path, tmp_path) as descriptor:
        assert os.path.samestat(os.fstat(descriptor), tmp_path.stat())


@pytest.mark.parametrize("place", ["a", "a/b", "a/b/c"])
def test_f19_a_link_anywhere_on_the_way_is_refused(tmp_path: Path, place: str) -> None:
    top, outside = tmp_path / "top", tmp_path / "outside"
    (top / "a/b/c").mkdir(parents=True)
    (top / place).rename(outside)
    (top / place).symlink_to(outside)

    with pytest.raises(ActError) as told, open_folder(top, top / "a/b/c"):
        pass

    assert told.value.errno in (errno.ELOOP, errno.ENOTDIR)


def test_a_link_to_a_folder_inside_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")

    with pytest.raises(ActError), open_folder(tmp_path, tmp_path / "link"):
        pass


def test_two_dots_lead_nowhere(tmp_path: Path) -> None:
    top = tmp_path / "top"
    (top / "a").mkdir(parents=True)
    (tmp_path / "outside").mkdir()

    with pytest.raises(ActError) as told, open_folder(top, top / ".." / "outside"):
        pass

    assert told.value.errno == errno.EXDEV


@pytest.mark.parametrize("make", [lambda path: path.write_bytes(b""), os.mkfifo, lambda _: None])
def test_what_is_no_folder_is_refused_without_a_wait(tmp_path: Path, make) -> None:
    make(tmp_path / "x")

    with pytest.raises(ActError), open_folder(tmp_path, tmp_path / "x"):
        pass


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    make_folder(tmp_path, tmp_path / "a/b")
    (tmp_path / "link").symlink_to("a")
    before = len(os.listdir("/proc/self/fd"))

    for _ in range(5):
        with open_folder(tmp_path, tmp_path / "a/b"):
            pass
        with pytest.raises(ActError), open_folder(tmp_path, tmp_path / "link/b"):
            pass

    assert len(os.listdir("/proc/self/fd")) == before


def test_it_is_told_how_many_folders_were_made(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()

    made = [make_folder(tmp_path, tmp_path / "a/b/c"), make_folder(tmp_path, tmp_path / "a/b/c")]

    assert made == [2, 0]


def test_only_an_empty_folder_is_removed(tmp_path: Path) -> None:
    make_folder(tmp_path, tmp_path / "a/b")

    with pytest.raises(OSError, match="not empty"):
        remove_empty(tmp_path, tmp_path / "a")
    remove_empty(tmp_path, tmp_path / "a/b")

    assert (tmp_path / "a").is_dir()
    assert not (tmp_path / "a/b").exists()
