"""Reads `when` into one test, and knows what it names on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from pictrace.config import Located, listing
from pictrace.decide.answer import Answer, all_of, any_of, negated
from pictrace.decide.conditions import (
    ALL,
    ALL_OF_GROUPS,
    ALL_OF_ROOTS,
    ALL_SIDES,
    CaseTest,
    GroupCondition,
    ReadSide,
    RootCondition,
)
from pictrace.decide.facts import Case, SideFacts

T = TypeVar("T")
Test = Callable[[T], Answer]
Parse = Callable[[Located], Test[T]]

COMBINING = ("all", "any", "not")
SIDES = ("duplicate", "keeper", "new", "existing")
_FINDING = {condition.NAME: condition for condition in ALL}
_SIDE = {condition.NAME: condition for condition in ALL_SIDES}


def read_when(node: Located, roots: tuple[Path, ...]) -> CaseTest:
    """Return the test that the conditions of a rule come to.

    Args:
        node: what stands under `when`.
        roots: the folders that may be named as roots.
    """
    read_side = _side_reader(roots)
    leaves: dict[str, Parse[Case]] = {name: condition.parse for name, condition in _FINDING.items()}
    for name in SIDES:
        leaves[name] = _side_parser(name, read_side)
    for condition in ALL_OF_GROUPS:
        leaves[condition.NAME] = _group_parser(condition, read_side)
    return _all_in(node, "`when`", leaves)


def named(node: Located, key: str) -> Iterator[Located]:
    """Yield the values that stand under a key, but not those under a `not`: what is excluded is not asked for."""
    match node.value:
        case dict():
            for name, pair in node.value.items():
                if name == key:
                    yield from pair.value.one_or_more("one or more names")
                elif name in ("all", "any"):
                    yield from named(pair.value, key)
        case tuple():
            for item in node.value:
                yield from named(item, key)
        case _:
            return


def _all_in(node: Located, what: str, leaves: Mapping[str, Parse[T]]) -> Test[T]:
    known = (*leaves, *COMBINING)
    keys = node.section(what, known)
    if not keys:
        raise node.error(f"expected at least one condition out of: {listing(known)}")
    tests = [_one(name, value, leaves) for name, value in keys.items()]
    return lambda subject: all_of(test(subject) for test in tests)


def _one(name: str, node: Located, leaves: Mapping[str, Parse[T]]) -> Test[T]:
    if name in leaves:
        return leaves[name](node)
    if name == "not":
        inner = _all_in(node, "`not`", leaves)
        return lambda subject: negated(inner(subject))
    tests = [_all_in(entry, f"`{name}`", leaves) for entry in node.items(f"a list of conditions for `{name}`")]
    if not tests:
        raise node.error(f"`{name}` needs at least one condition out of: {listing((*leaves, *COMBINING))}")
    combine = all_of if name == "all" else any_of
    return lambda subject: combine(test(subject) for test in tests)


def _side_reader(roots: tuple[Path, ...]) -> ReadSide:
    leaves: dict[str, Parse[SideFacts]] = {name: condition.parse for name, condition in _SIDE.items()}
    leaves |= {condition.NAME: _root_parser(condition, roots) for condition in ALL_OF_ROOTS}
    return lambda node, what: _all_in(node, what, leaves)


def _side_parser(name: str, read_side: ReadSide) -> Parse[Case]:
    def parse(node: Located) -> CaseTest:
        test = read_side(node, f"`{name}`")
        return lambda case: test(_side(name, case))

    return parse


def _group_parser(condition: GroupCondition, read_side: ReadSide) -> Parse[Case]:
    return lambda node: condition.parse(node, read_side)


def _side(name: str, case: Case) -> SideFacts:
    match name:
        case "duplicate":
            return case.duplicate
        case "keeper":
            return case.keeper
        case "new":
            return case.facts.file
        case _:
            return case.facts.other


def _root_parser(condition: RootCondition, roots: tuple[Path, ...]) -> Parse[SideFacts]:
    return lambda node: condition.parse(node, roots)
