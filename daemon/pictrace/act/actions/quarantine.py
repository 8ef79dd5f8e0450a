"""``quarantine``: put the photo away, on its own file system, from where it comes back with ``undo``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pictrace.act.actions.base import Draft, Scene
from pictrace.model import ChangeKind

_MOST_NAME_BYTES = 255


class Quarantine:
    """Moves the photo, and its sidecar before it, into the quarantine folder."""

    name = "quarantine"

    def parse(self, options: Any) -> dict[str, Any]:  # Any: see Action
        """Return no options: there are none."""
        if options not in (None, {}):
            raise ValueError("`quarantine` takes no options")
        return {}

    def drafts(self, options: dict[str, Any], scene: Scene) -> list[Draft]:  # noqa: ARG002 – there are none
        """Return the moves, the sidecar's first: where it cannot go, the photo stays with it."""
        folder = scene.quarantine / scene.month
        photo = scene.subject.path
        moves = [Draft(kind=ChangeKind.QUARANTINE, source=photo, target=folder / _name(scene.token, photo.name))]
        if scene.sidecar is not None:
            name = _name(scene.token, scene.sidecar.name)
            moves.insert(
                0,
                Draft(kind=ChangeKind.QUARANTINE, source=scene.sidecar, target=folder / name, is_companion=True),
            )
        return moves


def _name(token: str, name: str) -> str:
    """Return a name for the quarantine that is no other file's, the end of the old one kept where it is too long."""
    encoded = os.fsencode(f"{token}-{name}")
    if len(encoded) <= _MOST_NAME_BYTES:
        return os.fsdecode(encoded)
    suffix = os.fsencode(Path(name).suffix)
    return os.fsdecode(encoded[: _MOST_NAME_BYTES - len(suffix)] + suffix)
