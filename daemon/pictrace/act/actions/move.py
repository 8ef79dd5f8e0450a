"""``move``: put the photo into another folder of the same root, or of another declared one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pictrace.act.actions.base import Draft, Scene, moving
from pictrace.config.fragments import TEXT, Schema, section
from pictrace.model import ChangeKind

_SCHEMA: Schema = {"anyOf": [TEXT, section({"to": TEXT}, required=("to",))]}


class Move:
    """Moves the photo, and its sidecar before it, to a folder; relative ones count from the photo's root."""

    name = "move"
    variable_options = ("to",)
    schema = _SCHEMA

    def parse(self, options: Any) -> dict[str, Any]:  # Any: see Action
        """Return ``{"to": folder}``, from a text or a mapping with ``to``; a relative one counts from the root."""
        folder = options.get("to") if isinstance(options, dict) and set(options) == {"to"} else options
        if not isinstance(folder, str) or not folder:
            raise ValueError("`move` needs a folder: `move: Duplicates` or `move: {to: /srv/photos/Duplicates}`")
        if ".." in Path(folder).parts or ".pictrace" in Path(folder).parts:
            raise ValueError(f"`move: {folder}`: `..` and `.pictrace` are not allowed in the folder")
        expanded = os.path.expanduser(folder)  # noqa: PTH111 – leaves an unknown ~user as it is
        if "\0" in folder or expanded.startswith("~"):
            raise ValueError(f"`move: {folder!r}`: no folder is meant by that, or that of an unknown user")
        return {"to": expanded}

    def drafts(self, options: dict[str, Any], scene: Scene) -> list[Draft]:  # Any: as `parse` gave them
        """Return the moves, the sidecar's first: where it cannot go, the photo stays with it."""
        folder = scene.root.path / options["to"]
        return moving(ChangeKind.MOVE, scene, folder / scene.subject.path.name)
