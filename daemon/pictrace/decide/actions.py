"""What deciding has to know of an action: its name, and whether its options make sense."""

from __future__ import annotations

from typing import Any, Protocol

IGNORE = "ignore"


class ActionSpec(Protocol):
    """An action as the rules name it; the acting room brings its own."""

    name: str

    def parse(self, options: Any) -> dict[str, Any]:  # Any: whatever stands in the rule, and what it comes to
        """Return the options in their full form, or raise ValueError with a sentence."""
