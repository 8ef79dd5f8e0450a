"""How many folders are listened on."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from pictrace.watch import mount_of, watch_mode
from pictrace.watch.limits import armed_watches, folders_below, is_armed


def test_the_kernels_count_follows_what_is_listened_on(listen, tmp_path: Path, waits_until) -> None:
    for n in range(30):
        (tmp_path / f"root/d{n}").mkdir(parents=True)
    before = armed_watches()
    assert before is not None
    one = listen()

    # root, .pictrace and thirty more
    assert armed_watches() == before + 32
    (one.root / "more").mkdir()
    assert waits_until(lambda: armed_watches() == before + 33)
    one.observer.stop()
    assert armed_watches() == before


def test_a_root_is_armed_while_it_is_listened_on(listen, opened) -> None:
    one = listen()
    root = opened(one.root)

    assert is_armed(root)
    assert not is_armed(replace(root, ino=root.ino + 10**6))
    assert not is_armed(replace(root, dev=os.makedev(250, 250)))
    assert is_armed(replace(root, dev=os.makedev(250, 250), filesystem="btrfs fsid=1"))
    one.observer.stop()
    assert not is_armed(root)


def test_folders_are_counted_once_and_links_are_not(tmp_path: Path) -> None:
    (tmp_path / "a/inbox/x").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    os.symlink(tmp_path / "a", tmp_path / "b/link")

    folders = list(folders_below([tmp_path / "a", tmp_path / "a/inbox", tmp_path / "b"]))

    assert sorted(folders) == [tmp_path / name for name in ("a", "a/inbox", "a/inbox/x", "b")]


def test_a_local_disk_is_listened_on(tmp_path: Path, opened) -> None:
    mode = watch_mode(opened(tmp_path))

    assert (mode.name, mode.reason) == ("inotify", f"local {mount_of(tmp_path).filesystem}")
