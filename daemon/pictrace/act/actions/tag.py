"""``tag``: write keywords into the photo's sidecar, where photo managers read them."""

from __future__ import annotations

import os
from typing import Any

from pictrace.act.actions.base import Draft, Scene
from pictrace.config.fragments import Schema, one_or_more, section
from pictrace.imaging.keywords import keyword_path
from pictrace.model import ChangeKind

_MOST_CHARACTERS = 200
_OPTIONS = {"keywords", "derived-from"}
_KEYWORDS = one_or_more({"type": "string", "minLength": 1, "maxLength": _MOST_CHARACTERS, "pattern": "^[^|]*$"})
_MAPPING = section({"keywords": _KEYWORDS, "derived-from": {"type": "boolean"}}, required=("keywords",))
_SCHEMA: Schema = {"anyOf": [_KEYWORDS, _MAPPING]}


class Tag:
    """Adds keywords to the photo's sidecar; the photo's own file is never rewritten."""

    name = "tag"
    variable_options = ("tags",)
    schema = _SCHEMA

    def parse(self, options: Any) -> dict[str, Any]:  # Any: see Action
        r"""Return ``{"tags": [...]}``, with ``"derived_from": True`` where asked for.

        Options are one text, a list, or a mapping with ``keywords``.
        ``\/`` is a slash inside a name; it comes out as ``|``.
        """
        mapping = options if isinstance(options, dict) and "keywords" in options else {"keywords": options}
        tags, is_linked = mapping["keywords"], mapping.get("derived-from", False)
        if not set(mapping) <= _OPTIONS or not isinstance(is_linked, bool):
            raise ValueError("`tag` takes `keywords`, and `derived-from: true` to name the photo that stays")
        tags = [tags] if isinstance(tags, str) else tags
        if not isinstance(tags, list) or not tags or not all(isinstance(tag, str) for tag in tags):
            raise ValueError("`tag` needs a keyword or a list of them: `tag: pictrace/copy`")
        for tag in tags:
            if not tag.strip("/ ") or len(tag) > _MOST_CHARACTERS or not tag.isprintable() or "|" in tag:
                raise ValueError(
                    f"`tag: {tag[:40]}`: expected a keyword of 1 to {_MOST_CHARACTERS} letters without `|`"
                )
        keywords = [keyword_path(tag.replace("\\/", "|")) for tag in tags]
        return {"tags": keywords, "derived_from": True} if is_linked else {"tags": keywords}

    def drafts(self, options: dict[str, Any], scene: Scene) -> list[Draft]:  # Any: as `parse` gave them
        """Return one change of the sidecar."""
        # A variable may be empty, as the folder of a photo at the top of its root.
        tags = [tag for tag in map(keyword_path, options["tags"]) if tag]
        photo = scene.subject.path
        details: dict[str, Any] = {"tags": tags}
        if scene.subject_says is not None and scene.subject_says.keywords:
            details["own_keywords"] = list(scene.subject_says.keywords)
        source = os.path.relpath(scene.keeper.path, photo.parent)
        # XML has no letters for what some names are made of.
        if options.get("derived_from") and scene.is_duplicate and source.isprintable():
            details["derived_from"] = source
        return [Draft(kind=ChangeKind.TAG, source=photo, target=scene.sidecar_to_write(), details=details)]
