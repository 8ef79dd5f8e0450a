"""Reads the rules of a config into a `RuleBook`; every mistake names file, line and column."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pictrace.config import Config, Located
from pictrace.decide.actions import ActionSpec, is_moving, needs_equal_bytes, read_steps
from pictrace.decide.book import Rule, RuleBook
from pictrace.decide.keep import DEFAULT_KEEP, KeepRule, compile_keep
from pictrace.decide.parts import parts_of, place_of
from pictrace.decide.when import named, read_when
from pictrace.errors import shown
from pictrace.model import Certainty, Relation, Role, Step

RULE_KEYS = ("name", "when", "keep", "do", "continue")

_COPIES = frozenset(relation for relation in Relation if relation.is_copy)
_WHOLE_COPIES = frozenset({Relation.SAME_BYTES, Relation.SAME_PIXELS, Relation.RENDITION})


def compile_rules(config: Config, actions: Mapping[str, ActionSpec]) -> RuleBook:
    """Return the compiled rules.

    Args:
        config: read already; its rules carry their places.
        actions: the actions that rules may name.

    Raises:
        ConfigError: with file, line, column and the known names.
    """
    named = {root.path: root.role for root in config.roots}
    roots = {**dict.fromkeys(config.declared_roots, Role.LIBRARY), **named}
    keep = DEFAULT_KEEP if config.keep is None else compile_keep(config.keep, roots)
    seen: dict[str, str] = {}
    rules: list[Rule] = []
    for number, node in enumerate(config.rules, start=1):
        rule = _rule(node, number, keep=keep, roots=roots, actions=actions)
        if rule.name in seen:
            raise node.error(f"the name '{shown(rule.name)}' is taken by the rule at {seen[rule.name]}")
        seen[rule.name] = rule.place
        rules.append(rule)
    return RuleBook(
        rules=tuple(rules),
        variable_options={name: action.variable_options for name, action in actions.items()},
        roots=roots,
    )


def _rule(
    node: Located,
    number: int,
    *,
    keep: tuple[KeepRule, ...],
    roots: Mapping[Path, Role],
    actions: Mapping[str, ActionSpec],
) -> Rule:
    keys = node.section("a rule", RULE_KEYS, required=("when", "do"))
    name = keys["name"].text("a name") if "name" in keys else f"rule {number}"
    own_keep = compile_keep(keys["keep"].one_or_more("a list of criteria"), roots) if "keep" in keys else keep
    paths = tuple(roots)
    test = read_when(keys["when"], paths)
    steps = read_steps(keys["do"], actions, roots)
    return Rule(
        name=name,
        place=place_of(node),
        test=test,
        steps=steps,
        keep=own_keep,
        relations=_relations(keys["when"], steps),
        least_certainty=_least_certainty(keys["when"]),
        goes_on="continue" in keys and keys["continue"].boolean(),
        parts=parts_of(keys["when"], paths),
        is_keep_own="keep" in keys,
    )


def _relations(when: Located, steps: tuple[Step, ...]) -> frozenset[Relation]:
    """Return the relations a rule may ever match, whatever its conditions say.

    Other exposures, and copies that are somebody's work, are only touched on purpose: a rule that names no relation
    leaves bursts alone, and one that moves photos leaves edited ones and parts alone as well.
    """
    moving = next((step for step in steps if is_moving(step)), None)
    asked_for: set[Relation] = set()
    for node in named(when, "relation"):
        relation = Relation(node.text())
        if moving is not None and not relation.is_copy:
            raise node.error(f"`{relation.value}` is no copy, `{moving.action}` is never done to it")
        asked_for.add(relation)
    sharing = next((step for step in steps if needs_equal_bytes(step)), None)
    if sharing is not None and not (_names_relation(when) and asked_for == {Relation.SAME_BYTES}):
        raise when.error(f"`{sharing.action}` is for equal bytes only: `when` needs `relation: same-bytes`")
    if _names_relation(when):
        return frozenset(asked_for)  # it holds for the rule as a whole: no other can match
    return frozenset(asked_for) | (_COPIES if moving is None else _WHOLE_COPIES)


def _names_relation(when: Located) -> bool:
    """Return whether a relation stands at the top of a `when`: then the rule can match no other."""
    return isinstance(when.value, dict) and "relation" in when.value


def _least_certainty(when: Located) -> Certainty:
    asked_for = [Certainty(node.text()) for node in named(when, "certainty")]
    return min((*asked_for, Certainty.VERIFIED), key=lambda certainty: certainty.rank)
