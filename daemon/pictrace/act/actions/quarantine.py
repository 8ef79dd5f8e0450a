"""``quarantine``: put the photo away, on its own file system, from where it comes back with ``undo``."""

from __future__ import annotations

from typing import Any

from pictrace.act.actions.base import Draft, Scene, sidecar_of, with_word
from pictrace.model import ChangeKind


class Quarantine:
    """Moves the photo, and its sidecar before it, into the quarantine folder."""

    name = "quarantine"

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
        target = with_word(folder / f"{scene.token}-{photo.name}", "")
        moves = [Draft(kind=ChangeKind.QUARANTINE, source=photo, target=target)]
        if scene.sidecar is not None:
            sidecar = Draft(
                kind=ChangeKind.QUARANTINE, source=scene.sidecar, target=sidecar_of(target), is_companion=True
            )
            moves.insert(0, sidecar)
        return moves
