"""``quarantine``: put the photo away, on its own file system, from where it comes back with ``undo``."""

from __future__ import annotations

from typing import Any

from pictrace.act.actions.base import Draft, Scene, moving, with_word
from pictrace.config.fragments import Schema, section
from pictrace.model import ChangeKind


class Quarantine:
    """Moves the photo, and its sidecar before it, into the quarantine folder."""

    name = "quarantine"
    variable_options: tuple[str, ...] = ()
    schema: Schema = section({})

    def parse(self, options: Any) -> dict[str, Any]:  # Any: see Action
        """Return no options: there are none."""
        if options not in (None, {}):
            raise ValueError("`quarantine` takes no options")
        return {}

    def drafts(self, options: dict[str, Any], scene: Scene) -> list[Draft]:  # noqa: ARG002 – there are none
        """Return the moves, the sidecar's first: where it cannot go, the photo stays with it."""
        folder = scene.quarantine / scene.month
        photo = scene.subject.path
        # The token first: a name that is no other file's.
        return moving(ChangeKind.QUARANTINE, scene, with_word(folder / f"{scene.token}-{photo.name}", ""))
