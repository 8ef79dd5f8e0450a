"""``merge-metadata``: what only the duplicate says goes into the keeper's sidecar, before the duplicate goes."""

from __future__ import annotations

from typing import Any

from pictrace.act.actions.base import Draft, Scene
from pictrace.act.merging import CARRIED, Said
from pictrace.config.fragments import Schema, one_or_more, words
from pictrace.model import ChangeKind


class MergeMetadata:
    """Carries keywords, rating, caption and place; the subject is the keeper, and what it says already stays."""

    name = "merge-metadata"
    variable_options: tuple[str, ...] = ()
    schema: Schema = one_or_more(words(CARRIED))

    def parse(self, options: Any) -> dict[str, Any]:  # Any: see Action
        """Return ``{"carry": [...]}``, from one word or a list of them; left out: all of them."""
        carry = [options] if isinstance(options, str) else CARRIED if options is None else options
        if not isinstance(carry, (list, tuple)) or not carry or not all(word in CARRIED for word in carry):
            raise ValueError(f"`merge-metadata` takes one or more of: {', '.join(CARRIED)}; or nothing, for all")
        return {"carry": list(carry)}

    def drafts(self, options: dict[str, Any], scene: Scene) -> list[Draft]:  # Any: as `parse` gave them
        """Return one change of the keeper's sidecar; what the sidecars say is looked up when it is made."""
        details = {
            "carry": options["carry"],
            "theirs": Said.json_of(scene.other_says),
            "ours": Said.json_of(scene.subject_says),
        }
        target = scene.sidecar_to_write()
        return [Draft(kind=ChangeKind.MERGE_METADATA, source=scene.subject.path, target=target, details=details)]
