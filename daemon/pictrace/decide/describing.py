"""Rules in words, for a person who wants to see them before they are switched on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pictrace.decide.book import RuleBook
from pictrace.model import Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDescription:
    """A rule: its name, where it stands, the relations it may ever match, its actions."""

    name: str
    place: str
    relations: tuple[str, ...]
    actions: tuple[str, ...]

    def __str__(self) -> str:
        """Return the rule in one line."""
        relations = ", ".join(self.relations)
        actions = ", ".join(self.actions) or "nothing"
        return f"{self.place:<28} {self.name}: {relations} → {actions}"

    def to_json(self) -> dict[str, Any]:
        """Return the rule as JSON wants it."""
        return {
            "name": self.name,
            "place": self.place,
            "relations": list(self.relations),
            "actions": list(self.actions),
        }


def describe_rules(book: RuleBook) -> list[RuleDescription]:
    """Return the rules in the order in which they are asked."""
    return [
        RuleDescription(
            name=rule.name,
            place=rule.place,
            relations=tuple(relation.value for relation in Relation if relation in rule.relations),
            actions=tuple(step.action for step in rule.steps),
        )
        for rule in book.rules
    ]
