"""Has another tool search a folder, in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_SCRIPT: Final = Path(__file__).with_name("run.py")
_MOST_WORDS: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Which pairs a tool joined, and the CPU seconds of its processes; ``missing``: why there is none."""

    joined: list[bool]
    cpu_seconds: float
    missing: str | None = None


def ask(tool: str, folder: Path, pairs: Sequence[tuple[str, str]], python: str) -> Answer:
    """Return which pairs of files another tool takes for copies.

    Args:
        tool: one of `FINDERS`.
        folder: that holds the files and nothing else; a file is written beside it.
        pairs: names of files in it.
        python: the interpreter of the environment that has the tool.
    """
    asked = folder.with_name(f"{folder.name}-pairs.json")
    asked.write_text(json.dumps(pairs), encoding="utf-8")
    command = [python, str(_SCRIPT), tool, str(folder), str(asked)]
    before = children_seconds()
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        return Answer(joined=[], cpu_seconds=0.0, missing=f"{python}: {error.strerror}")
    if done.returncode:
        return Answer(joined=[], cpu_seconds=0.0, missing=done.stderr.strip()[-_MOST_WORDS:])
    told: dict[str, Any] = json.loads(done.stdout)
    seconds = children_seconds() - before
    return Answer(joined=told.get("joined", []), cpu_seconds=seconds, missing=told.get("missing"))


def children_seconds() -> float:
    """Return the CPU seconds of all processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
