"""``move``: put the photo into another folder of the same root, or of another declared one."""

from __future__ import annotations

from pictrace.act.actions.base import IntoFolder
from pictrace.model import ChangeKind


class Move(IntoFolder):
    """Moves the photo, and its companions before it, to a folder; relative ones count from the photo's root."""

    name = "move"
    kind = ChangeKind.MOVE
