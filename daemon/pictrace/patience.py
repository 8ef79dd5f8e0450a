"""Asks a disk in a thread of its own: a share that does not answer holds up that thread, and nobody else."""

from __future__ import annotations

import errno
import functools
import os
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

T = TypeVar("T")

# Beyond this a disk counts as stalled. One that has to spin up may take longer: it is back by itself then.
PATIENCE_SECONDS: Final = 3.0
# A thread that nobody asks ends; the next question starts another.
_IDLE_SECONDS: Final = 10.0


class StalledError(TimeoutError):
    """No answer came in time; what was asked goes on in its thread, and its answer is dropped.

    Args:
        name: of whom was asked, a folder or a host.
    """

    def __init__(self, name: str) -> None:
        super().__init__(errno.ETIMEDOUT, "the disk does not answer", name)


@dataclass(slots=True, eq=False)
class _Question:
    """What is asked, and where the answer goes: a value, or the error that came instead."""

    call: Callable[[], Any]  # Any: each question has an answer of its own
    answer: queue.SimpleQueue[tuple[Any, BaseException | None]] = field(default_factory=queue.SimpleQueue)


class Asker:
    """Answers questions about one disk, or to one server, one after the other, each within a limited time.

    While a question hangs, every further one fails at once: a caller waits for a stalled disk once, not each time.

    Args:
        name: of whom is asked, a folder or a host, for the error.
        patience_seconds: how long an answer is waited for.
    """

    def __init__(self, name: str, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._name = name
        self._patience = patience_seconds
        self._lock = threading.Lock()
        self._questions: queue.SimpleQueue[_Question] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._hanging: _Question | None = None

    def ask(self, call: Callable[[], T]) -> T:
        """Return what a function gives, called in this asker's thread.

        Raises:
            StalledError: it gave nothing in time, an earlier question still hangs, or no thread can be started now.
            Exception: whatever the function raises.
        """
        if threading.current_thread() is self._thread:
            return call()  # a question within a question
        question = _Question(call)
        with self._lock:
            if self._hanging is not None:
                raise StalledError(self._name)
            if self._thread is None:
                self._start()
            self._questions.put(question)
        value, error = self._waited_for(question)
        if error is not None:
            raise error
        answer: T = value
        return answer

    def _start(self) -> None:
        # Known before it runs: it looks whether it is itself the one that asks.
        self._thread = threading.Thread(target=self._work, name=f"ask {self._name}", daemon=True)
        try:
            self._thread.start()
        except RuntimeError as error:  # the system starts no more threads now: the next question tries it again
            self._thread = None
            raise StalledError(self._name) from error

    def _waited_for(self, question: _Question) -> tuple[Any, BaseException | None]:
        try:
            return question.answer.get(timeout=self._patience)
        except queue.Empty:
            with self._lock:
                if question.answer.empty():  # else it came in this very moment
                    self._hanging = self._hanging or question
                    raise StalledError(self._name) from None
        return question.answer.get()

    def _work(self) -> None:
        while True:
            try:
                question = self._questions.get(timeout=_IDLE_SECONDS)
            except queue.Empty:
                with self._lock:
                    if self._questions.empty():
                        self._thread = None
                        return
                continue
            answer = _answer(question)
            with self._lock:
                question.answer.put(answer)
                if self._questions.empty():
                    self._hanging = None


def _answer(question: _Question) -> tuple[Any, BaseException | None]:
    try:
        return question.call(), None
    except BaseException as error:  # noqa: BLE001 – it belongs to who asked
        return None, error


@functools.cache
def asker_of(path: Path) -> Asker:
    """Return the one asker for a folder, so that whoever asks next knows that it hangs already."""
    return Asker(str(path))


def real_path(path: Path) -> Path:
    """Return a path with its links followed; as it is where its disk does not answer."""
    try:
        # Not Path.resolve(), which raises on a loop of links.
        return Path(asker_of(path).ask(functools.partial(os.path.realpath, path)))
    except StalledError:
        return path
