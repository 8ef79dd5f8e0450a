"""The conditions of a rule one by one, so that it can be said which of them spoke against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pictrace.config import RULES_FOLDER, Located, Pair
from pictrace.decide.conditions import CaseTest
from pictrace.decide.when import SIDES, read_when
from pictrace.errors import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One condition: its name as in ``duplicate.path``, the file and line it stands in, and its test."""

    name: str
    place: str
    test: CaseTest


def parts_of(when: Located, roots: tuple[Path, ...]) -> tuple[Part, ...]:
    """Return the conditions that must all hold; what stands under `any` or `not` counts as one.

    Args:
        when: what stands under `when`, read without a mistake before.
        roots: the folders that may be named as roots.
    """
    return tuple(
        Part(name=name, place=place_of(node), test=read_when(alone, roots)) for name, node, alone in _apart(when)
    )


def place_of(node: Located) -> str:
    """Return the name of the file that a value stands in, with the line; of a folder of rule files with that folder."""
    if node.file is None:
        return f"rules:{node.line}"
    name = f"{RULES_FOLDER}/{node.file.name}" if node.file.parent.name == RULES_FOLDER else node.file.name
    return f"{shown(name)}:{node.line}"


def _apart(when: Located) -> Iterator[tuple[str, Located, Located]]:
    """Yield each condition: its name, where it stands, and a `when` that holds it alone."""
    for name, pair in when.value.items() if isinstance(when.value, dict) else ():
        if name == "all":
            for entry in pair.value.items():
                yield from _apart(entry)
        elif name in SIDES and isinstance(pair.value.value, dict):
            for inner, inner_pair in pair.value.value.items():
                side = replace(pair.value, value={inner: inner_pair})
                yield f"{name}.{inner}", inner_pair.key, _only(when, name, replace(pair, value=side))
        else:
            yield name, pair.key, _only(when, name, pair)


def _only(when: Located, name: str, pair: Pair) -> Located:
    return replace(when, value={name: pair})
