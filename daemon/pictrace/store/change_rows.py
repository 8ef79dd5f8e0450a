"""A change as a row of journal.db, and back."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from pictrace.model import Change, ChangeKind, ChangeState
from pictrace.store.connection import Row
from pictrace.store.paths import RootPaths
from pictrace.store.values import key_from_text, key_text, text

_PATHS = ("source", "target", "keeper", "temporary")
_COLUMNS = tuple(field.name for field in fields(Change) if field.name != "id")


def all_columns(change: Change, paths: RootPaths) -> dict[str, Any]:  # Any: each column has its own type
    """Return the columns of a change, but for its id."""
    return columns({name: getattr(change, name) for name in _COLUMNS}, paths)


def columns(values: Any, paths: RootPaths) -> dict[str, Any]:  # Any: a TypedDict or a dict of a change's fields
    """Return some fields of a change as they are stored."""
    return {name: _column(name, value, paths) for name, value in values.items()}


def change_of(row: Row, paths: RootPaths) -> Change:
    """Return the change that a row holds."""
    values = {name: row[name] for name in _COLUMNS}
    for name in _PATHS:
        values[name] = None if row[name] is None else paths.decode(row[name])
    values["key"] = key_from_text(row["key"])
    values["details"] = json.loads(row["details"])
    values["kind"], values["state"] = ChangeKind(row["kind"]), ChangeState(row["state"])
    return Change(id=row["id"], **values)


def _column(name: str, value: Any, paths: RootPaths) -> Any:  # Any: each field has its own type
    if name in _PATHS:
        return None if value is None else paths.encode(value)
    if name == "key":
        return key_text(value)
    if name == "details":
        return json.dumps(value, sort_keys=True)
    return text(value) if isinstance(value, str) else value
