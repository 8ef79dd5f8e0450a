"""Dates, in rules and in what photos say of themselves."""

from __future__ import annotations

import datetime
import re

from pictrace.config import Located
from pictrace.model import Metadata

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_date(node: Located) -> str:
    """Return a date as ``YYYY-MM-DD``, which compares as text."""
    text = node.text("a date such as 2024-05-31")
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise node.expected("a date such as 2024-05-31") from None


def captured_on(metadata: Metadata | None) -> datetime.date | None:
    """Return the day on which a photo was taken, None where it does not say so, or says nonsense."""
    found = None if metadata is None or metadata.captured_at is None else _DAY.match(metadata.captured_at)
    try:
        return None if found is None else datetime.date.fromisoformat(found[0])
    except ValueError:
        return None
