"""A copy to another file system keeps all of a photo, or the photo stays where it is."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
import struct
import tempfile
from pathlib import Path

import pytest

from pictrace.model import ChangeState

from .namespaces import run_unshared  # type: ignore[import-not-found]

_ANOTHER = 65534


def refused(stage, other_disk, *, mode: int = 0o644) -> str:
    """Return why a photo was not moved to another disk, after a look that nothing came of it."""
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    os.setxattr(copy.path, "user.note", b"mine")
    copy.path.chmod(mode)
    before = stage.tree()

    [change] = stage.carry_out(stage.row(copy.path), keeper)

    assert change.state is ChangeState.ABORTED
    assert stage.tree() == before
    assert not [path for path in other_disk.rglob("*") if path.is_file()]
    return change.error


@pytest.mark.parametrize("name", ["user.note", "system.posix_acl_access"])
def test_an_attribute_that_cannot_be_kept_keeps_the_photo(make_stage, other_disk, monkeypatch, name) -> None:
    def refusing(path, attribute, value) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    stage = make_stage(quarantine=other_disk)
    monkeypatch.setattr(os, "listxattr", lambda _: [name])
    monkeypatch.setattr(os, "getxattr", lambda *_: b"value")
    really, wanted = os.setxattr, []
    monkeypatch.setattr(os, "setxattr", lambda *values: (refusing if wanted else really)(*values) or wanted.append(1))

    error = refused(stage, other_disk)

    assert f"its attribute {name} cannot be kept" in error
    assert error.endswith(f"(errno {errno.EOPNOTSUPP})")


def test_a_label_that_is_the_systems_to_give_is_no_hindrance(make_stage, other_disk, monkeypatch) -> None:
    def refusing(*_) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    stage = make_stage(quarantine=other_disk)
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    monkeypatch.setattr(os, "listxattr", lambda _: ["security.selinux"])
    monkeypatch.setattr(os, "getxattr", lambda *_: b"label")
    monkeypatch.setattr(os, "setxattr", refusing)

    [change] = stage.carry_out(copy, keeper)

    assert change.state is ChangeState.DONE


def test_a_time_that_cannot_be_kept_keeps_the_photo(make_stage, other_disk, monkeypatch) -> None:
    utime, second = os.utime, 10**9
    monkeypatch.setattr(os, "utime", lambda file, ns: utime(file, ns=tuple(n // second // 2 * 2 * second for n in ns)))

    assert "its time or mode cannot be kept" in refused(make_stage(quarantine=other_disk), other_disk)


def test_a_mode_that_cannot_be_kept_keeps_the_photo(make_stage, other_disk, monkeypatch) -> None:
    monkeypatch.setattr(os, "fchmod", lambda *_: None)

    assert "its time or mode cannot be kept" in refused(make_stage(quarantine=other_disk), other_disk, mode=0o640)


def test_without_room_for_the_copy_nothing_is_written(make_stage, other_disk, monkeypatch) -> None:
    really = os.fstatvfs

    def full(descriptor):
        room = really(descriptor)
        return os.statvfs_result((*room[:4], 0, *room[5:], room.f_fsid))

    monkeypatch.setattr(os, "fstatvfs", full)

    assert f"(errno {errno.ENOSPC})" in refused(make_stage(quarantine=other_disk), other_disk)


@pytest.fixture
def someone(other_disk):
    """Return two folders on two file systems, to be used by someone who is not root."""
    if os.geteuid() != 0:
        pytest.skip("only root can become someone else")
    near = Path(tempfile.mkdtemp())
    if near.stat().st_dev == other_disk.stat().st_dev:
        pytest.skip("no second file system")
    for folder in (near, other_disk):
        os.chown(folder, _ANOTHER, _ANOTHER)
    os.seteuid(_ANOTHER)
    try:
        yield near, other_disk
    finally:
        os.seteuid(0)
        shutil.rmtree(near)


def test_a_readonly_photo_with_attributes_goes_across_and_back(someone, make_stage) -> None:
    near, far = someone
    stage = make_stage(quarantine=far, folder=near)
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    os.setxattr(copy.path, "user.note", b"mine")
    copy.path.chmod(0o400)
    before = stage.tree()

    [change] = stage.carry_out(stage.row(copy.path), keeper)
    inside = (stat.S_IMODE(change.target.stat().st_mode), os.getxattr(change.target, "user.note"))
    [undo] = stage.actor.undo([change.id])

    assert (change.error, undo.error) == (None, None)
    assert inside == (0o400, b"mine")
    assert stage.tree() == before
    assert os.getxattr(copy.path, "user.note") == b"mine"


def test_a_photo_that_belongs_to_another_is_not_moved_across(someone, make_stage) -> None:
    near, far = someone
    stage = make_stage(quarantine=far, folder=near)
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    os.seteuid(0)
    os.chown(copy.path, 1, 1)
    os.seteuid(_ANOTHER)

    [change] = stage.carry_out(stage.row(copy.path), keeper)

    assert change.state is ChangeState.ABORTED
    assert "its owner cannot be kept" in change.error
    assert copy.path.read_bytes() == b"copy"
    assert not list(far.rglob("*.jpg")) + list(far.rglob("*.tmp"))


def test_from_a_folder_that_cannot_be_written_no_copy_is_made(someone, make_stage) -> None:
    near, far = someone
    stage = make_stage(quarantine=far, folder=near)
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("sub/b.jpg", b"copy")
    copy.path.parent.chmod(0o500)

    [change] = stage.carry_out(copy, keeper)
    copy.path.parent.chmod(0o700)

    assert change.state is ChangeState.ABORTED
    assert "temporary made" not in stage.points
    assert copy.path.read_bytes() == b"copy"


def _set_flags(path: Path, flags: int) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.ioctl(descriptor, 0x40086602, struct.pack("=II", flags, 0))
    except OSError as error:
        pytest.skip(f"no file can be protected here: {error}")
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("flag", [0x10, 0x20], ids=["+i", "+a"])
@pytest.mark.parametrize("protected", ["file", "folder"])
@pytest.mark.parametrize("is_far", [True, False], ids=["across", "near"])
def test_f12_a_protected_photo_is_not_copied_nor_moved(make_stage, other_disk, flag, protected, is_far) -> None:
    stage = make_stage(quarantine=other_disk if is_far else None)
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("sub/b.jpg", b"copy")
    path = copy.path if protected == "file" else copy.path.parent
    _set_flags(path, flag)
    try:
        [change] = stage.carry_out(stage.row(copy.path), keeper)
    finally:
        _set_flags(path, 0)

    assert change.state is ChangeState.ABORTED
    assert f"(errno {errno.EPERM})" in change.error
    assert "temporary made" not in stage.points
    assert copy.path.read_bytes() == b"copy"
    assert len(stage.contents()) == 2


_READ_ONLY = """
stage = Stage(root=folders[0] / "root", state=folders[0] / "state", quarantine=folders[1])
keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
mount("--bind", stage.root, stage.root)
mount("-o", "remount,ro,bind", stage.root)
for _ in range(3):
    [change] = stage.carry_out(copy, keeper)
