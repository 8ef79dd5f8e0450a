"""Dates in rules."""

from __future__ import annotations

import datetime

from pictrace.config import Located


def parse_date(node: Located) -> str:
    """Return a date as ``YYYY-MM-DD``, which compares as text."""
    text = node.text("a date such as 2024-05-31")
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise node.expected("a date such as 2024-05-31") from None
