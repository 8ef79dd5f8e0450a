"""What the metadata of a photo may hold, asked by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pictrace.decide.facts import SideFacts
from pictrace.model import Metadata

_IN_THE_FILE: Final[dict[str, Callable[[Metadata], bool]]] = {
    "gps": lambda known: known.has_gps,
    "rating": lambda known: known.rating is not None,
    "caption": lambda known: known.has_caption,
    "faces": lambda known: known.has_faces,
    "camera": lambda known: known.camera is not None,
    "captured-at": lambda known: known.captured_at is not None,
}
FIELDS: Final = (*_IN_THE_FILE, "keywords")


def has_field(side: SideFacts, name: str) -> bool | None:
    """Return whether a photo has one of the `FIELDS`; None where that cannot be told."""
    if name == "keywords":
        return _has_keywords(side)
    return None if side.metadata is None else _IN_THE_FILE[name](side.metadata)


def _has_keywords(side: SideFacts) -> bool | None:
    if side.tags or (side.metadata is not None and side.metadata.keywords):
        return True
    # The sidecar may hold some: none in the file alone proves nothing.
    return None if side.tags is None else False
