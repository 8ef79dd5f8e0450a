"""Worker processes with limits on time and memory: a hostile file costs only itself."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from pathlib import Path
from typing import Any, Final

from pebble import ProcessExpired, ProcessPool

from pictrace.errors import UndecodableError

SECONDS_PER_TASK: Final = 30
# Address space. OpenCV, NumPy and scikit-image loaded take 0.4 GiB of it with one thread each, 0.6 GiB with two.
MEMORY_BYTES: Final = 2 * 1024**3
_TASKS_PER_WORKER: Final = 500
_SECONDS_TO_CLOSE: Final = 5
_ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
_PR_SET_PDEATHSIG: Final = 1


class WorkerPool:
    """Runs functions in worker processes.

    A task that takes too long, or whose worker dies, ends as an `UndecodableError` that names its first path; the
    others do not notice. Make it in a thread that lives as long as it: workers end with the thread that started them.

    Args:
        workers: processes.
        seconds_per_task: then the worker is killed.
        memory_bytes: address space of a worker.
    """

    def __init__(
        self, workers: int, *, seconds_per_task: float = SECONDS_PER_TASK, memory_bytes: int = MEMORY_BYTES
    ) -> None:
        for name in _ONE_THREAD:
            os.environ.setdefault(name, "1")
        self.workers = workers
        self._seconds = seconds_per_task
        self._waiting: set[Future[Any]] = set()
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=_TASKS_PER_WORKER,
            initializer=_limit_worker,
            initargs=(memory_bytes,),
            # Never fork: the daemon has threads, and a forked lock that one of them held stays locked.
            context=multiprocessing.get_context("spawn"),
        )

    def start(self) -> None:
        """Start the workers now: the first task need not wait for them."""
        self.submit(_nothing)

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        """Return the future of a call; functions and values must be picklable.

        Cancelling it kills the worker if it is at work on it.
        """
        told: Future[Any] = Future()
        inner = self._pool.schedule(function, args=list(args), timeout=self._seconds)
        self._waiting.add(told)
        told.add_done_callback(self._waiting.discard)
        told.add_done_callback(lambda done: inner.cancel() if done.cancelled() else None)
        inner.add_done_callback(lambda done: self._pass_on(done, told, args))
        return told

    def close(self) -> None:
        """Kill the workers; what they did not finish is cancelled."""
        self._pool.stop()
        for told in list(self._waiting):
            told.cancel()
        self._pool.join(timeout=_SECONDS_TO_CLOSE)

    def _pass_on(self, done: Any, told: Future[Any], args: tuple[Any, ...]) -> None:
        if done.cancelled():
            told.cancel()
        if not told.set_running_or_notify_cancel():
            return
        error = done.exception()
        if error is None:
            told.set_result(done.result())
        else:
            told.set_exception(self._translated(error, args))

    def _translated(self, error: BaseException, args: tuple[Any, ...]) -> BaseException:
        path = next((arg for arg in args if isinstance(arg, Path)), Path("?"))
        match error:
            case FutureTimeoutError() | TimeoutError():
                return UndecodableError(path, f"decoding took longer than {self._seconds:g} s")
            case ProcessExpired():
                return UndecodableError(path, f"the decoder crashed ({_ending(error.exitcode)})")
            case MemoryError():
                return UndecodableError(path, "decoding needs more memory than a worker may use")
            case _:
                return error


def _nothing() -> None:
    """Do nothing, in a worker."""


def _ending(exitcode: int | None) -> str:
    """Return how a process ended, in words: ``SIGSEGV``, ``exit code 3``."""
    try:
        return signal.Signals(-(exitcode or 0)).name
    except ValueError:
        return f"exit code {exitcode}"


def _limit_worker(memory_bytes: int) -> None:
    """Give up what a decoder does not need (runs first in each worker)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _silence()
    import cv2  # noqa: PLC0415 – after the limits

    cv2.setNumThreads(1)


def _end_with_parent() -> None:
    """Have the kernel kill this worker when the daemon is killed: one that decodes would go on without a time limit."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is not None and os.getppid() != parent.pid:
        os._exit(1)  # it died before that


def _silence() -> None:
    """Send what decoders print to nowhere: they print names and bytes of strangers, unescaped, into our log."""
    nowhere = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
