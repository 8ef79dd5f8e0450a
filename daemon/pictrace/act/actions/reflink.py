"""``reflink``: have the photo's name hold a clone of the keeper's data, where both have the same bytes."""

from __future__ import annotations

from typing import Any

from pictrace.act.actions.base import Draft, Scene, linking
from pictrace.config.fragments import Schema, section
from pictrace.model import ChangeKind


class Reflink:
    """Puts a clone of the keeper's data in the photo's place; the old file goes into quarantine.

    The clone has the time, mode, owner and attributes of the old file, and parts from the keeper when it is edited.
    """

    name = "reflink"
    variable_options: tuple[str, ...] = ()
    schema: Schema = section({})

    def parse(self, options: Any) -> dict[str, Any]:  # Any: see Action
        """Return no options: there are none."""
        if options not in (None, {}):
            raise ValueError("`reflink` takes no options")
        return {}

    def drafts(self, options: dict[str, Any], scene: Scene) -> list[Draft]:  # noqa: ARG002 – there are none
        """Return one change: the name stays, and so does its sidecar."""
        return linking(ChangeKind.REFLINK, scene)
