"""What every action has: a name, options of its own, and the changes it takes."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pictrace.config.fragments import Schema
from pictrace.model import ChangeKind, Match, PhotoFile, RootInfo

SIDECAR_SUFFIX = ".xmp"
# File systems take 255 bytes; a name that is made up leaves room for the sidecar's ending.
MOST_NAME_BYTES = 255 - len(SIDECAR_SUFFIX)
_MOST_SUFFIX = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What an action may know when it is asked for its changes.

    ``subject`` is the file it works on, ``keeper`` the photo that stays. ``sidecar`` is the subject's own, where it
    has one. ``token`` is a few random letters, the same for all changes of a plan. ``month`` is ``YYYY-MM``.
    """

    subject: PhotoFile
    keeper: PhotoFile
    root: RootInfo
    match: Match
    quarantine: Path
    sidecar: Path | None
    token: str
    month: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A change an action wants; ``target`` None: nothing on disk is named. ``is_companion``: it only travels along."""

    kind: ChangeKind
    source: Path
    target: Path | None
    is_companion: bool = False
    details: dict[str, Any] = field(default_factory=dict)  # Any: plain JSON values


class Action(Protocol):
    """An action of a rule; variables in its options are filled by the time `drafts` sees them."""

    name: str

    @property
    def variable_options(self) -> tuple[str, ...]:
        """The options, as `parse` gives them, in which variables may stand: texts or lists of texts."""

    @property
    def schema(self) -> Schema:
        """What may stand after the name of the action in a rule, for editors."""

    def parse(self, options: Any) -> dict[str, Any]:  # Any: whatever stands in the rule, and what it comes to
        """Return the options in their full form; ``to`` is the folder that photos are put in, ``~`` expanded.

        Raises:
            ValueError: they make no sense; a sentence that says what was expected.
        """

    def drafts(self, options: dict[str, Any], scene: Scene) -> list[Draft]:  # Any: as `parse` gave them
        """Return the changes it takes, in order. Pure: nothing is looked up, nothing happens."""


def moving(kind: ChangeKind, scene: Scene, target: Path) -> list[Draft]:
    """Return the moves of a photo and what belongs to it, the photo last: where its sidecar cannot go, it stays, too.

    Args:
        kind: what kind of move it is.
        scene: the photo is its subject.
        target: where the photo goes.
    """
    moves = [Draft(kind=kind, source=scene.subject.path, target=target)]
    if scene.sidecar is not None:
        moves.insert(0, Draft(kind=kind, source=scene.sidecar, target=sidecar_of(target), is_companion=True))
    return moves


def with_word(path: Path, word: str) -> Path:
    """Return a path with a word before the ending of its name; a long name is cut so that its sidecar's fits, too."""
    suffix = path.suffix if len(path.suffix) <= _MOST_SUFFIX else ""
    stem = path.name.removesuffix(suffix)
    while stem and len(os.fsencode(f"{stem}{word}{suffix}")) > MOST_NAME_BYTES:
        stem = stem[:-1]
    return path.with_name(f"{stem}{word}{suffix}")


def sidecar_of(photo: Path) -> Path:
    """Return the name of a photo's own sidecar, ``photo.jpg.xmp``."""
    return photo.with_name(f"{photo.name}{SIDECAR_SUFFIX}")
