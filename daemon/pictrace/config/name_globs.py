"""The globs of ``ignore:``, which hit single names."""

from __future__ import annotations

from wcmatch import fnmatch
from wcmatch._wcparse import PatternLimitException  # wcmatch raises it, and exports it nowhere else

_FLAGS = fnmatch.BRACE | fnmatch.IGNORECASE | fnmatch.DOTMATCH | fnmatch.FORCEUNIX


def name_expression(glob: str) -> str:
    """Return a glob as a regular expression that hits whole names; a ``/`` at its end, for folders, is no part of it.

    Raises:
        ValueError: it can hit no name, or has too many alternatives.
    """
    name = glob.rstrip("/")
    if "/" in name or not name:
        raise ValueError(
            f"{glob!r}: expected the name of a file, or of a folder with a / at its end; a path hits nothing"
        )
    try:
        expressions, _ = fnmatch.translate(name, flags=_FLAGS)
    except PatternLimitException as problem:
        raise ValueError(f"{glob!r}: too many alternatives: {problem}") from problem
    return "|".join(f"(?:{expression})" for expression in expressions)
