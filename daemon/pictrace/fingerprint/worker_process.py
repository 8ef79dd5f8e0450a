"""One worker process, seen from the daemon."""

from __future__ import annotations

import atexit
import multiprocessing
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Any, Final

from pictrace.errors import BusyError
from pictrace.fingerprint.answers import MOST_BYTES, AnswerError, decoded
from pictrace.fingerprint.bars import Limits
from pictrace.fingerprint.shapes import shaped
from pictrace.fingerprint.worker import Request, serve

# Importing takes half a second, from a cold disk under load a multiple of it.
_SECONDS_TO_START: Final = 120.0
# A worker that waits for a network share that is gone cannot even be killed.
SECONDS_TO_DIE = 5.0
# Half a minute in which the system may find a thread for us.
_MOST_PAUSES: Final = 150
_PAUSE_SECONDS: Final = 0.2
_sleep = time.sleep
# Never fork: the daemon has threads, and a forked lock that one of them held stays locked.
_CONTEXT: Final = multiprocessing.get_context("spawn")
_starting = threading.Lock()
# Threads end where they are when the program does: one that a worker is being started in would leave it half an order.
atexit.register(_starting.acquire, timeout=5.0)


class EndedError(Exception):
    """A worker is gone. ``how``: in words. ``is_late``: it was killed because its time was over."""

    def __init__(self, how: str, *, is_late: bool = False) -> None:
        super().__init__(how)
        self.how = how
        self.is_late = is_late


class WorkerProcess:
    """A process that answers one request at a time; make it in the thread that asks it.

    ``missing``: which bars could not be put up, with the reason.

    Raises:
        EndedError: it did not come up.
        OSError: the system starts no more processes.
        BusyError: it starts no more threads.
    """

    def __init__(self, limits: Limits) -> None:
        self._seconds = limits.seconds
        self.tasks = 0
        self.is_over = False
        requests, self._requests = _CONTEXT.Pipe(duplex=False)
        self._answers, answers = _CONTEXT.Pipe(duplex=False)
        self._process = _CONTEXT.Process(
            target=serve, args=(requests, answers, limits), name="pictrace worker", daemon=True
        )
        try:
            with _starting, _uninterrupted():  # multiprocessing keeps a list of children without a lock
                self._process.start()
        except BaseException:
            self._close()
            raise
        finally:
            # Only the worker has them open now: they end with it.
            requests.close()
            answers.close()
        try:
            self.missing: dict[str, str] = shaped(dict[str, str], decoded(self._answer(_SECONDS_TO_START)))
        except AnswerError as error:
            self.kill()
            raise EndedError(f"its first word was wrong: {error}") from error
        except BusyError:
            self.end()
            raise

    def ask(self, request: Request) -> bytes:
        """Return the answer to a request.

        Raises:
            EndedError: the worker died, or took too long and was killed.
            BusyError: nobody could be set to watch over it; it was asked nothing.
        """
        self.tasks += 1
        return self._answer(self._seconds, request)

    def kill(self) -> None:
        """End it now; may be called by any thread, at any time."""
        self.is_over = True
        self._process.kill()

    def end(self) -> None:
        """Kill it and forget it (in the thread that made it), also where it does not die."""
        self.kill()
        self._process.join(SECONDS_TO_DIE)
        self._close()

    def _answer(self, seconds: float, request: Request | None = None) -> bytes:
        with self._deadline(seconds) as is_late:
            try:
                if request is not None:
                    self._requests.send(request)
                if not self._answers.poll(seconds + SECONDS_TO_DIE):
                    raise EOFError
                return self._answers.recv_bytes(MOST_BYTES)
            except (EOFError, OSError) as error:
                # Python closes a pipe in which too long an answer is announced.
                how = "it answered beyond measure" if self._answers.closed else ""
                self._process.join(SECONDS_TO_DIE)  # for its own exit code: it closed its pipe by dying
                self.end()
                raise EndedError(how or _ending(self._process.exitcode), is_late=is_late.is_set()) from error

    @contextmanager
    def _deadline(self, seconds: float) -> Iterator[threading.Event]:
        """Kill the worker after some seconds, whatever this thread waits for then: half an answer, too."""
        is_late, is_done = threading.Event(), threading.Lock()

        def end() -> None:
            if is_done.acquire(blocking=False):
                is_late.set()
                self.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        self._start(timer)
        try:
            yield is_late
        finally:
            is_done.acquire(blocking=False)
            timer.cancel()

    def _start(self, timer: threading.Timer) -> None:
        """Start a thread; where the system refuses, in a moment again: it has no more of them now and then."""
        for _ in range(_MOST_PAUSES):
            try:
                timer.start()
            except RuntimeError:
                if self.is_over:
                    break
                _sleep(_PAUSE_SECONDS)
            else:
                return
        raise BusyError("the system starts no more threads: raise its limit on tasks, or set fewer `workers`")

    def _close(self) -> None:
        for pipe in (self._requests, self._answers):
            _close(pipe)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Have a process that is started here hear no Ctrl-C: until it says so itself, that would end it with a traceback.

    A child inherits what its starter's thread keeps back. The main thread hears it as ever.
    """
    resource_tracker.ensure_running()  # it lets SIGINT in again when it starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _close(pipe: Connection[Any, Any]) -> None:
    if not pipe.closed:
        pipe.close()


def _ending(exitcode: int | None) -> str:
    """Return how a process ended, in words: ``SIGSEGV``, ``exit code 3``."""
    try:
        return signal.Signals(-(exitcode or 0)).name
    except ValueError:
        return f"exit code {exitcode}"
