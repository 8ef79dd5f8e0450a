"""What a worker gives up before it sees a stranger's bytes. A bar that this kernel lacks is named, not fatal."""

from __future__ import annotations

import math
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pictrace.fingerprint import kernel as real
from pictrace.fingerprint.kernel import KernelLacksError, Syscall
from pictrace.fingerprint.landlock import restrict_to_reading
from pictrace.fingerprint.seccomp import refuse_dangerous_calls

# A worker has six files open: three standard ones, two pipes, /proc of nobody. A task opens two pictures, and a
# decoder that is an extra its own library.
MOST_OPEN_FILES: Final = 32
_MIB: Final = 1024 * 1024
# Address space. OpenCV, NumPy and scikit-image loaded take 0.4 GiB of it with one thread each, 0.6 GiB with two.
ADDRESS_BYTES: Final = 2 * 1024 * _MIB
# Daemon and workers together, see `for_workers`.
TREE_BYTES: Final = 1536 * _MIB
# Measured: the daemon of a small library 110 MiB; a worker at rest 95 MiB when it has described a photo, 190 when it
# has compared many.
_DAEMON_BYTES: Final = 200 * _MIB
_IDLE_BYTES: Final = 200 * _MIB
# Libraries lie in memory and are no data; stacks are data and hardly ever touched.
_LEAST_SHARE_BYTES, _MOST_SHARE_BYTES = 384 * _MIB, 600 * _MIB
_LEAST_ALONE_BYTES: Final = 1024 * _MIB
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a worker may take.

    ``share_bytes``: private memory while others are at work. ``alone_bytes``: while none is. ``address_bytes``: of
    address space, always. ``seconds``: of each task.
    """

    share_bytes: int
    alone_bytes: int
    address_bytes: int = ADDRESS_BYTES
    seconds: float

    @classmethod
    def for_workers(cls, workers: int, *, seconds: float, memory_bytes: int | None = None) -> Limits:
        """Return limits that keep daemon and workers below 1.5 GiB, with up to two workers; each more adds 384 MiB.

        A picture of 24 megapixels takes 210 MiB beyond what is loaded, and fits a share in every format but WebP.

        Args:
            workers: processes.
            seconds: for a task.
            memory_bytes: what daemon and workers may take together instead; see `fitting_workers`.
        """
        room = (TREE_BYTES if memory_bytes is None else memory_bytes) - _DAEMON_BYTES
        least_alone = _LEAST_ALONE_BYTES if memory_bytes is None else _LEAST_SHARE_BYTES
        return cls(
            share_bytes=min(max(room // workers, _LEAST_SHARE_BYTES), _MOST_SHARE_BYTES),
            alone_bytes=max(room - (workers - 1) * _IDLE_BYTES, least_alone),
            seconds=seconds,
        )


def fitting_workers(wanted: int, memory_bytes: int | None) -> int:
    """Return how many workers find room in so much memory beside the daemon: at least one, at most those wanted."""
    if memory_bytes is None:
        return wanted
    return max(1, min(wanted, (memory_bytes - _DAEMON_BYTES) // _LEAST_SHARE_BYTES))


def needed_bytes(workers: int, limits: Limits) -> int:
    """Return what daemon and workers take together at most: all at work, or one alone while the others rest."""
    together = workers * limits.share_bytes
    return _DAEMON_BYTES + max(together, limits.alone_bytes + (workers - 1) * _IDLE_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """The calls that bars are made of."""

    syscall: Syscall = real.syscall
    prctl: Callable[[int, int], int] = real.prctl
    machine: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One thing a worker gives up. ``put_up`` raises KernelLacksError or OSError where that cannot be.

    ``needs_kernel``: not every kernel that PicTrace runs on has it.
    """

    name: str
    keeps: str
    put_up: Callable[[Limits, Kernel], object]
    needs_kernel: bool = False


