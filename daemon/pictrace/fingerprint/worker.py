"""A worker process: puts up its bars, then runs one task after the other and answers with plain values."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

import cv2

from pictrace.errors import NetworkError, OutOfMemoryError, PhotoError
from pictrace.fingerprint.answers import encoded
from pictrace.fingerprint.bars import Limits, grant, put_up_all

_MOST_TEXT = 4000


class Request(NamedTuple):
    """A task for a worker."""

    function: Callable[..., Any]  # Any: each has its own arguments and answer
    args: tuple[Any, ...]
    is_alone: bool


class Failure(NamedTuple):
    """An error as plain text. ``path``: of a PhotoError, NetworkError. ``trace``: where in the worker it was raised."""

    kind: str
    path: str | None
    text: str
    trace: str


def serve(requests: Connection, answers: Connection, limits: Limits) -> None:
    """Answer requests until there are no more; the first answer says which bars could not be put up, and why."""
    missing = put_up_all(limits)
    cv2.setNumThreads(1)
    answers.send_bytes(encoded(missing))
    while True:
        try:
            request: Request = requests.recv()
        except EOFError:
            return
        grant(limits, is_alone=request.is_alone)
        answers.send_bytes(_answer(request))


def _answer(request: Request) -> bytes:
    """Return (True, what the function gave) or (False, the failure), encoded."""
    try:
        return encoded((True, request.function(*request.args)))
    except Exception as error:  # noqa: BLE001 – whatever it is, it is the answer
        return encoded((False, _failure(error)))


def _failure(error: Exception) -> Failure:
    # OpenCV has an error of its own for everything; a detector short of memory would be taken for a fault of ours.
    if isinstance(error, MemoryError) or getattr(error, "code", None) == cv2.Error.StsNoMem:
        return Failure(OutOfMemoryError.__name__, None, "decoding needs more memory than a worker may use", "")
    if isinstance(error, PhotoError | NetworkError):
        return Failure(type(error).__name__, str(error.path), error.reason[:_MOST_TEXT], "")
    trace = "".join(traceback.format_exception(error))
    return Failure(type(error).__name__, None, str(error)[:_MOST_TEXT], trace[-_MOST_TEXT:])
