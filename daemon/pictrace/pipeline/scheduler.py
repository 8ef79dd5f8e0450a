"""Runs the jobs of the pipeline: each is a generator that hands its heavy steps to worker processes.

A job yields a `Task` to have a function run in a worker, and is resumed with its result, or with the error it raised.
It yields an `Until` to wait for a word that another job gives with `Scheduler.release`. Everything between two yields
runs in the one thread that owns the store, so jobs need no locks.
"""

from __future__ import annotations

import logging
import queue
from collections import defaultdict, deque
from collections.abc import Callable, Generator, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from pictrace.errors import PhotoError, PicTraceError

log = logging.getLogger(__name__)

_MOST_STARTS = 256


@dataclass(frozen=True, slots=True)
class Task:
    """A function to be run in a worker process."""

    function: Callable[..., Any]  # Any: each task has its own arguments and result
    args: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Until:
    """Wait until somebody releases this word."""

    word: Hashable


Job = Generator[Task | Until, Any, None]  # Any: what is sent in is the result of the task


class Pool(Protocol):
    """What the scheduler needs of a worker pool."""

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        """Return the future of a call in a worker."""


@dataclass(slots=True)
class _Running:
    job: Job
    is_urgent: bool


class Scheduler:
    """Advances jobs, urgent ones first, with a bounded number of tasks at the workers.

    Args:
        pool: where tasks run.
        max_in_flight: tasks handed to the pool at once. Small, so that an arrival never waits behind a long queue.
    """

    def __init__(self, pool: Pool, *, max_in_flight: int) -> None:
        self._pool = pool
        self._max_in_flight = max_in_flight
        self._finished: queue.SimpleQueue[tuple[_Running, Future[Any]]] = queue.SimpleQueue()
        self._in_flight: list[_Running] = []
        self._new: dict[bool, deque[_Running]] = {True: deque(), False: deque()}
        self._tasks: dict[bool, deque[tuple[_Running, Task]]] = {True: deque(), False: deque()}
        self._waiting: defaultdict[Hashable, list[_Running]] = defaultdict(list)
        self._count = 0

    def __len__(self) -> int:
        """Return how many jobs have not ended."""
        return self._count

    def add(self, job: Job, *, is_urgent: bool = False) -> None:
        """Queue a job; it starts in a later `step`."""
        self._new[is_urgent].append(_Running(job, is_urgent))
        self._count += 1

    def release(self, word: Hashable) -> None:
        """Let every job that waits for this word go on."""
        for running in self._waiting.pop(word, ()):
            self._advance(running, None)

    def step(self, timeout_seconds: float) -> None:
        """Start what can be started, and take up what the workers finished, waiting for at most one result."""
        self._fill()
        if not self._in_flight:
            return
        try:
            running, future = self._finished.get(timeout=timeout_seconds)
        except queue.Empty:
            return
        while True:
            self._in_flight.remove(running)
            self._resume(running, future)
            try:
                running, future = self._finished.get_nowait()
            except queue.Empty:
                break
        self._fill()

    def stop(self) -> None:
        """Drop all jobs that have not ended; each sees a GeneratorExit where it stands."""
        running = [r for jobs in self._new.values() for r in jobs]
        running += [r for tasks in self._tasks.values() for r, _ in tasks]
        running += [r for waiting in self._waiting.values() for r in waiting]
        running += self._in_flight
        for queues in (self._new, self._tasks):
            for jobs in queues.values():
                jobs.clear()
        self._waiting.clear()
        self._in_flight.clear()
        for one in running:
            one.job.close()
        self._count = 0

    def _fill(self) -> None:
        """Hand tasks out, and start new jobs only while the workers would run dry.

        Bounded, because a job on a file that is known already ends without a task: a hundred thousand of them must
        not keep the caller from its other duties.
        """
        for _ in range(_MOST_STARTS):
            if len(self._in_flight) >= self._max_in_flight:
                break
            if not self._start_task() and not self._start_job():
                break

    def _start_task(self) -> bool:
        for is_urgent in (True, False):
            if self._tasks[is_urgent]:
                running, task = self._tasks[is_urgent].popleft()
                self._in_flight.append(running)
                future = self._pool.submit(task.function, *task.args)
                future.add_done_callback(partial(self._hand_back, running))
                return True
            if is_urgent and self._new[True]:
                return False
        return False

    def _hand_back(self, running: _Running, future: Future[Any]) -> None:
        """Queue a finished task (called in the pool's thread)."""
        self._finished.put((running, future))

    def _start_job(self) -> bool:
        for is_urgent in (True, False):
            if self._new[is_urgent]:
                self._advance(self._new[is_urgent].popleft(), None)
                return True
        return False

    def _resume(self, running: _Running, future: Future[Any]) -> None:
        if future.cancelled():
            self._finish(running)
            return
        error = future.exception()
        if error is None:
            self._advance(running, future.result())
        else:
            self._advance(running, None, error)

    def _advance(self, running: _Running, value: object, error: BaseException | None = None) -> None:
        try:
            wanted = running.job.throw(error) if error is not None else running.job.send(value)
        except StopIteration:
            self._finish(running)
        except PhotoError as problem:
            log.warning("%s", problem)
            self._finish(running)
        except PicTraceError:
            self._finish(running)
            raise
        else:
            if isinstance(wanted, Until):
                self._waiting[wanted.word].append(running)
            else:
                self._tasks[running.is_urgent].append((running, wanted))

    def _finish(self, running: _Running) -> None:
        running.job.close()
        self._count -= 1
