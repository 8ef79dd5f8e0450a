"""``move``: put the photo into another folder of the same root, or of another declared one."""

from __future__ import annotations

from pictrace.act.actions.base import IntoFolder
from pictrace.model import ChangeKind


class Move(IntoFolder):
    """Moves the photo, and its companions before it, to a folder: where one of them cannot go, all stay."""

    name = "move"
    kind = ChangeKind.MOVE