def put_up_all(limits: Limits, kernel: Kernel | None = None) -> dict[str, str]:
    """Give up all that can be given up, in this process; returns what could not, with the reason, by the bar's name."""
    kernel = kernel or Kernel(machine=real.machine())
    missing: dict[str, str] = {}
    for bar in ALL:
        try:
            bar.put_up(limits, kernel)
        except KernelLacksError as problem:
            missing[bar.name] = str(problem)
        except (OSError, ValueError) as error:
            missing[bar.name] = f"this system refuses it: {error}"
    return missing


def grant(limits: Limits, *, is_alone: bool) -> None:
    """Set what the next task may take (in a worker).

    CPU time is counted over a worker's whole life, so its limit moves along. The daemon ends a task by the clock; this
    one is for a task whose daemon is stopped or hangs. It is twice as long, because decoders have threads.
    """
    _set_soft(resource.RLIMIT_DATA, limits.alone_bytes if is_alone else limits.share_bytes)
    used = resource.getrusage(resource.RUSAGE_SELF)
    _set_soft(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + 2 * limits.seconds))


def _set_soft(kind: int, wanted: int) -> None:
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _set_hard(kind: int, wanted: int) -> None:
    hard = resource.getrlimit(kind)[1]
    least = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(kind, (least, least))


def _end_with_daemon(_: Limits, kernel: Kernel) -> None:
    """Have the kernel kill this worker when the daemon is killed: one that decodes would go on without a time limit."""
    kernel.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is not None and os.getppid() != parent.pid:
        os._exit(1)  # it died before that


def _limit_memory(limits: Limits, _: Kernel) -> None:
    _set_hard(resource.RLIMIT_AS, limits.address_bytes)
    _set_hard(resource.RLIMIT_DATA, limits.alone_bytes)
    _set_soft(resource.RLIMIT_DATA, limits.share_bytes)


def _silence(_: Limits, __: Kernel) -> None:
    """Send what decoders print to nowhere: they print names and bytes of strangers, unescaped, into our log."""
    nowhere = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _ignore_stop_keys(_: Limits, __: Kernel) -> None:
    """Let the daemon alone decide on what Ctrl-C means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


# In this order: output is sent away while files can be opened for writing, and the two that hold for good come last.
ALL: Final = (
    Bar(name="keyboard", keeps="Ctrl-C reaches the daemon only", put_up=_ignore_stop_keys),
    Bar(name="parent", keeps="a worker ends with its daemon", put_up=_end_with_daemon),
    Bar(name="silence", keeps="nothing a decoder prints reaches the log", put_up=_silence),
    Bar(name="memory", keeps="no more than its share of memory, or all of it while it is alone", put_up=_limit_memory),
    Bar(
        name="cpu",
        keeps="no more CPU time than two time limits a task",
        put_up=lambda limits, _: grant(limits, is_alone=False),
    ),
    Bar(name="core", keeps="no photo in a core file", put_up=lambda *_: _set_hard(resource.RLIMIT_CORE, 0)),
    Bar(name="file size", keeps="no byte into a file", put_up=lambda *_: _set_hard(resource.RLIMIT_FSIZE, 0)),
    Bar(
        name="open files",
        keeps=f"no more than {MOST_OPEN_FILES} files open",
        put_up=lambda *_: _set_hard(resource.RLIMIT_NOFILE, MOST_OPEN_FILES),
    ),
    Bar(
        name="privileges",
        keeps="no program started from here gains any",
        put_up=lambda _, kernel: kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1),
    ),
    Bar(
        name="dumpable",
        keeps="no other process of the user looks into a worker",
        put_up=lambda _, kernel: kernel.prctl(_PR_SET_DUMPABLE, 0),
    ),
    Bar(
        name="landlock",
        keeps="files are read, nothing else; no TCP, no signals to others",
        put_up=lambda _, kernel: restrict_to_reading(kernel.syscall),
        needs_kernel=True,
    ),
    Bar(
        name="seccomp",
        keeps="no network, no programs, no change of a file, no rare system calls",
        put_up=lambda _, kernel: refuse_dangerous_calls(kernel.syscall, kernel.machine, os.getpid()),
        needs_kernel=True,
    ),
)  # fmt: skip
