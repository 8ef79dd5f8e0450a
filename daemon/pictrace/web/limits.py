"""How much of the web one question may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits on fetching.

    ``seconds``: one URL, from looking up its host to its last byte, redirects included. ``all_seconds``: a page with
    all its pictures. ``picture_bytes``, ``page_bytes``, ``all_bytes``: counted as they come and once more unpacked.
    ``inline_bytes``: a picture that stands in the page itself.
    """

    seconds: float = 20.0
    all_seconds: float = 90.0
    picture_bytes: int = 64 * 1024 * 1024
    page_bytes: int = 8 * 1024 * 1024
    all_bytes: int = 512 * 1024 * 1024
    inline_bytes: int = 256 * 1024
    header_bytes: int = 32 * 1024
    redirects: int = 5
    pictures: int = 50
    connections: int = 4


USUAL = Limits()
