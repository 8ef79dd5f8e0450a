"""The thread in which events become hints, so that watchdog's own threads never do more than queue."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

TEND_SECONDS = 2.0


class Listener:
    """Does jobs in the order in which they come, and between them, every two seconds, one of its own.

    Args:
        tend: done every two seconds.
        on_failed: told that a job failed, with the reason: what it was about has to be looked for in another way.
    """

    def __init__(self, tend: Callable[[], None], on_failed: Callable[[str], None]) -> None:
        self._tend = tend
        self._on_failed = on_failed
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="listen", daemon=True)

    def start(self) -> None:
        """Begin with the jobs."""
        self._thread.start()

    def stop(self) -> None:
        """End after the jobs that are queued; one that hangs in the kernel is left behind."""
        self._jobs.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def is_alive(self) -> bool:
        """Return whether the thread lives."""
        return self._thread.is_alive()

    def put(self, job: Callable[[], None]) -> None:
        """Queue a job; never waits."""
        self._jobs.put(job)

    def _run(self) -> None:
        next_tend = 0.0
        while True:
            try:
                job = self._jobs.get(timeout=TEND_SECONDS)
            except queue.Empty:
                pass
            else:
                if job is None:
                    return
                self._do(job)
            now = time.monotonic()
            if now >= next_tend:
                self._do(self._tend)
                next_tend = now + TEND_SECONDS

    def _do(self, job: Callable[[], None]) -> None:
        # An error here would end the thread for good while the process looks healthy.
        try:
            job()
        except Exception as problem:
            log.exception("an event was not taken")
            self._tell(problem)

    def _tell(self, problem: Exception) -> None:
        try:
            self._on_failed(f"{type(problem).__name__}: {problem}")
        except Exception:
            log.exception("that an event was not taken could not be told")
