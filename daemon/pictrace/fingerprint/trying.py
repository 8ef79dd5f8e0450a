"""Tries, inside a worker, what no worker may do, and says what came of it. Nothing is altered where it succeeds."""

from __future__ import annotations

import fcntl
import os
import resource
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pictrace.fingerprint import kernel

_PR_GET_DUMPABLE, _PR_GET_NO_NEW_PRIVS = 3, 39
_DISCARD_PORT: Final = 9
_FOR_ALL: Final = "/tmp"  # noqa: S108 – no name is made in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of one try. ``is_held``: it was refused. ``needs_kernel``: not every kernel can refuse it."""

    name: str
    is_held: bool
    said: str
    needs_kernel: bool = False


def try_all() -> list[Tried]:
    """Try everything (in a worker)."""
    return [
        *(_refused(name, act) for name, act in _ACTS.items()),
        _memory(),
        _limit("CPU time", resource.RLIMIT_CPU, "s"),
        _limit("core file", resource.RLIMIT_CORE, "bytes"),
        _limit("file size", resource.RLIMIT_FSIZE, "bytes"),
        _limit("open files", resource.RLIMIT_NOFILE, "files"),
        _setting("gain privileges", "given up for good", kernel.prctl(_PR_GET_NO_NEW_PRIVS) == 1),
        _setting("be looked into", "not dumpable", kernel.prctl(_PR_GET_DUMPABLE) == 0),
    ]


def allocate(size_bytes: int) -> int:
    """Take so much memory, touch it, and return its size."""
    return len(b"\1" * size_bytes)


def _write() -> None:
    os.close(os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC))


def _create() -> None:
    # Without a name: nothing is left where it succeeds.
    os.close(os.open(_FOR_ALL, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600))


def _run() -> None:
    subprocess.run(["/bin/true"], check=True, stdin=subprocess.DEVNULL)


def _connect() -> None:
    with socket.socket() as one:
        one.settimeout(1)
        one.connect(("127.0.0.1", _DISCARD_PORT))


def _signal() -> None:
    os.kill(os.getppid(), 0)


def _signal_by_file() -> None:
    read, write = os.pipe()
    try:
        fcntl.fcntl(read, fcntl.F_SETOWN, os.getppid())  # without O_ASYNC, nothing is sent
    finally:
        os.close(read)
        os.close(write)


def _look() -> None:
    os.close(os.open(Path("/proc") / str(os.getppid()) / "mem", os.O_RDONLY | os.O_CLOEXEC))


_ACTS: Final[dict[str, Callable[[], None]]] = {
    "write a file": _write,
    "create a file": _create,
    "run a program": _run,
    "connect": _connect,
    "signal others": _signal,
    "signal others by a file": _signal_by_file,
    "look into others": _look,
}


def _refused(name: str, act: Callable[[], None]) -> Tried:
    try:
        act()
    except PermissionError as error:
        return Tried(name=name, is_held=True, said=f"refused: {error.strerror}", needs_kernel=True)
    except OSError as error:
        return Tried(name=name, is_held=False, said=f"not refused, but {error.strerror}", needs_kernel=True)
    return Tried(name=name, is_held=False, said="it could", needs_kernel=True)


def _memory() -> Tried:
    limit = resource.getrlimit(resource.RLIMIT_DATA)[0]
    said = f"{limit // 1024**2} MiB" if limit != resource.RLIM_INFINITY else "no limit"
    if limit == resource.RLIM_INFINITY:
        return Tried(name="memory", is_held=False, said=said)
    try:
        allocate(limit)
    except MemoryError:
        return Tried(name="memory", is_held=True, said=f"refused beyond {said}")
    return Tried(name="memory", is_held=False, said=f"it took {said} and more")


def _limit(name: str, kind: int, unit: str) -> Tried:
    limit = resource.getrlimit(kind)[0]
    is_held = limit != resource.RLIM_INFINITY
    return Tried(name=name, is_held=is_held, said=f"at most {limit} {unit}" if is_held else "no limit")


def _setting(name: str, said: str, is_held: bool) -> Tried:
    return Tried(name=name, is_held=is_held, said=said if is_held else "it could")
