"""Config files that others may write: their rules move photos, so they are refused with what mends them."""

from __future__ import annotations

import grp
import os
import pwd
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from pictrace.config import load_config
from pictrace.errors import ConfigError

Write = Callable[..., Path]
# An id that no user and no group has.
STRANGER = 54_321


def give_to(path: Path, *, uid: int = -1, gid: int = -1) -> None:
    try:
        os.chown(path, uid, gid)
    except OSError as error:
        pytest.skip(f"this user may not give files away: {error}")


def own_private_group() -> int:
    user = pwd.getpwuid(os.geteuid())
    group = grp.getgrgid(user.pw_gid)
    if group.gr_name != user.pw_name or set(group.gr_mem) - {user.pw_name}:
        pytest.skip(f"the group of {user.pw_name} is {group.gr_name}: not the user's own")
    return user.pw_gid


def refusal(file: Path) -> str:
    with pytest.raises(ConfigError) as refused:
        load_config(file)
    assert refused.value.exit_code == 78
    return str(refused.value)


@pytest.mark.parametrize("mode", [0o666, 0o646, 0o602])
def test_a_file_that_everybody_may_write_is_refused(write: Write, mode: int) -> None:
    file = write("version: 1")
    file.chmod(mode)

    said = refusal(file)

    assert said.startswith(f"{file}: every user may write this file (mode {mode:04o})")
    assert f"`chmod go-w {file}`" in said


def test_a_file_that_a_group_of_others_may_write_is_refused(write: Write) -> None:
    file = write("version: 1")
    give_to(file, gid=STRANGER)
    file.chmod(0o664)

    said = refusal(file)

    assert f"everybody in the group {STRANGER} may write this file (mode 0664)" in said
    assert f"`chmod go-w {file}`" in said


def test_a_file_that_the_users_own_group_may_write_is_taken(write: Write) -> None:
    """With user private groups the umask is 002: people make no other files."""
    file = write("version: 1")
    give_to(file, gid=own_private_group())
    file.chmod(0o664)

    assert load_config(file).file == file


def test_the_bits_of_an_access_list_do_not_pass_for_those_of_the_own_group(write: Write) -> None:
    file = write("version: 1")
    give_to(file, gid=own_private_group())
    nobody = 0xFFFFFFFF
    entries = [(0x01, 6, nobody), (0x02, 6, STRANGER), (0x04, 4, nobody), (0x10, 6, nobody), (0x20, 4, nobody)]
    listed = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    try:
        os.setxattr(file, "system.posix_acl_access", listed)
    except OSError as error:
        pytest.skip(f"this file system has no access lists: {error}")

    assert "somebody in its access list (see getfacl) may write this file (mode 0664)" in refusal(file)


def test_a_file_of_another_user_is_refused(write: Write) -> None:
    file = write("version: 1")
    give_to(file, uid=STRANGER)

    said = refusal(file)

    assert f"{file}: this file belongs to user {STRANGER} (mode 0644)" in said
    assert f"`chown {pwd.getpwuid(os.geteuid()).pw_name} {file}`" in said


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o640, 0o644, 0o755])
def test_a_file_that_only_its_owner_may_write_is_taken(write: Write, mode: int) -> None:
    file = write("version: 1")
    file.chmod(mode)

    assert load_config(file).file == file


def test_a_rule_file_that_everybody_may_write_is_refused_where_it_is_named(write: Write) -> None:
    rules = write("version: 1\nrules: []", "mine.yaml")
    rules.chmod(0o646)
    file = write("version: 1\nrules:\n  - include: mine.yaml")

    assert refusal(file).startswith(f"{file}:3:14: {rules}: every user may write this file (mode 0646)")


def test_a_rule_file_of_another_user_is_refused(write: Write) -> None:
    give_to(write("version: 1\nrules: []", "mine.yaml"), uid=STRANGER)

    assert "mine.yaml: this file belongs to" in refusal(write("version: 1\nrules:\n  - include: mine.yaml"))


def test_the_file_that_is_read_is_the_one_looked_at(write: Write) -> None:
    """A link is followed, and what it leads to is looked at, not the link."""
    file = write("version: 1", "real.yaml")
    file.chmod(0o666)
    link = file.with_name("config.yaml")
    link.symlink_to(file)

    assert f"{link}: every user may write this file" in refusal(link)
