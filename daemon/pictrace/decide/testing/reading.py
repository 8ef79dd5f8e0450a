"""Reads the `tests` of a rule file; every mistake names file, line and column."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pictrace.config import Located, RootConfig
from pictrace.decide.actions import ActionSpec, read_steps
from pictrace.decide.book import RuleBook
from pictrace.decide.facts import Facts, SideFacts
from pictrace.decide.keep import KEEP_NAMES
from pictrace.decide.parts import place_of
from pictrace.decide.testing.photos import read_photo
from pictrace.model import Certainty, Direction, Edit, EditKind, Match, Relation, Step

TEST_KEYS = (
    *("name", "relation", "edits", "certainty", "similarity", "direction"),
    *("new", "existing", "group", "returned", "backlog", "expect"),
)
EXPECT_KEYS = ("rule", "keeper", "by", "do", "held")
NO_RULE = "none"
RELATIONS = tuple(relation.value for relation in Relation if relation is not Relation.UNRELATED)
_PROVED = (Relation.SAME_BYTES, Relation.SAME_PIXELS)
DIRECTIONS = {
    "new-from-existing": Direction.FILE_FROM_OTHER,
    "existing-from-new": Direction.OTHER_FROM_FILE,
    "unknown": Direction.UNKNOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What should come of a finding; None where a test leaves it open, but for ``rule``: None: no rule matches.

    ``keeper`` is ``new`` or ``existing``, ``by`` the line of the keeper policy. ``do`` holds the name of an action, or
    a step where its options are given. ``held``: whether, or a part of the reason.
    """

    rule: str | None
    keeper: str | None = None
    by: str | None = None
    do: tuple[str | Step, ...] | None = None
    held: bool | str = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTest:
    """One example finding, with what should come of it; ``place`` is the file and line it stands in."""

    name: str
    place: str
    facts: Facts
    expected: Expected


def named_roots(tests: Located | None) -> tuple[Path, ...]:
    """Return the roots that the tests of a rule file name: there is no config that declares them."""
    photos = (photo for entry in _entries(tests) for photo in _pairs(entry, ("new", "existing")))
    names = (root.text("the path or the name of a root") for photo in photos for root in _pairs(photo, ("root",)))
    return tuple(dict.fromkeys(Path("/") / name for name in names))


def _pairs(node: Located, keys: tuple[str, ...]) -> list[Located]:
    """Return the values of these keys, as far as they are there: what is wrong is told by `read_tests`."""
    return [node.value[key].value for key in keys if key in node.value] if isinstance(node.value, dict) else []


def read_tests(
    tests: Located | None, book: RuleBook, *, actions: Mapping[str, ActionSpec], roots: tuple[RootConfig, ...] = ()
) -> tuple[RuleTest, ...]:
    """Return the tests that stand beside rules.

    Args:
        tests: what stands under `tests`.
        book: the rules; a test that expects another one is wrong.
        actions: the actions that may be expected.
        roots: those that the config declares.

    Raises:
        ConfigError: with file, line, column and the known names.
    """
    found: dict[str, RuleTest] = {}
    for entry in _entries(tests):
        test = _test(entry, book, actions, roots)
        if test.name in found:
            raise entry.error(f"the name '{test.name}' is taken by the test at {found[test.name].place}")
        found[test.name] = test
    return tuple(found.values())


def _entries(tests: Located | None) -> tuple[Located, ...]:
    return () if tests is None else tests.items("a list of tests")


def _test(node: Located, book: RuleBook, actions: Mapping[str, ActionSpec], roots: tuple[RootConfig, ...]) -> RuleTest:
    keys = node.section("a test", TEST_KEYS, required=("name", "relation", "new", "existing", "expect"))
    match = _match(keys)
    new = read_photo(keys["new"], is_new=True, roots=roots)
    existing = read_photo(keys["existing"], is_new=False, roots=roots)
    if new.path == existing.path:
        raise keys["new"].error("both photos lie at the same path: there is nothing to compare")
    if match.relation is Relation.SAME_BYTES:
        new = replace(new, content_hash=existing.content_hash)
    facts = Facts(
        file=new,
        other=existing,
        match=match,
        is_backlog_allowed="backlog" in keys and keys["backlog"].choice(("report", "act"), "backlog") == "act",
        returned=keys["returned"].boolean() if "returned" in keys else None,
        group=_group(keys["group"], new, existing) if "group" in keys else (),
    )
    expected = _expected(keys["expect"], book, actions)
    return RuleTest(name=keys["name"].text("a name"), place=place_of(node), facts=facts, expected=expected)


def _match(keys: dict[str, Located]) -> Match:
    """Return the finding; a similarity that is not said is no number, which no range can tell anything of."""
    relation = Relation(keys["relation"].choice(RELATIONS, "relation"))
    is_proved = relation in _PROVED
    certainty = Certainty.PROVED if is_proved else Certainty.VERIFIED
    if "certainty" in keys:
        certainty = Certainty(keys["certainty"].choice(tuple(Certainty), "certainty"))
    similarity = 1.0 if is_proved else math.nan
    if "similarity" in keys:
        similarity = keys["similarity"].number("a similarity from 0 to 1", low=0, high=1)
    direction = keys["direction"].choice(tuple(DIRECTIONS), "direction") if "direction" in keys else "unknown"
    known = tuple(kind.value for kind in EditKind)
    edits = keys["edits"].items("a list of edits") if "edits" in keys else ()
    return Match(
        relation=relation,
        certainty=certainty,
        similarity=similarity,
        direction=DIRECTIONS[direction],
        edits=tuple(Edit(kind=EditKind(edit.choice(known, "edit"))) for edit in edits),
    )


def _group(node: Located, new: SideFacts, existing: SideFacts) -> tuple[SideFacts, ...]:
    """Return so many photos; the further ones are copies of the existing one."""
    count = node.whole_number("how many photos the group has, 2 to 1000", low=2, high=1000)
    further = (
        replace(existing, path=existing.path.with_name(f"{n} {existing.path.name}")) for n in range(3, count + 1)
    )
    return (new, existing, *further)


def _expected(node: Located, book: RuleBook, actions: Mapping[str, ActionSpec]) -> Expected:
    if node.value == NO_RULE:
        return Expected(rule=None)
    keys = node.section("`expect`, which is `none` or a mapping,", EXPECT_KEYS, required=("rule",))
    known = tuple(rule.name for rule in book.rules)
    rules = [entry.choice(known, "rule") for entry in keys["rule"].one_or_more("the name of a rule")]
    return Expected(
        rule=" + ".join(rules),
        keeper=keys["keeper"].choice(("new", "existing"), "keeper") if "keeper" in keys else None,
        by=keys["by"].choice(KEEP_NAMES, "keep criterion") if "by" in keys else None,
        do=tuple(_steps(keys["do"].items("a list of actions"), actions)) if "do" in keys else None,
        held=_held(keys["held"]) if "held" in keys else False,
    )


def _steps(entries: tuple[Located, ...], actions: Mapping[str, ActionSpec]) -> Iterable[str | Step]:
    for entry in entries:
        if isinstance(entry.value, str):
            yield entry.choice(tuple(actions), "action")
        else:
            yield from read_steps(replace(entry, value=(entry,)), actions, {})


def _held(node: Located) -> bool | str:
    return node.value if isinstance(node.value, bool) else node.text("true, false or a part of the reason")
