"""A file system in a process of its own that passes a folder on, read-only: stopped, it hangs as a dead NAS does.

Run as ``python share.py SOURCE TARGET``, as root; SIGUSR1 has every read fail with EIO from then on, SIGUSR2 ends that.
It stops by itself in the middle of a file whose name begins with ``stopping``.
It speaks the kernel's FUSE protocol 7.31 (``linux/fuse.h``) itself, so that no library is needed.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import stat
import struct
import sys
from collections.abc import Callable
from types import FrameType

_HEADER = struct.Struct("<IIQQIIII")
_READ = struct.Struct("<QQIIQII")
# 4 GiB, half of them free.
_STATFS = struct.pack("<QQQQQIIII24x", 1 << 20, 1 << 19, 1 << 19, 1 << 16, 1 << 15, 4096, 255, 4096, 0)
_BUFFER_BYTES = 1024 * 1024
_LARGEST_READ = 128 * 1024
_MIDDLE = 8 * 1024 * 1024


class Share:
    """Answers the kernel's questions about a folder."""

    def __init__(self, source: str, device: int) -> None:
        self._device = device
        self._paths = {1: source}
        self._ids = {source: 1}
        self._is_broken = False
        self._answers: dict[int, Callable[[int, bytes], bytes]] = {
            1: self._lookup,
            3: lambda node, _: struct.pack("<QII", 0, 0, 0) + self._attributes(node),
            14: lambda _, __: struct.pack("<QII", 0, 0, 0),
            15: self._read,
            17: lambda _, __: _STATFS,
            18: lambda _, __: b"",
            25: lambda _, __: b"",
            26: lambda _, __: struct.pack("<IIIIHHIIHH32x", 7, 31, _LARGEST_READ, 0, 12, 9, 4096, 1, 0, 0),
            27: lambda _, __: struct.pack("<QII", 0, 0, 0),
            28: self._list,
            29: lambda _, __: b"",
            34: lambda _, __: b"",
        }

    def break_reads(self, number: int, _: FrameType | None) -> None:
        """Have reads fail from now on, or not any more."""
        self._is_broken = number == signal.SIGUSR1

    def serve(self) -> None:
        """Answer until the folder is unmounted."""
        while True:
            try:
                question = os.read(self._device, _BUFFER_BYTES)
            except OSError as error:
                if error.errno in (errno.EINTR, errno.ENOENT, errno.EAGAIN):
                    continue
                return  # ENODEV: unmounted
            _, opcode, unique, node, *_ = _HEADER.unpack_from(question)
            if opcode in (2, 36, 42):  # forget, interrupt: no answer is wanted
                continue
            try:
                number, body = 0, self._answer(opcode, node, question[_HEADER.size :])
            except OSError as error:
                number, body = -(error.errno or errno.EIO), b""
            os.write(self._device, struct.pack("<IiQ", 16 + len(body), number, unique) + body)

    def _answer(self, opcode: int, node: int, body: bytes) -> bytes:
        answer = self._answers.get(opcode)
        if answer is None:
            raise OSError(errno.EROFS if opcode in (5, 6, 8, 9, 10, 11, 12, 13, 16, 35) else errno.ENOSYS, "")
        if opcode == 14 and struct.unpack_from("<I", body)[0] & (os.O_WRONLY | os.O_RDWR):
            raise OSError(errno.EROFS, "")
        return answer(node, body)

    def _lookup(self, node: int, body: bytes) -> bytes:
        path = os.path.join(self._paths[node], os.fsdecode(body.rstrip(b"\0")))
        os.lstat(path)
        child = self._ids.setdefault(path, len(self._ids) + 1)
        self._paths[child] = path
        return struct.pack("<QQQQII", child, 0, 0, 0, 0, 0) + self._attributes(child)

    def _attributes(self, node: int) -> bytes:
        s = os.lstat(self._paths[node])
        seconds = [ns // 10**9 for ns in (s.st_atime_ns, s.st_mtime_ns, s.st_ctime_ns)]
        parts = [ns % 10**9 for ns in (s.st_atime_ns, s.st_mtime_ns, s.st_ctime_ns)]
        numbers = (*seconds, *parts, s.st_mode, s.st_nlink, s.st_uid, s.st_gid, 0, 4096, 0)
        return struct.pack("<QQQQQQIIIIIIIIII", s.st_ino, s.st_size, s.st_blocks, *numbers)

    def _read(self, node: int, body: bytes) -> bytes:
        if self._is_broken:
            raise OSError(errno.EIO, "")
        _, offset, size, *_ = _READ.unpack_from(body)
        if offset > _MIDDLE and os.path.basename(self._paths[node]).startswith("stopping"):
            os.kill(os.getpid(), signal.SIGSTOP)  # with the question taken: who asked it cannot even be killed
        with open(self._paths[node], "rb") as file:
            return os.pread(file.fileno(), size, offset)

    def _list(self, node: int, body: bytes) -> bytes:
        _, offset, size, *_ = _READ.unpack_from(body)
        result = b""
        names = [b".", b"..", *sorted(os.listdir(os.fsencode(self._paths[node])))]
        for number, name in enumerate(names[offset:], start=offset + 1):
            kind = os.lstat(os.path.join(os.fsencode(self._paths[node]), name))
            head = struct.pack("<QQII", kind.st_ino, number, len(name), stat.S_IFMT(kind.st_mode) >> 12)
            entry = head + name + bytes(-len(name) % 8)
            if len(result) + len(entry) > size:
                break
            result += entry
        return result


def main(source: str, target: str) -> None:
    """Mount the folder and answer for it."""
    device = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={device},rootmode=40000,user_id=0,group_id=0,allow_other"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"share", os.fsencode(target), b"fuse.share", 0, options.encode()) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    share = Share(source, device)
    for number in (signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, share.break_reads)
    sys.stdout.write("mounted\n")
    sys.stdout.flush()
    share.serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
