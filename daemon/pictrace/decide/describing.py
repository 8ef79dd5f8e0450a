"""Rules in words, for a person who wants to see them before they are switched on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pictrace.decide.book import RuleBook
from pictrace.model import Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDescription:
    """A rule: its name, where it stands, the relations it may ever match, its actions, and its keeper policy.

    ``is_keep_own``: the policy stands in the rule, so that the `keep` of the config does not hold for it.
    """

    name: str
    place: str
    relations: tuple[str, ...]
    actions: tuple[str, ...]
    keep: tuple[str, ...]
    is_keep_own: bool

    def __str__(self) -> str:
        """Return the rule in one line, and in a second one its keeper policy where that is its own."""
        relations = ", ".join(self.relations)
        actions = ", ".join(self.actions) or "nothing"
        line = f"{self.place:<28} {self.name}: {relations} → {actions}"
        if not self.is_keep_own:
            return line
        return f"{line}\n{'':<28} its own keep, not that of the config: {', '.join(self.keep)}"

    def to_json(self) -> dict[str, Any]:
        """Return the rule as JSON wants it."""
        return {
            "name": self.name,
            "place": self.place,
            "relations": list(self.relations),
            "actions": list(self.actions),
            "keep": list(self.keep),
            "keep_is_own": self.is_keep_own,
        }


def describe_rules(book: RuleBook) -> list[RuleDescription]:
    """Return the rules in the order in which they are asked."""
    return [
        RuleDescription(
            name=rule.name,
            place=rule.place,
            relations=tuple(relation.value for relation in Relation if relation in rule.relations),
            actions=tuple(step.action for step in rule.steps),
            keep=tuple(line.name for line in rule.keep),
            is_keep_own=rule.is_keep_own,
        )
        for rule in book.rules
    ]
