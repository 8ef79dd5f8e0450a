"""Worker processes with limits on time and memory: a hostile file costs only itself.

Each worker has a thread here, and two pipes of its own: what one of them does to its pipes, no other notices.
"""

from __future__ import annotations

import builtins
import contextlib
import logging
import os
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final

from pictrace import errors
from pictrace.errors import BusyError, NetworkError, OutOfMemoryError, PhotoError, UndecodableError, shown
from pictrace.fingerprint.answers import AnswerError, decoded
from pictrace.fingerprint.bars import Limits, fitting_workers
from pictrace.fingerprint.gate import Gate
from pictrace.fingerprint.shapes import shaped, wanted_of
from pictrace.fingerprint.worker import Failure, Request
from pictrace.fingerprint.worker_process import EndedError, WorkerProcess
from pictrace.imaging import MOST_PIXELS
from pictrace.model import CLOCK

log = logging.getLogger(__name__)

SECONDS_PER_TASK: Final = 30
_TASKS_PER_WORKER: Final = 500
# For all of them together: SIGTERM has to end the daemon also where one of them cannot be killed.
_SECONDS_TO_CLOSE: Final = 3.0
_MOST_STARTS: Final = 3
# One thread a library: each takes address space. OpenCV's limit on pixels stands behind our own.
_ENVIRONMENT: Final = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"),
    "OPENCV_IO_MAX_IMAGE_PIXELS": str(MOST_PIXELS),
}


class _LateError(UndecodableError):
    """A task took too long."""


class _CrashError(UndecodableError):
    """A worker died of its task."""


class _Job:
    """A task, and the future that tells its outcome."""

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
        self.function, self.args = function, args
        self.path = next(_paths_of(args), Path("?"))
        self.told: Future[Any] = Future()


def _paths_of(args: tuple[Any, ...]) -> Iterator[Path]:
    """Yield the paths among the arguments of a task, those in tuples too."""
    for arg in args:
        if isinstance(arg, Path):
            yield arg
        elif isinstance(arg, tuple):
            yield from _paths_of(arg)


class WorkerPool:
    """Runs functions in worker processes.

    A task that takes too long, whose worker dies, or that needs more memory than its share is tried once more: the
    latter two alone, with all the memory there is. After that it ends as an `UndecodableError` that names its first
    path; the others do not notice.

    Args:
        workers: processes.
        seconds_per_task: then the worker is killed.
        memory_bytes: what daemon and workers may take together; fewer workers are started where it is little.
    """

    def __init__(
        self, workers: int, *, seconds_per_task: float = SECONDS_PER_TASK, memory_bytes: int | None = None
    ) -> None:
        for name, value in _ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        self.workers = fitting_workers(workers, memory_bytes)
        self.limits = Limits.for_workers(self.workers, seconds=seconds_per_task, memory_bytes=memory_bytes)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._waiting: set[_Job] = set()
        self._gate = Gate()
        self._slots: list[_Slot] = []
        self._is_closed = False
        self._lock = threading.Lock()

    @property
    def missing(self) -> dict[str, str]:
        """Bars that the workers could not put up, with the reason; empty until one of them has started."""
        return {name: reason for slot in self._slots for name, reason in slot.missing.items()}

    def is_alive(self) -> bool:
        """Return whether each worker that is wanted has a thread that looks after it."""
        return len(self._slots) == self.workers and all(slot.is_alive() for slot in self._slots)

    def start(self) -> None:
        """Start the workers now: the first task need not wait for them. Those that could not start are tried again.

        Raises:
            BusyError: the system starts no thread at all.
        """
        with self._lock:
            while len(self._slots) < self.workers and not self._is_closed:
                try:
                    self._slots.append(_Slot(self._jobs, self._gate, self.limits))
                except RuntimeError as error:
                    if not self._slots:
                        raise BusyError(f"no thread for a worker can be started: {error}") from error
                    return

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        """Return the future of a call; arguments must be picklable, answers plain (see ``answers``).

        Cancelling it kills the worker if it is at work on it.
        """
        self.start()
        job = _Job(function, args)
        self._waiting.add(job)
        job.told.add_done_callback(lambda _: self._waiting.discard(job))
        self._jobs.put(job)
        if self._is_closed:
            job.told.cancel()
        return job.told

    def close(self) -> None:
        """Kill the workers; what they did not finish is cancelled. One that hangs in the kernel is left behind."""
        with self._lock:
            self._is_closed = True
        for slot in self._slots:
            slot.is_closed = True
            self._jobs.put(None)
        for job in list(self._waiting):
            job.told.cancel()
        limit = CLOCK.monotonic() + _SECONDS_TO_CLOSE
        for slot in self._slots:
            slot.join(max(0.0, limit - CLOCK.monotonic()))


