"""Has another tool search a folder, in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SCRIPT: Final = Path(__file__).with_name("run.py")
_MOST_WORDS: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Which pairs a tool joined, and the CPU seconds of its processes.

    ``missing``: what was said where it is not installed; ``failure``: why one that may be gave no answer.
    """

    joined: list[bool]
    cpu_seconds: float
    missing: str | None = None
    failure: str | None = None


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
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    except OSError as error:
        return _failed(f"{python}: {error.strerror}")
    if done.returncode:
        return _failed(_end_of(done.returncode, done.stderr))
    return _answer_in(done.stdout, children_seconds() - before)


def _answer_in(words: str, cpu_seconds: float) -> Answer:
    """Return what a process wrote; whatever stands where the interpreter is asked for may write anything."""
    try:
        match json.loads(words):
            case {"missing": str(missing)}:
                return Answer(joined=[], cpu_seconds=0.0, missing=missing)
            case {"joined": list(joined)} if all(isinstance(one, bool) for one in joined):
                return Answer(joined=joined, cpu_seconds=cpu_seconds)
    except ValueError:
        pass  # said below
    return _failed(f"expected JSON, found {words.strip()[:_MOST_WORDS] or 'nothing'}")


def _failed(reason: str) -> Answer:
    return Answer(joined=[], cpu_seconds=0.0, failure=reason)


def _end_of(code: int, stderr: str) -> str:
    """Return how a process ended, and the last line that it said: of a traceback, that is the error."""
    how = f"exit code {code}" if code > 0 else f"ended by signal {-code}"
    said = stderr.strip().splitlines()
    return f"{how}, {said[-1][-_MOST_WORDS:]}" if said else how


def children_seconds() -> float:
    """Return the CPU seconds of all processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
