"""Conditions, one module each; a new one is one more line here."""

from pictrace.decide.conditions import (
    age,
    camera,
    captured_at,
    certainty,
    direction,
    edits,
    format,  # noqa: A004 – the word of the rules
    group,
    has,
    name,
    path,
    pixels,
    relation,
    returned,
    role,
    root,
    similarity,
    size,
    tags,
)
from pictrace.decide.conditions.base import (
    CaseTest,
    FindingCondition,
    GroupCondition,
    ReadSide,
    RootCondition,
    SideCondition,
    SideTest,
)

ALL: tuple[FindingCondition, ...] = (relation, edits, similarity, certainty, direction, returned)
ALL_OF_GROUPS: tuple[GroupCondition, ...] = (group,)
ALL_SIDES: tuple[SideCondition, ...] = (
    path,
    name,
    role,
    size,
    pixels,
    format,
    camera,
    captured_at,
    age,
    has,
    tags,
)
ALL_OF_ROOTS: tuple[RootCondition, ...] = (root,)

__all__ = [
    "ALL",
    "ALL_OF_GROUPS",
    "ALL_OF_ROOTS",
    "ALL_SIDES",
    "CaseTest",
    "FindingCondition",
    "GroupCondition",
    "ReadSide",
    "RootCondition",
    "SideCondition",
    "SideTest",
]
