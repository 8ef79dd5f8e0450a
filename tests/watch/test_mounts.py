"""Lines of the kernel's mount table."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictrace.watch import mount_of
from pictrace.watch.mounts import parse_line

LINE = "36 35 98:0 / {point} {options} shared:1 - {kind} {source} rw,errors=continue"


def line(kind: str, *, point: str = "/mnt", options: str = "rw,noatime", source: str = "/dev/sdb1") -> str:
    return LINE.format(kind=kind, point=point, options=options, source=source)


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "fuse", "virtiofs", "ceph"])
def test_what_others_may_change_unseen_is_remote(kind: str) -> None:
    assert parse_line(line(kind)).is_remote


@pytest.mark.parametrize("kind", ["ext4", "btrfs", "xfs", "zfs", "tmpfs", "overlay", "fuseblk", "exfat"])
def test_a_local_disk_is_not_remote(kind: str) -> None:
    assert not parse_line(line(kind)).is_remote


def test_a_mount_point_may_have_blanks_and_backslashes() -> None:
    mount = parse_line(line("nfs4", point=r"/mnt/my\040photos\134x", source=r"nas:/my\040photos"))

    assert mount.point == Path("/mnt/my photos\\x")
    assert mount.source == "nas:/my photos"


def test_a_mount_is_readonly_by_its_own_options_too() -> None:
    assert parse_line(line("ext4", options="ro,relatime")).is_readonly
    assert not parse_line(line("ext4")).is_readonly


def test_the_mount_of_a_path_is_found() -> None:
    assert mount_of(Path("/proc/self")).filesystem == "proc"
