"""Reads the rules of a config into a `RuleBook`; every mistake names file, line and column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pictrace.config import Config, Located, listing, unknown
from pictrace.decide.actions import IGNORE, ActionSpec
from pictrace.decide.answer import Answer, all_of, any_of, negated
from pictrace.decide.book import Rule, RuleBook
from pictrace.decide.conditions import ALL, ALL_SIDES, CaseTest, SideTest
from pictrace.decide.facts import Case, SideFacts
from pictrace.decide.keep import DEFAULT_KEEP, KeepRule, compile_keep
from pictrace.errors import shown
from pictrace.model import Side, Step

_RULE_KEYS = ("name", "when", "keep", "do", "continue")
_COMBINING = ("all", "any", "not")
_SIDES = ("duplicate", "keeper", "new", "existing")
_FINDING = {condition.NAME: condition for condition in ALL}
_SIDE = {condition.NAME: condition for condition in ALL_SIDES}
_WHEN_KEYS = (*_FINDING, *_SIDES, *_COMBINING)


def compile_rules(config: Config, actions: Mapping[str, ActionSpec]) -> RuleBook:
    """Return the compiled rules.

    Args:
        config: read already; its rules carry their places.
        actions: the actions that rules may name.

    Raises:
        ConfigError: with file, line, column and the known names.
    """
    keep = DEFAULT_KEEP if config.keep is None else compile_keep(config.keep)
    rules = tuple(_rule(node, number, keep, actions) for number, node in enumerate(config.rules, start=1))
    seen: dict[str, str] = {}
    for rule, node in zip(rules, config.rules, strict=True):
        if rule.name in seen:
            raise node.error(f"the name '{shown(rule.name)}' is taken by the rule at {seen[rule.name]}")
        seen[rule.name] = rule.place
    return RuleBook(rules=rules)


def _rule(node: Located, number: int, keep: tuple[KeepRule, ...], actions: Mapping[str, ActionSpec]) -> Rule:
    keys = node.section("a rule", _RULE_KEYS, required=("when", "do"))
    name = keys["name"].text("a name") if "name" in keys else f"rule {number}"
    when = keys["when"]
    place = f"{'rules' if node.file is None else shown(node.file.name)}:{node.line}"
    own_keep = compile_keep(keys["keep"].items("a list of criteria")) if "keep" in keys else keep
    return Rule(
        name=name,
        place=place,
        test=_when(when),
        steps=tuple(_step(entry, actions) for entry in keys["do"].items("a list of actions")),
        keep=own_keep,
        relations=_words(when, "relation"),
        goes_on="continue" in keys and keys["continue"].boolean(),
        names_certainty=bool(_words(when, "certainty")),
    )


def _when(node: Located) -> CaseTest:
    keys = node.section("`when`", _WHEN_KEYS)
    if not keys:
        raise node.error(f"expected at least one condition out of: {listing(_WHEN_KEYS)}")
    tests = [_condition(name, value) for name, value in keys.items()]
    return lambda case: all_of(test(case) for test in tests)


def _condition(name: str, node: Located) -> CaseTest:
    if name in _FINDING:
        return _FINDING[name].parse(node)
    if name in _SIDES:
        return _on_side(name, _side(node))
    if name == "not":
        inner = _when(node)
        return lambda case: negated(inner(case))
    tests = [_when(entry) for entry in node.items(f"a list of conditions for `{name}`")]
    if not tests:
        raise node.error(f"`{name}` needs at least one condition")
    combine = all_of if name == "all" else any_of
    return lambda case: combine(test(case) for test in tests)


def _side(node: Located) -> SideTest:
    keys = node.section("a photo's conditions", tuple(_SIDE))
    if not keys:
        raise node.error(f"expected at least one condition out of: {listing(_SIDE)}")
    tests = [_SIDE[name].parse(value) for name, value in keys.items()]
    return lambda side: all_of(test(side) for test in tests)


def _on_side(name: str, test: SideTest) -> CaseTest:
    def ask(case: Case) -> Answer:
        sides: dict[str, SideFacts] = {
            "duplicate": case.duplicate,
            "keeper": case.keeper,
            "new": case.facts.file,
            "existing": case.facts.other,
        }
        return test(sides[name])

    return ask


def _step(entry: Located, actions: Mapping[str, ActionSpec]) -> Step:
    known = (*actions, IGNORE)
    if isinstance(entry.value, str):
        return Step(action=_action_name(entry, known), options=_options(entry, entry.value, None, actions))
    if not isinstance(entry.value, dict):
        raise entry.expected(f"an action out of: {listing(known)}")
    pairs = dict(entry.value)
    on = pairs.pop("on", None)
    if len(pairs) != 1:
        raise entry.error(f"expected one action, and perhaps `on`; known actions: {listing(known)}")
    [(name, pair)] = pairs.items()
    if name not in known:
        raise pair.key.error(unknown("action", name, known))
    side = Side(on.value.choice(tuple(Side), "side")) if on is not None else Side.DUPLICATE
    return Step(action=name, on=side, options=_options(pair.value, name, pair.value.plain(), actions))


def _action_name(entry: Located, known: tuple[str, ...]) -> str:
    return entry.choice(known, "action")


def _options(
    node: Located,
    name: str,
    plain: Any,
    actions: Mapping[str, ActionSpec],  # Any: whatever stands in the rule
) -> dict[str, Any]:
    if name == IGNORE:
        return {}
    if name not in actions:
        raise node.error(unknown("action", name, (*actions, IGNORE)))
    try:
        return actions[name].parse(plain)
    except ValueError as error:
        raise node.error(str(error)) from error


def _words(node: Located, key: str) -> tuple[str, ...]:
    """Return the words that stand under a key anywhere in a rule's conditions."""
    match node.value:
        case dict():
            own = node.value.get(key)
            plain = [] if own is None else own.value.plain()
            words = [plain] if isinstance(plain, str) else list(plain)
            below = [_words(pair.value, key) for name, pair in node.value.items() if name in _COMBINING]
            return (*words, *(word for found in below for word in found))
        case tuple():
            return tuple(word for item in node.value for word in _words(item, key))
        case _:
            return ()
