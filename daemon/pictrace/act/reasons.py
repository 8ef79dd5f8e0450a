"""Why a change could not be made, in the words that the journal keeps."""

from __future__ import annotations

from pictrace.errors import ActError


def reason_of(problem: Exception) -> str:
    """Return a sentence; where the operating system refused, with its number at the end: ``(errno 5)``."""
    if isinstance(problem, OSError):
        return f"{problem.strerror or problem} (errno {problem.errno})"
    if isinstance(problem, ActError) and problem.errno is not None:
        return f"{problem} (errno {problem.errno})"
    return str(problem)
