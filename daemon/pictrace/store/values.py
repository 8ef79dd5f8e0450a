"""How values of the model are written into columns."""

from __future__ import annotations

from pictrace.model import StatKey

_LARGEST = 2**63 - 1


def number(value: int) -> int | str:
    """Return an integer as SQLite can hold it; as text where it needs more than 63 bits.

    Inode numbers of some network file systems and times beyond the year 2262 do. The column has type ANY, so that
    equal values stay equal and nothing is rounded.
    """
    return value if -_LARGEST <= value <= _LARGEST else str(value)


def key_text(key: StatKey | None) -> str | None:
    """Return a stat key as one text."""
    if key is None:
        return None
    return f"{key.dev}:{key.ino}:{key.size_bytes}:{key.mtime_ns}:{key.ctime_ns}"


def key_from_text(text: str | None) -> StatKey | None:
    """Return the stat key that `key_text` wrote."""
    if text is None:
        return None
    dev, ino, size_bytes, mtime_ns, ctime_ns = (int(part) for part in text.split(":"))
    return StatKey(dev=dev, ino=ino, size_bytes=size_bytes, mtime_ns=mtime_ns, ctime_ns=ctime_ns)


def text(value: str | None) -> str | None:
    """Return a text as SQLite can hold it: half a surrogate pair, as in a name that is no UTF-8, is written out."""
    return None if value is None else value.encode("utf-8", "backslashreplace").decode()
