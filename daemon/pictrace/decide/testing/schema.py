"""The JSON Schema of a test of rules, for editors; put together from the tables that the reader uses."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from pictrace.config import units
from pictrace.config.fragments import DATE, TEXT, Schema, section, words
from pictrace.decide.facts import FORMATS
from pictrace.decide.keep import KEEP_NAMES
from pictrace.decide.testing.photos import HAS, PIXELS
from pictrace.decide.testing.reading import DIRECTIONS, NO_RULE, RELATIONS
from pictrace.model import Certainty, EditKind, Role

_BOOLEAN: Final[Schema] = {"type": "boolean"}
_TEXTS: Final[Schema] = {"type": "array", "items": TEXT}


def schema_of_test(actions: Collection[str]) -> Schema:
    """Return the schema of one entry of `tests`.

    Args:
        actions: the names of the actions that may be expected.
    """
    return section(
        {
            "name": TEXT,
            "relation": words(RELATIONS),
            "new": _photo(),
            "existing": _photo(),
            "expect": {"anyOf": [words([NO_RULE]), _expected(actions)]},
            "edits": {"type": "array", "items": words(tuple(EditKind))},
            "certainty": words(tuple(Certainty)),
            "similarity": {"type": "number", "minimum": 0, "maximum": 1},
            "direction": words(tuple(DIRECTIONS)),
            "returned": _BOOLEAN,
            "group": {"type": "integer", "minimum": 2, "maximum": 1000},
            "backlog": words(("report", "act")),
        },
        required=("name", "relation", "new", "existing", "expect"),
    )


def _photo() -> Schema:
    return section(
        {
            "path": TEXT,
            "root": TEXT,
            "role": words(tuple(Role)),
            "arrival": _BOOLEAN,
            "size": units.SIZE_SCHEMA,
            "written": DATE,
            "age": units.DURATION_SCHEMA,
            "tags": _TEXTS,
            "format": words(FORMATS),
            "pixels": {"type": "string", "pattern": f"^{PIXELS.pattern}$"},
            "camera": TEXT,
            "captured-at": DATE,
            "quality": {"type": "integer", "minimum": 1, "maximum": 100},
            "lossless": _BOOLEAN,
            "has": {"type": "array", "items": words(HAS)},
            "fields": {"type": "integer", "minimum": 0, "maximum": 99},
        },
        required=("path",),
    )


def _expected(actions: Collection[str]) -> Schema:
    step: Schema = {"anyOf": [words(actions), {"type": "object"}]}
    return section(
        {
            "rule": {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}]},
            "keeper": words(("new", "existing")),
            "by": words(KEEP_NAMES),
            "do": {"type": "array", "items": step},
            "held": {"anyOf": [_BOOLEAN, TEXT]},
        },
        required=("rule",),
    )
