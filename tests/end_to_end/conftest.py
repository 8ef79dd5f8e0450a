"""A real daemon in a process of its own, watched from outside as a user would."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pictrace.service.status import read_status

_WAIT_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class House:
    """A library, its config and its state folder, as seen from here.

    ``view`` is where the daemon's own ``/`` is seen from here, ``enter`` the words that start a program in its view of
    the file systems.
    """

    library: Path
    state: Path
    config: Path
    view: Path = Path("/")
    enter: tuple[str, ...] = ()

    def inside(self, path: Path) -> Path:
        """Return a path as the daemon sees it."""
        return Path("/") / path.relative_to(self.view)

    def configure(self, *, act: bool = True, rules: str = "", quiet: str = "400ms", extra: str = "") -> None:
        wanted = rules or "  - include: exact-copies\n  - include: quarantine-renditions\n"
        self.config.write_text(
            f"version: 1\nroots:\n  - path: {json.dumps(str(self.inside(self.library)))}\n"
            f"quiet: {quiet}\nact: {str(act).lower()}\n{extra}rules:\n{wanted}"
        )

    def run(self, *words: str, code: int = 0) -> list[dict[str, Any]]:
        """Run a command with --json and return its objects."""
        done = self.start(*words, "--json")
        out, err = done.communicate(timeout=120)
        assert done.returncode == code, f"pictrace {' '.join(words)}: {done.returncode}\n{out}\n{err}"
        return [json.loads(line) for line in out.splitlines()]

    def start(self, *words: str) -> subprocess.Popen[str]:
        command = self._command(*words)
        # Nobody to ask, whoever runs the tests.
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, text=True, **pipes)

    def _command(self, *words: str) -> list[str]:
        places = ("--config", str(self.inside(self.config)), "--state", str(self.inside(self.state)))
        return [*self.enter, sys.executable, "-m", "pictrace", *words, *places]

    @contextmanager
    def daemon(self) -> Iterator[subprocess.Popen[str]]:
        """Run the daemon; it is ready and idle when the block begins."""
        log = self.state.parent / "daemon.log"
        command = self._command("watch", "--json", "--verbose")
        with log.open("a") as stream:
            process = subprocess.Popen(command, stdout=stream, stderr=stream, text=True)
            try:
                self.wait_idle()
                yield process
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
                    assert process.wait(timeout=20) == 0, log.read_text()[-3000:]

    def wait(self, condition: Callable[[], object], what: str, *, seconds: float = _WAIT_SECONDS) -> None:
        limit = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > limit:
                log = self.state.parent / "daemon.log"
                pytest.fail(f"waited {seconds} s in vain for {what}\n{log.read_text()[-3000:]}")
            time.sleep(0.05)

    def wait_idle(self, *, seconds: float = _WAIT_SECONDS) -> None:
        """Wait until everything in the library is known and judged."""
        started = time.time()

        def is_idle() -> bool:
            status = read_status(self.state)
            return (
                status is not None
                and status["written_at"] > started + 0.3
                and not status["is_scanning"]
                and status["queued"] == status["pending"] == 0
                and all(root["is_indexed"] for root in status["roots"])
            )

        self.wait(is_idle, "an idle daemon", seconds=seconds)

    def quarantined(self) -> list[Path]:
        folder = self.library / ".pictrace" / "quarantine"
        return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.jsonl")

    def tree(self) -> dict[str, tuple[str, int]]:
        """Return digest and mtime of every photo in the library, quarantine left out."""
        return {
            os.fspath(path.relative_to(self.library)): (
                hashlib.sha256(path.read_bytes()).hexdigest(),
                path.stat().st_mtime_ns,
            )
            for path in sorted(self.library.rglob("*"))
            if path.is_file() and ".pictrace" not in path.parts
        }


@pytest.fixture
def house(tmp_path: Path) -> House:
    library = tmp_path / "Pictures"
    library.mkdir()
    made = House(library=library, state=tmp_path / "state", config=tmp_path / "config.yaml")
    made.configure()
    return made
