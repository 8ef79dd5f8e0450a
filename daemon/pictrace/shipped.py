"""The one place that knows where files shipped with the package lie.

A wheel carries them in ``pictrace/_shipped``; an editable install and a bare checkout find them at the top of the
repository instead.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped_path(name: str) -> Path:
    """Return the path of a shipped file or folder.

    Args:
        name: ``rules``, ``config.example.yaml``, ``pictrace.service`` or ``rules/observe.yaml``.

    Raises:
        FileNotFoundError: the installation is damaged; the message names both places looked at.
    """
    places = (_PACKAGE / "_shipped" / name, _PACKAGE.parent.parent / name)
    for place in places:
        if place.exists():
            return place
    raise FileNotFoundError(f"{name} is not part of this installation: looked at {places[0]} and {places[1]}")


def shipped_data(name: str) -> Path:
    """Return the path of a data file inside the package, ``pictrace/data/NAME``."""
    return _PACKAGE / "data" / name
