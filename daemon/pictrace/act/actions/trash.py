"""``trash``: put the photo into the desktop's trash, on its own file system."""

from __future__ import annotations

from typing import Any

from pictrace.act.actions.base import Draft, Scene, moving, with_word
from pictrace.act.trash import place_in
from pictrace.config.fragments import Schema, section
from pictrace.model import ChangeKind


class Trash:
    """Moves the photo, and its sidecar before it, into the trash that file managers show."""

    name = "trash"
    variable_options: tuple[str, ...] = ()
    schema: Schema = section({})

    def parse(self, options: Any) -> dict[str, Any]:  # Any: see Action
        """Return no options: there are none."""
        if options not in (None, {}):
            raise ValueError("`trash` takes no options")
        return {}

    def drafts(self, options: dict[str, Any], scene: Scene) -> list[Draft]:  # noqa: ARG002 – there are none
        """Return the moves, the sidecar's first; one without a target where there is no trash: it is refused then."""
        photo = scene.subject.path
        if scene.trash is None:
            return [Draft(kind=ChangeKind.TRASH, source=photo, target=None)]
        # The name of the note beside it is longer still.
        return moving(ChangeKind.TRASH, scene, with_word(place_in(scene.trash, photo.name), ""))
