"""``reflink``: have the photo's name hold a clone of the keeper's data, where both have the same bytes."""

from __future__ import annotations

from typing import Any

from pictrace.act.actions.base import Draft, Scene, WithoutOptions, linking
from pictrace.model import ChangeKind


class Reflink(WithoutOptions):
    """Puts a clone of the keeper's data in the photo's place; the old file goes into quarantine.

    The clone has the time, mode, owner and attributes of the old file, and parts from the keeper when it is edited.
    """

    name = "reflink"

    def drafts(self, options: dict[str, Any], scene: Scene) -> list[Draft]:  # noqa: ARG002 – there are none
        """Return one change: the name stays, and so do its companions."""
        return linking(ChangeKind.REFLINK, scene)
