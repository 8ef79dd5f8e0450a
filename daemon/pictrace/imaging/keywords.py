"""Keywords in one form, however a program wrote them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pictrace.imaging.texts import clipped_words

_MOST_KEYWORDS: Final = 500
# How a `/` in a name is written where `/` splits levels, and the reverse; Immich reads it so.
_SWAPPED: Final = str.maketrans("/|", "|/")


def keyword_path(text: str, *, between: str = "/") -> str:
    """Return a keyword with its levels split by ``/``; a ``/`` inside a name is written ``|``.

    Args:
        text: a keyword with levels.
        between: what splits its levels, ``/`` or ``|``.
    """
    path = clipped_words(text.translate(_SWAPPED) if between == "|" else text) or ""
    return "/".join(level.strip() for level in path.split("/") if level.strip())


def flat(path: str) -> str:
    """Return a keyword as it stands where there are no levels: the names with ``/`` between."""
    return path.replace("|", "/")


def piped(path: str) -> str:
    """Return a keyword with its levels split by ``|``."""
    return path.translate(_SWAPPED)


def levels(path: str) -> list[str]:
    """Return the names that a keyword is made of."""
    return [flat(level) for level in path.split("/")]


def unified(paths: Iterable[str], words: Iterable[str]) -> tuple[str, ...]:
    """Return every keyword once: those with levels, and flat ones that are more than a shadow of these.

    digiKam and Lightroom write the names of the levels as flat keywords beside the ones with levels.

    Args:
        paths: keywords with levels, as `keyword_path` gives them.
        words: flat ones; ``/`` splits levels in them, too.
    """
    known = dict.fromkeys(path for path in paths if path)
    shadows = {flat(path) for path in known} | {name for path in known for name in levels(path)}
    for word in words:
        text = clipped_words(word)
        if text is not None and text not in shadows and (path := keyword_path(flat(text))):
            known[path] = None
    return tuple(known)[:_MOST_KEYWORDS]
