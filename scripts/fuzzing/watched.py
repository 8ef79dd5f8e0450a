"""Spoilt files landing in a folder under a running daemon, in batches."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from fuzzing.making import Workshop
from fuzzing.memory import Meter

from pictrace.service.status import read_status
from pictrace.store import Index
from pictrace.watch import is_photo_name

_BATCH = 250
_MOST_SECONDS_PER_BATCH = 900.0
_CONFIG = """version: 1
roots:
  - path: {library}
quiet: 300ms
act: true
rules:
  - include: exact-copies
  - include: quarantine-renditions
"""


@dataclass(slots=True)
class Watched:
    """What was seen: deaths of the daemon, files that it does not know, files whose bytes are gone."""

    files: int = 0
    deaths: int = 0
    unknown: int = 0
    lost: int = 0
    tree_bytes: int = 0
    worker_bytes: int = 0
    daemon_bytes: int = 0
    words: list[str] = field(default_factory=list)


def watch(workshop: Workshop, numbers: range, scratch: Path) -> Watched:
    """Let files land under a daemon, and return what became of it and of them."""
    seen = Watched()
    library, state, config = scratch / "library", scratch / "state", scratch / "config.yaml"
    library.mkdir()
    config.write_text(_CONFIG.format(library=json.dumps(str(library))))
    landed: Counter[str] = Counter()
    with (scratch / "daemon.log").open("w") as log:
        process = _start(config, state, log.fileno())
        with Meter(process.pid) as meter:
            for first in range(numbers.start, numbers.stop, _BATCH):
                for number in range(first, min(first + _BATCH, numbers.stop)):
                    spoilt = workshop.make(number)
                    (library / spoilt.name).write_bytes(spoilt.data)
                    landed[_digest(spoilt.data)] += 1
                    seen.files += 1
                if not _settled(process, state):
                    seen.words.append(f"batch {first}: the daemon died, or did not come to rest")
                    break
                print(f"{seen.files} landed", file=sys.stderr)
            _end(process, seen)
    seen.tree_bytes, seen.worker_bytes, seen.daemon_bytes = meter.tree_bytes, meter.worker_bytes, meter.top_bytes
    _count(library, state, landed, seen)
    return seen


def _start(config: Path, state: Path, log: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pictrace", "watch", "--config", str(config), "--state", str(state)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    if not _settled(process, state):
        process.kill()
        raise SystemExit("the daemon did not start")
    return process


def _settled(process: subprocess.Popen[bytes], state: Path) -> bool:
    """Wait until the daemon has nothing to do; returns False where it died or never rests."""
    started, limit = time.time(), time.monotonic() + _MOST_SECONDS_PER_BATCH
    while time.monotonic() < limit:
        if process.poll() is not None:
            return False
        status = read_status(state)
        # Two seconds after the files were written, whatever landed has been seen and counts as pending.
        if (
            status is not None
            and status["written_at"] > started + 2
            and not status["is_scanning"]
            and status["queued"] == status["pending"] == 0
        ):
            return True
        time.sleep(0.1)
    return False


def _end(process: subprocess.Popen[bytes], seen: Watched) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        code = process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    if code != 0:
        seen.deaths += 1
        seen.words.append(f"the daemon ended with {code}")


def _count(library: Path, state: Path, landed: Counter[str], seen: Watched) -> None:
    """Count what the daemon does not know, and what is gone: put away is not gone."""
    with Index.read(state) as index:
        paths = [path for path in library.iterdir() if path.is_file() and is_photo_name(path)]
        problems = {os.fspath(one.path) for one in index.problems.listed()}
        seen.unknown = sum(index.files.file_at(path) is None and os.fspath(path) not in problems for path in paths)
    there = Counter(_digest(path.read_bytes()) for path in library.rglob("*") if path.is_file())
    seen.lost = (landed - there).total()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
