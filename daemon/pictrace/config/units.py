"""Durations, sizes and rates as people write them."""

from __future__ import annotations

import re
from collections.abc import Collection

from pictrace.config.fragments import Schema

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_BYTES = {"B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_BYTES |= {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
_AMOUNT_NUMBER = r"([0-9]{1,12}(?:\.[0-9]{1,6})?)"
_AMOUNT = re.compile(f"{_AMOUNT_NUMBER} ?([A-Za-z]+)")

DURATION = "a duration such as 5s, 10m, 1h or 2d"
SIZE = "a size such as 300kB, 12MB or 2GiB"
RATE = "a rate such as 50/h, or none"


def _amount_schema(units: Collection[str], example: str) -> Schema:
    return {"type": "string", "pattern": f"^{_AMOUNT_NUMBER} ?({'|'.join(units)})$", "examples": [example]}


DURATION_SCHEMA = _amount_schema(_SECONDS, "30d")
SIZE_SCHEMA = _amount_schema(_BYTES, "500kB")
RATE_SCHEMA: Schema = {"type": "string", "pattern": "^([1-9][0-9]{0,8}/h|none)$", "examples": ["50/h"]}


def seconds(text: str) -> float:
    """Return a duration in seconds.

    Raises:
        ValueError: it is none.
    """
    return _amount(text, _SECONDS)


def size_bytes(text: str) -> int:
    """Return a size in bytes; kB, MB, GB are powers of 1000, KiB, MiB, GiB of 1024.

    Raises:
        ValueError: it is none.
    """
    return round(_amount(text, _BYTES))


def per_hour(text: str) -> int:
    """Return the count of a rate such as ``50/h``.

    Raises:
        ValueError: it is none, or zero.
    """
    found = re.fullmatch(r"([1-9][0-9]{0,8})/h", text)
    if found is None:
        raise ValueError(text)
    return int(found[1])


def _amount(text: str, units: dict[str, float] | dict[str, int]) -> float:
    found = _AMOUNT.fullmatch(text)
    if found is None or found[2] not in units:
        raise ValueError(text)
    return float(found[1]) * units[found[2]]