print(change.state.value, change.error, "temporary made" in stage.points)
"""


def test_f11_from_a_readonly_library_no_copy_is_made(tmp_path, other_disk) -> None:
    told = run_unshared(_READ_ONLY, tmp_path, other_disk)

    assert told.startswith("aborted")
    assert told.endswith(f"(errno {errno.EROFS}) False\n")
    assert not list(other_disk.rglob("*.jpg"))


_FULL = """
mount("-t", "tmpfs", "-o", "size=256k", "none", folders[1])
stage = Stage(root=folders[0] / "root", state=folders[0] / "state", quarantine=folders[1])
keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy" * 100_000)
[change] = stage.carry_out(copy, keeper)
print(change.state.value, change.error, [path.name for path in folders[1].rglob("*.*")])
mount("-o", "remount,size=4m", folders[1])
[change] = stage.carry_out(copy, keeper)
print(change.state.value)
"""


def test_f9_a_full_quarantine_leaves_the_photo_until_there_is_room(tmp_path, other_disk) -> None:
    first, second = run_unshared(_FULL, tmp_path, other_disk).splitlines()

    assert first.startswith("aborted")
    assert first.endswith(f"(errno {errno.ENOSPC}) []")
    assert second == "done"


@pytest.mark.parametrize("failing", ["a.jpg", "b.jpg"])
@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE])
def test_f39_a_disk_that_fails_aborts_with_its_number(stage, monkeypatch, failing, number) -> None:
    keeper, copy = stage.put("a.jpg", b"keeper"), stage.put("b.jpg", b"copy")
    really = os.read

    def reading(descriptor: int, count: int) -> bytes:
        if os.readlink(f"/proc/self/fd/{descriptor}").endswith(failing):
            raise OSError(number, os.strerror(number))
        return really(descriptor, count)

    monkeypatch.setattr(os, "read", reading)
    [change] = stage.carry_out(copy, keeper)
    monkeypatch.undo()

    assert change.state is ChangeState.ABORTED
    assert change.error.endswith(f"(errno {number})")
    assert stage.tree().keys() == {"a.jpg", "b.jpg"}
