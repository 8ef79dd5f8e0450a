"""``trash``: put the photo into the desktop's trash, on its own file system."""

from __future__ import annotations

from typing import Any

from pictrace.act.actions.base import Draft, Scene, WithoutOptions, moving, with_word
from pictrace.act.trash import place_in
from pictrace.model import ChangeKind


class Trash(WithoutOptions):
    """Moves the photo, and its companions before it, into the trash that file managers show."""

    name = "trash"

    def drafts(self, options: dict[str, Any], scene: Scene) -> list[Draft]:  # noqa: ARG002 – there are none
        """Return the moves, the photo's last; one without a target where there is no trash: it is refused then."""
        photo = scene.subject.path
        trash = scene.trash()
        if trash is None:
            return [Draft(kind=ChangeKind.TRASH, source=photo, target=None)]
        # The name of the note beside it is longer still.
        return moving(ChangeKind.TRASH, scene, with_word(place_in(trash, photo.name), ""))
