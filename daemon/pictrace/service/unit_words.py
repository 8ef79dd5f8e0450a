"""Words as systemd reads them in a unit file."""

from __future__ import annotations

import os
import re
from pathlib import Path

from pictrace.errors import UsageError, shown

_NEEDS_NO_QUOTES = re.compile(r"[A-Za-z0-9_@/.,+-]+")


def word(path: Path) -> str:
    """Return a path as one word of a unit file.

    Raises:
        UsageError: no unit file can name it: its name is not UTF-8, or has control characters.
    """
    text = str(path)
    try:
        text.encode("utf-8")
        is_nameable = text.isprintable()
    except UnicodeEncodeError:
        is_nameable = False
    if not is_nameable:
        raise UsageError(
            f"{shown(path)}: expected a name that a systemd unit can hold, found control characters or bytes that are "
            "not UTF-8: rename it"
        )
    if _NEEDS_NO_QUOTES.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def argument(path: Path) -> str:
    """Return a path as an argument of ``ExecStart=``, where ``$`` would name a variable.

    Raises:
        UsageError: as `word`.
    """
    return word(path).replace("$", "$$")


def mount_unit_name(point: Path) -> str:
    """Return the name of a mount's unit, as ``systemd-escape --path --suffix=mount`` gives it."""
    inner = os.fsencode(os.path.normpath(point)).strip(b"/")
    if not inner:
        return "-.mount"
    return "".join(_escaped(byte, is_first=number == 0) for number, byte in enumerate(inner)) + ".mount"


def _escaped(byte: int, *, is_first: bool) -> str:
    letter = chr(byte)
    if letter == "/":
        return "-"
    is_kept = byte < 128 and (letter.isalnum() or (letter in ":_." and not (letter == "." and is_first)))
    return letter if is_kept else f"\\x{byte:02x}"
