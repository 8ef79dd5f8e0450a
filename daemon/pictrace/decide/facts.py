"""What the rules may look at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pictrace.model import Match, Metadata, Role

FORMATS = ("jpeg", "png", "webp", "gif", "bmp", "tiff", "heic", "avif", "jxl", "raw")  # `Metadata.format`


@dataclass(frozen=True, slots=True, kw_only=True)
class SideFacts:
    """One photo of a finding, with a file that holds it.

    ``relative`` is the path below its root, with ``/`` between. ``first_seen`` is wall-clock seconds since 1970.
    ``age_days`` counts from when it was taken, or written where that is not known. ``tags`` are the keywords in the
    photo and in its sidecar, levels split by ``/``; None where they could not be read.
    """

    path: Path
    relative: str
    root: Path
    role: Role
    content_hash: bytes
    size_bytes: int
    mtime_ns: int
    first_seen: float
    is_arrival: bool
    metadata: Metadata | None
    age_days: float | None
    tags: tuple[str, ...] | None = None

    @property
    def pixels(self) -> int | None:
        """Width times height, None where the picture could not be read, or an example does not say it."""
        if self.metadata is None or not self.metadata.width_pixels:
            return None
        return self.metadata.width_pixels * self.metadata.height_pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A finding with all that is known of both sides; ``file`` is the later known.

    ``returned``: one of the two was put away and purged, or refused, before; None where that cannot be told. ``group``:
    all photos of the star that the finding belongs to, both sides among them. ``rivals``: those of the group beside the
    two that may be the one to keep: whole pictures with nothing around them.
    """

    file: SideFacts
    other: SideFacts
    match: Match
    is_backlog_allowed: bool
    returned: bool | None = None
    group: tuple[SideFacts, ...] = ()
    rivals: tuple[SideFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A finding with the roles that the keeper policy gave."""

    facts: Facts
    keeper: SideFacts
    duplicate: SideFacts
    keeper_reason: str
