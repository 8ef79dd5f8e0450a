"""``hardlink``: have the photo's name hold a second name of the keeper's file, where both have the same bytes."""

from __future__ import annotations

from typing import Any

from pictrace.act.actions.base import Draft, Scene, WithoutOptions, linking
from pictrace.model import ChangeKind


class Hardlink(WithoutOptions):
    """Puts a second name of the keeper's file in the photo's place; the old file goes into quarantine.

    From then on the two have one time, one mode and one owner, and an edit in place changes both.
    """

    name = "hardlink"

    def drafts(self, options: dict[str, Any], scene: Scene) -> list[Draft]:  # noqa: ARG002 – there are none
        """Return one change: the name stays, and so do its companions."""
        return linking(ChangeKind.HARDLINK, scene)
