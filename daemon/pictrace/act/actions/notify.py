"""``notify``: say it in the log."""

from __future__ import annotations

from typing import Any

from pictrace.act.actions.base import Draft, Scene
from pictrace.config.fragments import Schema
from pictrace.model import ChangeKind

_MOST_CHARACTERS = 500

_SCHEMA: Schema = {"type": "string", "maxLength": _MOST_CHARACTERS}


class Notify:
    """Writes a line to the log; nothing on disk changes."""

    name = "notify"
    variable_options = ("text",)
    schema = _SCHEMA

    def parse(self, options: Any) -> dict[str, Any]:  # Any: see Action
        """Return ``{"text": words}``; left out: the relation and both names are said anyway."""
        text = "" if options is None else options
        if not isinstance(text, str) or len(text) > _MOST_CHARACTERS:
            raise ValueError(f"`notify` takes a text of at most {_MOST_CHARACTERS} letters, or nothing")
        return {"text": text}

    def drafts(self, options: dict[str, Any], scene: Scene) -> list[Draft]:  # Any: as `parse` gave them
        """Return one change without effect on the disk."""
        said = f"{scene.match.relation.value} of {scene.keeper.path}"
        words = " — ".join(filter(None, (options["text"], said)))
        return [Draft(kind=ChangeKind.NOTIFY, source=scene.subject.path, target=None, details={"text": words})]
