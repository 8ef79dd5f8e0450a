"""``quarantine``: put the photo away, on its own file system, from where it comes back with ``undo``."""

from __future__ import annotations

from typing import Any

from pictrace.act.actions.base import Draft, Scene, WithoutOptions, moving, with_word
from pictrace.model import ChangeKind


class Quarantine(WithoutOptions):
    """Moves the photo, and its companions before it, into the quarantine folder."""

    name = "quarantine"

    def drafts(self, options: dict[str, Any], scene: Scene) -> list[Draft]:  # noqa: ARG002 – there are none
        """Return the moves, the photo's last: where a companion cannot go, all stay."""
        folder = scene.quarantine / scene.month
        photo = scene.subject.path
        # The token first: a name that is no other file's.
        return moving(ChangeKind.QUARANTINE, scene, with_word(folder / f"{scene.token}-{photo.name}", ""))
