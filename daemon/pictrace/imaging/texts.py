"""Text that strangers wrote into photos: clipped, and without control characters."""

from __future__ import annotations

from typing import Final

_MOST_CHARACTERS: Final = 200
_MOST_CAPTION: Final = 2000


def clipped_words(text: str | None, most: int = _MOST_CHARACTERS) -> str | None:
    """Return text on one line, without control characters; None where nothing is left."""
    if text is None:
        return None
    shown = "".join(c if c.isprintable() else " " for c in text[:most])
    return " ".join(shown.split()) or None


def clipped_lines(text: str | None) -> str | None:
    """Return text with its lines, without other control characters; None where nothing is left."""
    lines = (clipped_words(line, _MOST_CAPTION) or "" for line in (text or "")[:_MOST_CAPTION].splitlines())
    return "\n".join(lines).strip() or None
