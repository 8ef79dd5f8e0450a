"""``move``: put the photo into another folder of the same root, or of another declared one."""

from __future__ import annotations

from typing import Any

from pictrace.act.actions.base import FOLDER_SCHEMA, Draft, Scene, folder_option, moving
from pictrace.model import ChangeKind


class Move:
    """Moves the photo, and its sidecar before it, to a folder; relative ones count from the photo's root."""

    name = "move"
    variable_options = ("to",)
    schema = FOLDER_SCHEMA

    def parse(self, options: Any) -> dict[str, Any]:  # Any: see Action
        """Return ``{"to": folder}``, from a text or a mapping with ``to``; a relative one counts from the root."""
        return {"to": folder_option(self.name, options)}

    def drafts(self, options: dict[str, Any], scene: Scene) -> list[Draft]:  # Any: as `parse` gave them
        """Return the moves, the sidecar's first: where it cannot go, the photo stays with it."""
        folder = scene.root.path / options["to"]
        return moving(ChangeKind.MOVE, scene, folder / scene.subject.path.name)
