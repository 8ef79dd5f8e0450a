"""Conditions, one module each; a new one is one more line here."""

from pictrace.decide.conditions import (
    age,
    camera,
    captured_at,
    certainty,
    direction,
    edits,
    format,  # noqa: A004 – the word of the rules
    has,
    path,
    pixels,
    relation,
    role,
    root,
    similarity,
    size,
)
from pictrace.decide.conditions.base import CaseTest, FindingCondition, SideCondition, SideTest

ALL: tuple[FindingCondition, ...] = (relation, edits, similarity, certainty, direction)
ALL_SIDES: tuple[SideCondition, ...] = (path, root, role, size, pixels, format, camera, captured_at, age, has)

__all__ = ["ALL", "ALL_SIDES", "CaseTest", "FindingCondition", "SideCondition", "SideTest", "root"]
