"""Worker processes with limits on time and memory: a hostile file costs only itself."""

from __future__ import annotations

import logging
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from pathlib import Path
from typing import Any

from pebble import ProcessExpired, ProcessPool

from pictrace.errors import UndecodableError

log = logging.getLogger(__name__)

SECONDS_PER_TASK = 30
MEMORY_BYTES = 2 * 1024**3
_TASKS_PER_WORKER = 500
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


class WorkerPool:
    """Runs functions in worker processes.

    A task that takes too long, or whose worker dies, ends as an `UndecodableError` that names its first argument; the
    others do not notice.

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
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=_TASKS_PER_WORKER,
            initializer=_limit_worker,
            initargs=(memory_bytes,),
            # Never fork: the daemon has threads, and a forked lock that one of them held stays locked.
            context=multiprocessing.get_context("spawn"),
        )

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        """Return the future of a call; functions and values must be picklable."""
        told: Future[Any] = Future()
        inner = self._pool.schedule(function, args=list(args), timeout=self._seconds)
        inner.add_done_callback(lambda done: self._pass_on(done, told, args))
        return told

    def close(self) -> None:
        """Kill the workers; what they did not finish is cancelled."""
        self._pool.stop()
        self._pool.join(timeout=5)

    def _pass_on(self, done: Any, told: Future[Any], args: tuple[Any, ...]) -> None:
        if done.cancelled():
            told.cancel()
            told.set_running_or_notify_cancel()
            return
        error = done.exception()
        path = next((arg for arg in args if isinstance(arg, Path)), Path("?"))
        match error:
            case None:
                told.set_result(done.result())
            case FutureTimeoutError() | TimeoutError():
                told.set_exception(UndecodableError(path, f"decoding took longer than {self._seconds:g} s"))
            case ProcessExpired():
                told.set_exception(UndecodableError(path, f"the decoder crashed (exit code {error.exitcode})"))
            case MemoryError():
                told.set_exception(UndecodableError(path, "decoding needs more memory than a worker may use"))
            case _:
                told.set_exception(error)


def _limit_worker(memory_bytes: int) -> None:
    """Give up what a decoder does not need (runs first in each worker)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import cv2  # noqa: PLC0415 – after the limits

    cv2.setNumThreads(1)
