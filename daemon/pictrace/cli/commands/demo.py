"""``pictrace demo``: the daemon at work on a folder of its own, live; leaves nothing behind."""

from __future__ import annotations

import hashlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from pictrace.cli import options
from pictrace.cli.demo_photos import Landing, landings, make_library
from pictrace.cli.output import Output
from pictrace.errors import BusyError
from pictrace.service.status import read_status

_CONFIG = """\
version: 1
roots:
  - path: {library}
quiet: 1s
act: true
rules:
  - include: exact-copies
  - include: quarantine-renditions
"""
_START_SECONDS = 40.0
_VERDICT_SECONDS = 15.0
_LEFT_ALONE_SECONDS = 4.0


def demo(json_lines: options.JsonOption = False) -> None:
    """Let copies of photographs land in a folder while the daemon watches it, and show what it says and does."""
    output = Output(as_json=json_lines)
    with tempfile.TemporaryDirectory(prefix="pictrace-demo-") as folder:
        is_right = _Demo(Path(folder), output).run()
    output.line()
    output.line("The demo's folder is gone again. Yours: pictrace watch ~/Pictures")
    if not is_right:
        raise typer.Exit(1)


class _Demo:
    """One run of the demo in a folder of its own."""

    def __init__(self, folder: Path, output: Output) -> None:
        self._library = folder / "Pictures"
        self._state = folder / "state"
        self._config = folder / "config.yaml"
        self._output = output
        self._lines: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._is_right = True

    def run(self) -> bool:
        """Show it all; returns whether every verdict was the expected one."""
        self._library.mkdir()
        make_library(self._library)
        self._config.write_text(_CONFIG.format(library=json.dumps(str(self._library))), encoding="utf-8")
        count = len(list(self._library.iterdir()))
        self._say(f"A folder with {count} photographs; the daemon is started on it.")
        before = _contents(self._library)
        with self._daemon():
            self._wait_for_index()
            self._say("It knows them all. Now photos land:\n")
            for landing in landings():
                self._land(landing)
        self._undo(before)
        return self._is_right

    def _land(self, landing: Landing) -> None:
        self._say(f"  {landing.name}  ({landing.story})")
        target = self._library / landing.name
        landing.make(self._library, target)
        seen: list[str] = []
        limit = time.monotonic() + (_VERDICT_SECONDS if landing.expected else _LEFT_ALONE_SECONDS)
        while (event := self._next(limit)) is not None:
            self._tell(event)
            if event["event"] == "finding":
                seen.append(event["relation"])
            if event["event"] == "change" and event["state"] != "planned":
                break
        expected = [landing.expected] if landing.expected else []
        if seen != expected:
            self._is_right = False
            self._say(f"      expected {expected or 'nothing'}, got {seen or 'nothing'}")
        if not seen and landing.expected is None:
            self._say("      nothing you have: left alone")

    def _tell(self, event: dict[str, Any]) -> None:
        if self._output.as_json:
            self._output.json(event)
        elif event["event"] == "finding":
            edits = ", ".join(_edit(edit) for edit in event["edits"])
            self._say(
                f"      {event['relation']} of {Path(event['other']).name}"
                f"{f' ({edits})' if edits else ''}, {event['certainty']}, similarity {event['similarity']:.2f}"
            )
        elif event["event"] == "change":
            to = Path(event["to"]).relative_to(self._library) if event["to"] else ""
            self._say(f"      {event['kind']} {event['state']}: {to}")

    def _undo(self, before: dict[str, str]) -> None:
        """Take everything back, and count what is there."""
        command = [*_pictrace("undo"), "--all", "--yes", "--json", *self._where()]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        for event in events:
            if self._output.as_json:
                self._output.json(event)
        back = sum(event["state"] == "done" for event in events)
        after = _contents(self._library)
        kept = sum(after.get(name) == digest for name, digest in before.items())
        landed = sum((self._library / landing.name).is_file() for landing in landings())
        self._say(f"\npictrace undo --all: {back} changes taken back.")
        self._say(
            f"{kept} of {len(before)} photographs untouched, {landed} of {len(landings())} landed photos in place."
        )
        if done.returncode or kept != len(before) or landed != len(landings()):
            self._is_right = False
            self._say(done.stderr)

    @contextmanager
    def _daemon(self) -> Iterator[None]:
        command = [*_pictrace("watch"), "--json", "--quiet", *self._where()]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            reader = threading.Thread(target=self._read, args=(process,), daemon=True)
            reader.start()
            try:
                yield
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=20)

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None  # noqa: S101 – for the type checker: it is piped
        for line in process.stdout:
            self._lines.put(json.loads(line))
        self._lines.put(None)

    def _next(self, limit: float) -> dict[str, Any] | None:
        """Return the daemon's next event, None where none comes in time."""
        try:
            event = self._lines.get(timeout=max(0.0, limit - time.monotonic()))
        except queue.Empty:
            return None
        if event is None:
            raise BusyError("the demo's daemon ended before its time; its message stands above")
        return event

    def _wait_for_index(self) -> None:
        limit = time.monotonic() + _START_SECONDS
        while time.monotonic() < limit:
            status = read_status(self._state)
            if status is not None and status["roots"] and all(root["is_indexed"] for root in status["roots"]):
                return
            if not self._lines.empty() and self._lines.get() is None:
                raise BusyError("the demo's daemon did not start; its message stands above")
            time.sleep(0.1)
        raise BusyError(f"the demo's daemon had not indexed its folder after {_START_SECONDS:.0f} s")

    def _where(self) -> list[str]:
        return ["--config", os.fspath(self._config), "--state", os.fspath(self._state)]

    def _say(self, text: str) -> None:
        self._output.line(text)


def _pictrace(command: str) -> list[str]:
    return [sys.executable, "-m", "pictrace", command]


def _edit(edit: dict[str, Any]) -> str:
    words = [edit["kind"]]
    if "scale" in edit:
        words.append(f"×{edit['scale']:.2f}")
    if "degrees" in edit:
        words.append(f"{edit['degrees']:g}°")
    return " ".join(words)


def _contents(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.is_file()}
