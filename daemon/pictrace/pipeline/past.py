"""What was done to a photo, as the journal holds it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pictrace.model import Change, ChangeKind, ChangeState, Match
from pictrace.pipeline.events import Json, match_from_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A change that concerns a photo, and when its file was thrown away for good (wall clock), where it was."""

    change: Change
    purged_at: float | None

    @property
    def is_away(self) -> bool:
        """Whether this change is why the photo does not lie where it lay."""
        return self.change.state is ChangeState.DONE and self.change.target is not None

    @property
    def is_in_quarantine(self) -> bool:
        """Whether what this change put away still lies in quarantine."""
        return self.is_away and self.change.kind is ChangeKind.QUARANTINE and self.purged_at is None

    def finding(self) -> tuple[Path, Path, Match] | None:
        """Return the two files and the match that led to it, None where that was not written down."""
        try:
            told = self._told()
            return Path(told["file"]), Path(told["other"]), match_from_json(told)
        except (KeyError, TypeError, ValueError):
            return None

    @property
    def keeper_reason(self) -> str | None:
        """Which line of the keeper policy decided; None where that was not written down."""
        return self._text("keeper_reason")

    @property
    def rule_place(self) -> str | None:
        """The file and line of the rule, as they were then; None where that was not written down."""
        return self._text("rule_place")

    @property
    def kept(self) -> Path | None:
        """The photo that stays, as it was called then; None where that was not written down."""
        found = self._text("keeper")
        return None if found is None or self.keeper_reason is None else Path(found)

    def _text(self, name: str) -> str | None:
        try:
            found = self._told().get(name)
        except ValueError:
            return None
        return found if isinstance(found, str) and found else None

    def _told(self) -> Json:
        """Return the finding as it was written down.

        Raises:
            ValueError: none was.
        """
        told = json.loads(self.change.finding or "")
        if not isinstance(told, dict):
            raise ValueError("expected a finding as JSON")
        return told
