"""``tag``: write keywords into the photo's sidecar, where photo managers read them."""

from __future__ import annotations

from typing import Any

from pictrace.act.actions.base import Draft, Scene, sidecar_of
from pictrace.config.fragments import one_or_more
from pictrace.model import ChangeKind

_MOST_CHARACTERS = 200


class Tag:
    """Adds keywords to ``photo.jpg.xmp``; the photo's own file is never rewritten."""

    name = "tag"
    variable_options = ("tags",)
    schema = one_or_more({"type": "string", "minLength": 1, "maxLength": _MOST_CHARACTERS, "pattern": "^[^|]*$"})

    def parse(self, options: Any) -> dict[str, Any]:  # Any: see Action
        """Return ``{"tags": [...]}``, from one text or a list of them."""
        tags = [options] if isinstance(options, str) else options
        if not isinstance(tags, list) or not tags or not all(isinstance(tag, str) for tag in tags):
            raise ValueError("`tag` needs a keyword or a list of them: `tag: pictrace/copy`")
        for tag in tags:
            if not tag.strip("/ ") or len(tag) > _MOST_CHARACTERS or not tag.isprintable() or "|" in tag:
                raise ValueError(
                    f"`tag: {tag[:40]}`: expected a keyword of 1 to {_MOST_CHARACTERS} letters without `|`"
                )
        return {"tags": list(tags)}

    def drafts(self, options: dict[str, Any], scene: Scene) -> list[Draft]:  # Any: as `parse` gave them
        """Return one change of the sidecar."""
        # A variable may be empty, as the folder of a photo at the top of its root.
        tags = [tag for tag in ("/".join(filter(None, tag.split("/"))) for tag in options["tags"]) if tag]
        photo = scene.subject.path
        return [Draft(kind=ChangeKind.TAG, source=photo, target=sidecar_of(photo), details={"tags": tags})]
