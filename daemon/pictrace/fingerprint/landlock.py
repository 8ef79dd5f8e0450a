"""Landlock: from here on this process may read files, and nothing else may be done to them."""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path
from typing import Final

from pictrace.fingerprint.kernel import KernelLacksError, Syscall

# The same on every machine. https://docs.kernel.org/userspace-api/landlock.html
_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_ASK_VERSION: Final = 1
_PATH_BENEATH: Final = 1
_READ_FILE: Final = 1 << 2
_READ_DIR: Final = 1 << 3
# Version of the interface → how many rights on files it knows. Each version knows those before it.
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_TCP_BIND_AND_CONNECT: Final = 3  # since version 4
_ABSTRACT_SOCKETS_AND_SIGNALS: Final = 3  # since version 6
_ATTRIBUTE_BYTES: Final = {1: 8, 4: 16, 6: 24}


class _Ruleset(ctypes.Structure):
    _fields_ = (("file", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def restrict_to_reading(syscall: Syscall) -> int:
    """Allow this thread, and those it starts, to read files and nothing else; returns the interface's version.

    No writing, creating, removing or executing, no TCP from version 4, no signals to others from version 6. Privileges
    must have been given up for good before.

    Raises:
        KernelLacksError: this kernel has no Landlock, or it is switched off.
        OSError: it has, and refused.
    """
    version = _version(syscall)
    rights = (1 << _FILE_RIGHTS[min(version, max(_FILE_RIGHTS))]) - 1
    wanted = _Ruleset(rights, _TCP_BIND_AND_CONNECT, _ABSTRACT_SOCKETS_AND_SIGNALS)
    size = max(value for since, value in _ATTRIBUTE_BYTES.items() if since <= version)
    ruleset = syscall(_CREATE_RULESET, ctypes.byref(wanted), size, 0)
    try:
        top = os.open(Path("/"), os.O_PATH | os.O_CLOEXEC)
        try:
            rule = _Beneath(_READ_FILE | _READ_DIR, top)
            syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
        finally:
            os.close(top)
        syscall(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return version


def _version(syscall: Syscall) -> int:
    try:
        return syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError as error:
        if error.errno == errno.ENOSYS:
            raise KernelLacksError("this kernel has no Landlock (5.13 and later have it)") from error
        if error.errno == errno.EOPNOTSUPP:
            raise KernelLacksError("Landlock is switched off at boot") from error
        raise KernelLacksError(f"Landlock cannot be asked for: {error.strerror}") from error
