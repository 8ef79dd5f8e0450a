"""Paths as bytes, relative to their root, so that a root that turns up elsewhere keeps all that is known of it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

_SLASH = b"/"


class RootPaths:
    """Turns paths into stored bytes and back.

    A path in a known root is stored as ``IDENTITY/relative``, any other as it is, which begins with a slash.
    """

    def __init__(self) -> None:
        self._prefixes: dict[str, bytes] = {}
        self._current: list[tuple[bytes, str]] = []

    def set_roots(self, roots: Iterable[tuple[str, Path, bool]]) -> None:
        """Replace what is known: identity, path, and whether that root is the one at its path now."""
        known = [(identity, os.fsencode(path), is_current) for identity, path, is_current in roots]
        self._prefixes = {identity: path.rstrip(_SLASH) + _SLASH for identity, path, _ in known}
        current = [(self._prefixes[identity], identity) for identity, _, is_current in known if is_current]
        self._current = sorted(current, key=lambda one: len(one[0]), reverse=True)

    def holders(self, path: Path) -> list[tuple[str, bytes]]:
        """Return each root that holds a path, the innermost first, with the path relative to it."""
        encoded = os.fsencode(path)
        return [
            (identity, encoded[len(prefix) :])
            for prefix, identity in self._current
            if encoded.startswith(prefix) and len(encoded) > len(prefix)
        ]

    def prefix(self, identity: str) -> bytes:
        """Return what every path in a root begins with, the slash included.

        Raises:
            LookupError: the root is not known.
        """
        return self._prefixes[identity]

    def relative(self, identity: str, path: Path) -> bytes:
        """Return a path relative to a root.

        Raises:
            LookupError: the root is not known, or does not hold the path.
        """
        prefix = self.prefix(identity)
        encoded = os.fsencode(path)
        if not encoded.startswith(prefix) or len(encoded) == len(prefix):
            raise LookupError(f"{path!r} lies not in the root {os.fsdecode(prefix)!r}")
        return encoded[len(prefix) :]

    def absolute(self, identity: str, relative: bytes) -> Path:
        """Return where a path relative to a root is now."""
        return Path(os.fsdecode(self.prefix(identity) + relative))

    def encode(self, path: Path) -> bytes:
        """Return a path as it is stored.

        Raises:
            ValueError: it is not absolute.
        """
        if not path.is_absolute():
            raise ValueError(f"expected an absolute path, found {path!r}")
        holders = self.holders(path)
        if not holders:
            return os.fsencode(path)
        identity, relative = holders[0]
        return identity.encode() + _SLASH + relative

    def decode(self, stored: bytes) -> Path:
        """Return the path that `encode` wrote, at the place where its root is now."""
        if stored.startswith(_SLASH):
            return Path(os.fsdecode(stored))
        identity, _, relative = stored.partition(_SLASH)
        return self.absolute(identity.decode(), relative)


def require_identity(identity: str) -> None:
    """Refuse an identity that could be taken for a part of a path.

    Raises:
        ValueError: it is empty or holds a slash.
    """
    if not identity or "/" in identity or not identity.isascii():
        raise ValueError(f"expected a root identity of ASCII characters without a slash, found {identity!r}")
