"""The JSON Schema of a whole config file, for editors; put together from the tables that the parser uses.

It refuses no config that PicTrace takes. What only PicTrace can see (roots that are none, ranges that are empty, a name
that is taken) it lets through.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from pictrace.config import KEYS, VERSION
from pictrace.config.fragments import FINDING, KEEP, PHOTO, RULES, TESTS, TEXT, Schema, one_or_more, section, words
from pictrace.decide import conditions, criteria
from pictrace.decide.actions import IGNORE, ON_KEEPER, ActionSpec, is_moving
from pictrace.decide.testing.schema import schema_of_test
from pictrace.decide.when import SIDES
from pictrace.model import Side, Step

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_SIDE_MEANINGS: Final = {
    "duplicate": "The photo that the keeper policy gives up",
    "keeper": "The photo that stays",
    "new": "The later known of the two",
    "existing": "The earlier known of the two",
}


class _Word(Protocol):
    """A condition or a criterion: a word with what may stand after it."""

    NAME: str
    SCHEMA: Schema


def config_schema(actions: Mapping[str, ActionSpec]) -> Schema:
    """Return the JSON Schema (draft 2020-12) of a config file.

    Args:
        actions: the actions that rules may name.
    """
    include = section({"include": _described(TEXT, "A ready-made set by name, or a YAML file")}, required=("include",))
    properties = {name: _described(key.schema, key.meaning) for name, key in KEYS.items()}
    return {
        "$schema": DIALECT,
        "title": "PicTrace config",
        "$comment": "Printed by `pictrace rules schema`; not written by hand.",
        **section(properties, required=("version",)),
        "$defs": {
            "rules": {"type": "array", "items": {"anyOf": [_rule(actions), include]}},
            "keep": one_or_more(_criterion()),
            "finding": _finding(),
            "photo": _photo(),
            "tests": {"type": "array", "items": schema_of_test(actions)},
        },
    }


def rule_file_schema(actions: Mapping[str, ActionSpec]) -> Schema:
    """Return the schema of a file with rules alone: a ready-made set, or one in ``rules.d``."""
    whole = config_schema(actions)
    keys = section({"version": {"const": VERSION}, "rules": RULES, "tests": TESTS}, required=("version", "rules"))
    return {"$schema": DIALECT, **keys, "$defs": whole["$defs"]}


def _rule(actions: Mapping[str, ActionSpec]) -> Schema:
    return section(
        {
            "name": _described(TEXT, "Shown with each finding; two rules do not have the same"),
            "when": FINDING,
            "keep": KEEP,
            "do": {"type": "array", "items": _step(actions)},
            "continue": _described({"type": "boolean"}, "The next rules are asked as well"),
        },
        required=("when", "do"),
    )


def _step(actions: Mapping[str, ActionSpec]) -> Schema:
    bare = [name for name, action in actions.items() if _is_bare_allowed(action)]
    forms: list[Schema] = [words([*bare, IGNORE]), section({IGNORE: {"type": "null"}}, required=(IGNORE,))]
    for name, action in actions.items():
        options = {"anyOf": [action.schema, {"type": "null"}]} if name in bare else action.schema
        sides = (Side.DUPLICATE,) if is_moving(Step(action=name)) else tuple(Side)
        keys = {name: _described(options, _meaning(type(action)))}
        if name not in ON_KEEPER:
            keys["on"] = words(sides)
        forms.append(section(keys, required=(name,)))
    return {"anyOf": forms}


def _is_bare_allowed(action: ActionSpec) -> bool:
    try:
        action.parse(None)
    except ValueError:
        return False
    return True


def _criterion() -> Schema:
    plain: list[Schema] = [{"const": one.NAME, "description": _meaning(one)} for one in criteria.ALL]
    options = {**_words(criteria.ALL_WITH_OPTION), **_words(criteria.ALL_OF_ROOTS)}
    return {"anyOf": [*plain, *(section({name: schema}, required=(name,)) for name, schema in options.items())]}


def _finding() -> Schema:
    sides = {name: _described(PHOTO, _SIDE_MEANINGS[name]) for name in SIDES}
    return _combined({**_words(conditions.ALL), **sides, **_words(conditions.ALL_OF_GROUPS)}, FINDING)


def _photo() -> Schema:
    return _combined({**_words(conditions.ALL_SIDES), **_words(conditions.ALL_OF_ROOTS)}, PHOTO)


def _words(some: Iterable[_Word]) -> dict[str, Schema]:
    return {one.NAME: _described(one.SCHEMA, _meaning(one)) for one in some}


def _combined(leaves: dict[str, Schema], itself: Schema) -> Schema:
    some: Schema = {"type": "array", "items": itself, "minItems": 1}
    return section({**leaves, "all": some, "any": some, "not": itself}, is_any_needed=True)


def _described(schema: Schema, meaning: str) -> Schema:
    return {**schema, "description": meaning}


def _meaning(documented: Any) -> str:  # Any: a module or a class
    """Return the first line of a docstring, for people."""
    lines = (inspect.getdoc(documented) or "").splitlines()
    return lines[0].replace("``", "`").rstrip(".") if lines else ""
