"""Says who but its owner may change a file: whoever can write the rules can have photos moved."""

from __future__ import annotations

import errno
import grp
import os
import pwd
import stat
from pathlib import Path

from pictrace.errors import shown

_ACCESS_LIST = "system.posix_acl_access"


def distrust(descriptor: int, path: Path, *, what: str = "file") -> str | None:
    """Return why an open file, or folder, is not to be believed and what mends it, None where it is.

    Believed is what belongs to root or to the user running, and what nobody else may write. A file that its group may
    write is believed where the group is the user's own and nobody else's: with user private groups (Debian, Fedora)
    people have a umask of 002, and make no other files.

    Args:
        descriptor: the file as it was opened: its name may mean another one by now.
        path: its name, for the sentence.
        what: what it is, for the sentence.
    """
    status = os.fstat(descriptor)
    mode = f"{stat.S_IMODE(status.st_mode):04o}"
    if status.st_uid not in (0, os.geteuid()):
        return (
            f"this {what} belongs to {_user(status.st_uid)} (mode {mode}), and its rules move photos: expected "
            f"{_owners()}; `chown {_user(os.geteuid())} {shown(path)}` once you have read it"
        )
    if status.st_mode & stat.S_IWOTH:
        who = "every user"
    elif status.st_mode & stat.S_IWGRP and not _is_own_group(status.st_gid):
        who = f"everybody in the group {_group(status.st_gid)}"
    elif status.st_mode & stat.S_IWGRP and _has_access_list(descriptor):
        # The group's bits are then the most that anybody in the list may do.
        who = "somebody in its access list (see getfacl)"
    else:
        return None
    return f"{who} may write this {what} (mode {mode}), and its rules move photos: `chmod go-w {shown(path)}`"


def _is_own_group(gid: int) -> bool:
    """Return whether a group is the private one of the user running."""
    try:
        user, group = pwd.getpwuid(os.geteuid()), grp.getgrgid(gid)
    except KeyError:
        return False
    return gid == user.pw_gid and group.gr_name == user.pw_name and set(group.gr_mem) <= {user.pw_name}


def _has_access_list(descriptor: int) -> bool:
    try:
        return bool(os.getxattr(descriptor, _ACCESS_LIST))
    except OSError as error:
        # Anything else is no answer, and no answer is not a no.
        return error.errno not in (errno.ENODATA, errno.ENOTSUP)


def _owners() -> str:
    return "root, who runs this" if os.geteuid() == 0 else f"root or {_user(os.geteuid())}, who runs this"


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _group(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
