"""``copy``: put a verified copy of the photo into another folder of the same root, or of another declared one."""

from __future__ import annotations

from pictrace.act.actions.base import IntoFolder
from pictrace.model import ChangeKind


class Copy(IntoFolder):
    """Copies the photo, and its own companions before it, to a folder; all stay where they are."""

    name = "copy"
    kind = ChangeKind.COPY
