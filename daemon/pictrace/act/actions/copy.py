"""``copy``: put a verified copy of the photo into another folder of the same root, or of another declared one."""

from __future__ import annotations

from typing import Any

from pictrace.act.actions.base import FOLDER_SCHEMA, Draft, Scene, folder_option, moving
from pictrace.model import ChangeKind


class Copy:
    """Copies the photo, and its sidecar before it, to a folder; both stay where they are."""

    name = "copy"
    variable_options = ("to",)
    schema = FOLDER_SCHEMA

    def parse(self, options: Any) -> dict[str, Any]:  # Any: see Action
        """Return ``{"to": folder}``, from a text or a mapping with ``to``; a relative one counts from the root."""
        return {"to": folder_option(self.name, options)}

    def drafts(self, options: dict[str, Any], scene: Scene) -> list[Draft]:  # Any: as `parse` gave them
        """Return the copies, the sidecar's first, named after the photo's."""
        folder = scene.root.path / options["to"]
        return moving(ChangeKind.COPY, scene, folder / scene.subject.path.name)
