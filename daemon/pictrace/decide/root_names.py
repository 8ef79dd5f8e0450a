"""Roots as rules name them: by their path, or by the last part of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from pictrace.config import Located, listing
from pictrace.model import Role


def root_names(node: Located, roots: Collection[Path]) -> tuple[str, ...]:
    """Return one name or a list of them, ``~`` expanded.

    Raises:
        ConfigError: one is no root; under a `not` such a slip of the pen would match every photo.
    """
    known = {str(root) for root in roots} | {root.name for root in roots}
    names = []
    for entry in node.one_or_more("the path of a root"):
        name = _expanded(entry.text("the path of a root").rstrip("/"))
        if name not in known:
            raise entry.error(f"{entry.found()} is no root (known: {listing(str(root) for root in roots) or 'none'})")
        names.append(name)
    return tuple(names)


def is_named(root: Path, name: str) -> bool:
    """Return whether a name from a rule means this root."""
    return name in (str(root), root.name)


def closed(folder: Path, roots: Mapping[Path, Role]) -> str | None:
    """Return why nothing may be put in a folder: the innermost root that holds it has a role that forbids it."""
    holding = [root for root in roots if folder.is_relative_to(root)]
    root = max(holding, key=lambda one: len(one.parts), default=None)
    if root is None or roots[root].may_act:
        return None
    return f"lies in a root with the role {roots[root].value}: nothing in it is changed"


def _expanded(text: str) -> str:
    try:
        return str(Path(text).expanduser())
    except RuntimeError:  # a `~name` of nobody: stays as it is, and is no root
        return text
