"""Criteria of the keeper policy, one module each; a new one is one more line here."""

from pictrace.decide.criteria import (
    better_quality,
    first_seen,
    format,  # noqa: A004 – the word of the rules
    has,
    inside,
    larger_file,
    more_pixels,
    newer,
    not_inside,
    older,
    original_name,
    raw,
    richer_metadata,
    role,
    root,
    shorter_name,
    tags,
)
from pictrace.decide.criteria.base import Compare, Criterion, OptionCriterion, RootCriterion

ALL: tuple[Criterion, ...] = (
    raw,
    more_pixels,
    better_quality,
    larger_file,
    richer_metadata,
    older,
    newer,
    first_seen,
    original_name,
    shorter_name,
)
ALL_WITH_OPTION: tuple[OptionCriterion, ...] = (inside, not_inside, role, format, has, tags)
ALL_OF_ROOTS: tuple[RootCriterion, ...] = (root,)

__all__ = [
    "ALL",
    "ALL_OF_ROOTS",
    "ALL_WITH_OPTION",
    "Compare",
    "Criterion",
    "OptionCriterion",
    "RootCriterion",
]