class _Slot(threading.Thread):
    """A thread with a worker process; workers end with the thread that started them."""

    def __init__(self, jobs: queue.SimpleQueue[_Job | None], gate: Gate, limits: Limits) -> None:
        super().__init__(name="pictrace worker", daemon=True)
        self._jobs, self._gate, self._limits = jobs, gate, limits
        self._worker: WorkerProcess | None = None
        self.missing: dict[str, str] = {}
        self.is_closed = False
        self.start()

    def run(self) -> None:
        """Work off jobs until there are no more."""
        with contextlib.suppress(Exception):  # the first task will hear of it
            self._ready()
        while (job := self._jobs.get()) is not None:
            try:
                if not job.told.cancelled() and not self.is_closed:
                    self._tell(job)
            except Exception as error:  # a thread that ends would leave its task, and those to come, waiting
                log.exception("an error in PicTrace; please report it")
                if not job.told.done():
                    job.told.set_exception(error)
        self._drop()

    def _tell(self, job: _Job) -> None:
        job.told.add_done_callback(lambda told: self._kill() if told.cancelled() else None)
        error: BaseException | None = None
        value: Any = None
        try:
            value = self._outcome(job)
        except Exception as problem:  # noqa: BLE001 – whatever it is, it is the task's outcome
            error = problem
        if not job.told.set_running_or_notify_cancel():
            self._drop()  # whoever cancelled it kills the worker, at once or in a moment
        elif error is None:
            job.told.set_result(value)
        else:
            job.told.set_exception(error)

    def _outcome(self, job: _Job) -> Any:
        try:
            with self._gate.shared():
                return self._asked(job, is_alone=False)
        except _LateError:
            with self._gate.shared():
                return self._asked(job, is_alone=False)
        except (OutOfMemoryError, _CrashError):
            # What failed for want of memory still holds some of it, 0.4 GiB were seen, until Python looks for cycles.
            self._drop()
            with self._gate.alone():
                return self._asked(job, is_alone=True)

    def _asked(self, job: _Job, *, is_alone: bool) -> Any:
        worker = self._ready()
        if job.told.cancelled():
            return None
        try:
            was_done, plain = shaped(tuple[bool, Any], decoded(worker.ask(Request(job.function, job.args, is_alone))))
            if was_done:
                return shaped(wanted_of(job.function), plain)
            failure: Failure = shaped(Failure, plain)
        except EndedError as end:
            if end.is_late:
                raise _LateError(job.path, f"decoding took longer than {self._limits.seconds:g} s") from end
            raise _CrashError(job.path, f"the decoder crashed ({end.how})") from end
        except AnswerError as error:
            self._drop()
            raise _CrashError(job.path, f"the decoder gave a wrong answer: {error}") from error
        raise _error_of(failure, job.path)

    def _ready(self) -> WorkerProcess:
        """Return a worker that can be asked, a new one where the old one is over or has worked enough."""
        worker = self._worker
        if worker is not None and not worker.is_over and worker.tasks < _TASKS_PER_WORKER:
            return worker
        self._drop()
        reason = ""
        for _ in range(_MOST_STARTS):
            try:
                self._worker = WorkerProcess(self._limits)
            except (EndedError, OSError, BusyError) as error:
                reason = str(error)
            else:
                self.missing = self._worker.missing
                return self._worker
        raise BusyError(f"no worker process comes up: {reason}")

    def _kill(self) -> None:
        worker = self._worker
        if worker is not None:
            worker.kill()

    def _drop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()


def _error_of(failure: Failure, path: Path) -> Exception:
    """Return the error that a worker met. Its words may be a stranger's: what cannot be printed is escaped."""
    text = shown(failure.text)
    kind = getattr(errors, failure.kind, None)
    if isinstance(kind, type) and issubclass(kind, PhotoError | NetworkError):
        return kind(path if failure.path is None else Path(failure.path), text)
    kind = getattr(builtins, failure.kind, None)
    try:
        error = kind(text) if isinstance(kind, type) and issubclass(kind, Exception) else None
    except TypeError:  # one that wants more than a text
        error = None
    error = error or RuntimeError(f"{shown(failure.kind)}: {text}")
    error.add_note("in a worker:\n" + "\n".join(shown(line) for line in failure.trace.splitlines()))
    return error
