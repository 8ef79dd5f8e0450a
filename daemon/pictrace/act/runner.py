"""Runs programs that the config allows: a list of arguments, never a shell, with a limit on time and output."""

from __future__ import annotations

import contextlib
import logging
import os
import selectors
import signal
import subprocess
from collections.abc import Sequence
from typing import IO

from pictrace.act.world import World
from pictrace.errors import ActError, shown
from pictrace.model import Change, ChangeState
from pictrace.store import Journal

log = logging.getLogger(__name__)

_MOST_OUTPUT = 2_000
_STEP_SECONDS = 0.2
_KEPT_VARIABLES = ("HOME", "LANG", "LC_ALL", "TZ", "USER", "LOGNAME")
_PATH = "/usr/local/bin:/usr/bin:/bin"


class Runner:
    """Runs the program of a change to its end."""

    def __init__(self, world: World, journal: Journal) -> None:
        self._world = world
        self._journal = journal

    def run(self, change: Change) -> Change:
        """Run a program; what it said goes into the log, how it ended into the journal.

        Raises:
            ActError: it ended with another exit code than 0, by a signal, or not in time.
            OSError: it cannot be started.
        """
        command: Sequence[str] = change.details["command"]
        limit: float = change.details["timeout_seconds"]
        self._world.checkpoint("before run")
        process = _started(command)
        try:
            output, reason = self._followed(process, limit)
        finally:
            _end(process)
        code = process.returncode
        said = output[-_MOST_OUTPUT:].decode("utf-8", "replace").strip()
        if said:
            log.info("%s said: %s", shown(command[0]), shown(said))
        details = {**change.details, "exit_code": code}
        if reason is None and code != 0:
            reason = f"ended with exit code {code}" if code > 0 else f"ended by signal {-code}"
        if reason is not None:
            self._journal.advance(change.id, change.state, details=details)
            last = said.splitlines()[-1:]
            raise ActError(f"{shown(command[0])} {reason}{''.join(f': {shown(line)}' for line in last)}")
        return self._journal.advance(change.id, ChangeState.DONE, details=details)

    def _followed(self, process: subprocess.Popen[bytes], limit: float) -> tuple[bytes, str | None]:
        """Read what a program says until it ends; returns that, and why it was not waited for any longer."""
        if process.stdout is None:
            raise ActError("the program has no output")
        until, said = self._world.monotonic() + limit, b""
        with selectors.DefaultSelector() as selector:
            os.set_blocking(process.stdout.fileno(), False)
            selector.register(process.stdout, selectors.EVENT_READ)
            while process.poll() is None:
                if not self._world.go_on():
                    return said, "was ended: PicTrace stops"
                if self._world.monotonic() >= until:
                    return said, f"was ended: it took longer than {limit:g} s"
                if selector.get_map():
                    if selector.select(_STEP_SECONDS):
                        said = _with_more(said, process.stdout, selector)
                else:
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(_STEP_SECONDS)
            if selector.get_map():
                said = _with_more(said, process.stdout, selector)
        return said, None


def _started(command: Sequence[str]) -> subprocess.Popen[bytes]:
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        env={"PATH": _PATH, **kept},
        start_new_session=True,  # a group of its own: all of it can be ended, and no signal of ours reaches it
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program that still runs, with all it started."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _with_more(said: bytes, stream: IO[bytes], selector: selectors.BaseSelector) -> bytes:
    """Return what was said with what can be read now; only the end of it is kept."""
    try:
        more = os.read(stream.fileno(), 65536)
    except BlockingIOError:
        return said
    if not more:
        selector.unregister(stream)
    return (said + more)[-4 * _MOST_OUTPUT :]
