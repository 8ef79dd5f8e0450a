"""``root``: the root a photo lies in, by its path or by the last part of it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pictrace.config import Located, listing
from pictrace.decide.answer import Answer
from pictrace.decide.conditions.base import SideTest

NAME = "root"


def parse(node: Located) -> SideTest:
    """Return the test that a rule asks for."""
    wanted = {_name(entry) for entry in _entries(node)}
    return lambda side: Answer.of(str(side.root) in wanted or side.root.name in wanted)


def require_known(node: Located, roots: Collection[Path]) -> None:
    """Refuse a folder that is no root: under a `not` a slip of the pen would match every photo.

    Raises:
        ConfigError: names the roots there are.
    """
    known = {str(root) for root in roots} | {root.name for root in roots}
    for entry in _entries(node):
        if _name(entry) not in known:
            names = listing(str(root) for root in roots) or "none"
            raise entry.error(f"{entry.found()} is no root (known: {names})")


def _entries(node: Located) -> tuple[Located, ...]:
    return node.one_or_more("the path of a root")


def _name(entry: Located) -> str:
    text = entry.text("the path of a root").rstrip("/")
    try:
        return str(Path(text).expanduser())
    except RuntimeError:  # a `~name` of nobody: stays as it is, and is no root
        return text
