"""Pieces that the JSON Schema for editors is put together from; each stands beside the reader that it describes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

Schema = dict[str, Any]  # Any: JSON

TEXT: Final[Schema] = {"type": "string", "minLength": 1}
DATE: Final[Schema] = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "examples": ["2024-05-31"]}
# Conditions on one photo and the keeper's criteria stand in many places: the whole schema defines them once.
PHOTO: Final[Schema] = {"$ref": "#/$defs/photo"}
FINDING: Final[Schema] = {"$ref": "#/$defs/finding"}
KEEP: Final[Schema] = {"$ref": "#/$defs/keep"}
RULES: Final[Schema] = {"$ref": "#/$defs/rules"}
TESTS: Final[Schema] = {"$ref": "#/$defs/tests"}


def words(known: Collection[str]) -> Schema:
    """Return the schema of one of the known names."""
    return {"type": "string", "enum": [str(name) for name in known]}


def one_or_more(item: Schema) -> Schema:
    """Return the schema of one value or a list of them that is not empty."""
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def section(properties: Mapping[str, Schema], *, required: tuple[str, ...] = (), is_any_needed: bool = False) -> Schema:
    """Return the schema of a mapping with these keys and no others.

    Args:
        properties: the keys it may have.
        required: those it must have.
        is_any_needed: an empty mapping is wrong.
    """
    schema: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    if required:
        schema["required"] = list(required)
    if is_any_needed:
        schema["minProperties"] = 1
    return schema


def bounded(bound: Schema) -> Schema:
    """Return the schema of a range with ``at-least``, ``at-most`` or both."""
    return section({"at-least": bound, "at-most": bound}, is_any_needed=True)
