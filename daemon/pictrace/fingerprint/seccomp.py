"""A seccomp filter: system calls that no decoder needs fail from here on.

Denied are network, other programs and processes, every change of a file, and the rarely used calls in which kernels
have had their holes; what is not named stays allowed, so that another version of a decoder does not fail on a call
nobody thought of. A picture is read by `open` without a right to write, which the filter looks at.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from pictrace.fingerprint.kernel import KernelLacksError, Syscall


class _Machine(NamedTuple):
    audit_arch: int
    seccomp: int  # the number of the call that installs a filter
    column: int  # of the tables


_MACHINES: Final = {"x86_64": _Machine(0xC000003E, 317, 0), "aarch64": _Machine(0xC00000B7, 277, 1)}
# Name → numbers on x86-64 and aarch64 (asm/unistd_64.h, asm-generic/unistd.h); None: it has no such call.
Numbers = tuple[int | None, int | None]
_NETWORK: Final[dict[str, Numbers]] = {
    "socket": (41, 198), "socketpair": (53, 199), "bind": (49, 200), "listen": (50, 201), "accept": (43, 202),
    "accept4": (288, 242), "connect": (42, 203), "sendto": (44, 206), "sendmsg": (46, 211), "sendmmsg": (307, 269),
}  # fmt: skip
_PROCESSES: Final[dict[str, Numbers]] = {
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "process_madvise": (440, 440),
    "kcmp": (312, 272), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424),
    "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "setns": (308, 268),
    "unshare": (272, 97), "personality": (135, 92),
}  # fmt: skip
_FILES: Final[dict[str, Numbers]] = {
    "creat": (85, None), "unlink": (87, None), "unlinkat": (263, 35), "rmdir": (84, None), "rename": (82, None),
    "renameat": (264, 38), "renameat2": (316, 276), "link": (86, None), "linkat": (265, 37), "symlink": (88, None),
    "symlinkat": (266, 36), "mkdir": (83, None), "mkdirat": (258, 34), "mknod": (133, None), "mknodat": (259, 33),
    "truncate": (76, 45), "ftruncate": (77, 46), "fallocate": (285, 47), "copy_file_range": (326, 285),
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None),
    "lchown": (94, None), "fchown": (93, 55), "fchownat": (260, 54), "utime": (132, None), "utimes": (235, None),
    "futimesat": (261, None), "utimensat": (280, 88), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "setxattrat": (463, 463), "removexattrat": (466, 466), "open_by_handle_at": (304, 265),
    "splice": (275, 76), "tee": (276, 77), "vmsplice": (278, 75),
    "memfd_create": (319, 279), "memfd_secret": (447, 447),
}  # fmt: skip
_SYSTEM: Final[dict[str, Numbers]] = {
    "mount": (165, 40), "umount2": (166, 39), "move_mount": (429, 429), "open_tree": (428, 428),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "pivot_root": (155, 41), "chroot": (161, 51), "swapon": (167, 224),
    "swapoff": (168, 225), "reboot": (169, 142), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "kexec_load": (246, 104), "kexec_file_load": (320, 294), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "add_key": (248, 217), "request_key": (249, 218),
    "keyctl": (250, 219), "shmget": (29, 194), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180),
}  # fmt: skip
DENIED: Final = {**_NETWORK, **_PROCESSES, **_FILES, **_SYSTEM}
# With these the C library falls back on the calls that a filter can look into: their arguments lie in memory.
ABSENT: Final[dict[str, Numbers]] = {"clone3": (435, 435), "openat2": (437, 437)}
# Allowed, where an argument says so.
LOOKED_INTO: Final[dict[str, Numbers]] = {
    "clone": (56, 220), "open": (2, None), "openat": (257, 56), "kill": (62, 129), "tgkill": (234, 131),
    "prlimit64": (302, 261), "ioctl": (16, 29), "fcntl": (72, 25),
}  # fmt: skip
# O_WRONLY | O_RDWR, O_CREAT, O_TRUNC, O_TMPFILE without its O_DIRECTORY.
_WRITING: Final = 0x3 | 0x40 | 0x200 | 0x400000
_CLONE_THREAD: Final = 0x10000
# TIOCSTI types into a terminal; the others have the kernel send signals of our choice, also to the daemon: FIOSETOWN,
# SIOCSPGRP, F_SETOWN, F_SETSIG, F_SETOWN_EX.
_IOCTLS: Final = (0x5412, 0x8901, 0x8902)
_FCNTLS: Final = (8, 10, 15)
_X32_CALLS: Final = 0x40000000

_SET_MODE_FILTER: Final = 1
_ALL_THREADS: Final = 1
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000
_NUMBER_AT, _ARCH_AT, _ARGUMENTS_AT = 0, 4, 16
_Line = tuple[int, int, int, int]  # code, lines to skip if true, if false, operand


class _Test(NamedTuple):
    argument: int
    code: int
    operands: tuple[int, ...]  # it holds where one of them does
    is_allowed: bool  # what holds, or what does not


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_char_p))


def refuse_dangerous_calls(syscall: Syscall, machine: str, process_id: int) -> None:
    """Have the kernel refuse, to all threads of this process, the calls named here; they fail with EPERM.

    Privileges must have been given up for good before.

    Raises:
        KernelLacksError: no filter is known for this machine, or this kernel takes none.
    """
    known = _MACHINES.get(machine)
    if known is None:
        raise KernelLacksError(f"no seccomp filter is known for {machine}")
    lines = list(_lines(known, process_id))
    program = _Program(len(lines), b"".join(struct.pack("<HBBI", *line) for line in lines))
    try:
        syscall(known.seccomp, _SET_MODE_FILTER, _ALL_THREADS, ctypes.byref(program))
    except OSError as error:
        raise KernelLacksError(f"this kernel takes no seccomp filter: {error.strerror}") from error


def _lines(machine: _Machine, process_id: int) -> Iterator[_Line]:
    yield _LOAD, 0, 0, _ARCH_AT
    yield _EQUAL, 1, 0, machine.audit_arch
    yield _RETURN, 0, 0, _REFUSE | errno.EPERM  # the calls of another machine have other numbers
    yield _LOAD, 0, 0, _NUMBER_AT
    if machine.column == 0:
        yield _AT_LEAST, 0, 1, _X32_CALLS
        yield _RETURN, 0, 0, _REFUSE | errno.EPERM
    for names, error in ((DENIED, errno.EPERM), (ABSENT, errno.ENOSYS)):
        for numbers in names.values():
            number = numbers[machine.column]
            if number is not None:
                yield _EQUAL, 0, 1, number
                yield _RETURN, 0, 0, _REFUSE | error
    tests = {
        "clone": _Test(0, _ANY_BIT, (_CLONE_THREAD,), True),  # decoders start threads
        "open": _Test(1, _ANY_BIT, (_WRITING,), False),
        "openat": _Test(2, _ANY_BIT, (_WRITING,), False),
        "kill": _Test(0, _EQUAL, (process_id,), True),
        "tgkill": _Test(0, _EQUAL, (process_id,), True),  # how a C library ends itself
        "prlimit64": _Test(0, _EQUAL, (0,), True),
        "ioctl": _Test(1, _EQUAL, _IOCTLS, False),
        "fcntl": _Test(1, _EQUAL, _FCNTLS, False),
    }
    for name, test in tests.items():
        number = LOOKED_INTO[name][machine.column]
        if number is not None:
            yield from _tested(number, test)
    yield _RETURN, 0, 0, _ALLOW


def _tested(number: int, test: _Test) -> Iterator[_Line]:
    """Yield the lines that look into an argument: the low half of it, which is all that the kernel looks at."""
    count = len(test.operands)
    yield _EQUAL, 0, count + 3, number
    yield _LOAD, 0, 0, _ARGUMENTS_AT + 8 * test.argument
    for after, operand in zip(reversed(range(count)), test.operands, strict=True):
        # Where it holds, on to the last line; where none does, on to the one before it.
        yield test.code, after + 1, 0, operand
    on_none, on_one = (_REFUSE | errno.EPERM, _ALLOW) if test.is_allowed else (_ALLOW, _REFUSE | errno.EPERM)
    yield _RETURN, 0, 0, on_none
    yield _RETURN, 0, 0, on_one
