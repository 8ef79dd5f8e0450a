"""Moments as a person reads them, in the time zone of this machine."""

from __future__ import annotations

import datetime

from pictrace.model import CLOCK


def day(wall_seconds: float) -> str:
    """Return the day, such as 2024-05-31."""
    return f"{_local(wall_seconds):%Y-%m-%d}"


def today() -> str:
    """Return the day it is, such as 2024-05-31."""
    return day(CLOCK.wall())


def minute(wall_seconds: float) -> str:
    """Return the day and the time to the minute."""
    return f"{_local(wall_seconds):%Y-%m-%d %H:%M}"


def moment(wall_seconds: float) -> str:
    """Return the day and the time to the second."""
    return f"{_local(wall_seconds):%Y-%m-%d %H:%M:%S}"


def _local(wall_seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(wall_seconds).astimezone()
