"""What every action has: a name, options of its own, and the changes it takes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pictrace.act.belonging import Belonging, Companion, renamed
from pictrace.config.fragments import TEXT, Schema, section
from pictrace.model import ChangeKind, Match, Member, Metadata, PhotoFile, RootInfo

SIDECAR_SUFFIX = ".xmp"
# File systems take 255 bytes; a name that is made up leaves room for the sidecar's ending.
_MOST_BYTES = 255
MOST_NAME_BYTES = _MOST_BYTES - len(SIDECAR_SUFFIX)
_MOST_SUFFIX = 16
_FOLDER_SCHEMA: Schema = {"anyOf": [TEXT, section({"to": TEXT}, required=("to",))]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What an action may know when it is asked for its changes.

    ``subject`` is the file it works on, ``keeper`` the photo that stays; ``is_duplicate`` is False where the subject
    stays, and ``keeper`` is the duplicate then. ``companions`` lie beside the subject and go where it goes, and so do
    ``members``, photos of the same exposure. ``subject_says`` and ``other_says``: what the file of each says of
    itself. ``token`` is a few random letters, the same for all changes of a plan. ``month`` is ``YYYY-MM``.

    Looked up only for the action that asks: ``sidecar_to_write`` gives where keywords go, there already or not, None
    where that cannot be told; ``trash`` the trash on the photo's file system, None where there is none.
    """

    subject: PhotoFile
    keeper: PhotoFile
    root: RootInfo
    match: Match
    quarantine: Path
    sidecar_to_write: Callable[[], Path | None]
    is_duplicate: bool
    subject_says: Metadata | None
    other_says: Metadata | None
    trash: Callable[[], Path | None]
    token: str
    month: str
    companions: tuple[Companion, ...] = ()
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A change an action wants; ``target`` None: nothing on disk is named.

    ``belonging``: how the file belongs to the photo of the last draft, with which it only travels along. ``member``: it
    is a photo itself, with a keeper of its own.
    """

    kind: ChangeKind
    source: Path
    target: Path | None
    belonging: Belonging | None = None
    member: Member | None = None
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
        """Return the changes it takes, in order. Nothing happens; what is looked up, the scene looks up."""


class WithoutOptions:
    """What actions have in common that take no options."""

    name: str
    variable_options: tuple[str, ...] = ()
    schema: Schema = section({})

    def parse(self, options: Any) -> dict[str, Any]:  # Any: see Action
        """Return no options: there are none."""
        if options not in (None, {}):
            raise ValueError(f"`{self.name}` takes no options")
        return {}


class IntoFolder:
    """What actions have in common that put photos into a folder; a relative one counts from the photo's root."""

    name: str
    kind: ChangeKind
    variable_options = ("to",)
    schema = _FOLDER_SCHEMA

    def parse(self, options: Any) -> dict[str, Any]:  # Any: see Action
        """Return ``{"to": folder}``, from a text or a mapping with ``to``; ``~`` is expanded."""
        folder = options.get("to") if isinstance(options, dict) and set(options) == {"to"} else options
        if not isinstance(folder, str) or not folder:
            example = f"`{self.name}: Duplicates` or `{self.name}: {{to: /srv/photos/Duplicates}}`"
            raise ValueError(f"`{self.name}` needs a folder: {example}")
        if ".." in Path(folder).parts or ".pictrace" in Path(folder).parts:
            raise ValueError(f"`{self.name}: {folder}`: `..` and `.pictrace` are not allowed in the folder")
        expanded = os.path.expanduser(folder)  # noqa: PTH111 – leaves an unknown ~user as it is
        if "\0" in folder or expanded.startswith("~"):
            raise ValueError(f"`{self.name}: {folder!r}`: no folder is meant by that, or that of an unknown user")
        return {"to": expanded}

    def drafts(self, options: dict[str, Any], scene: Scene) -> list[Draft]:  # Any: as `parse` gave them
        """Return a change for the photo and one for each of its companions, the photo last."""
        folder = scene.root.path / options["to"]
        return moving(self.kind, scene, folder / scene.subject.path.name)


def moving(kind: ChangeKind, scene: Scene, target: Path) -> list[Draft]:
    """Return the moves of a photo and what belongs to it, the photo last: where one of them cannot go, it stays, too.

    Args:
        kind: what kind of move it is.
        scene: the photo is its subject.
        target: where the photo goes.
    """
    photo = scene.subject.path
    names = [(one.name, one.belonging, None) for one in scene.companions]
    wanted = [*names, *((one.photo.path.name, Belonging.PAIR, one) for one in scene.members)]
    if target.name != photo.name:
        target = with_word(target, "", beside=room_beside(photo.name, [name for name, _, _ in wanted]))
    moves = [
        Draft(
            kind=kind,
            source=photo.with_name(name),
            target=target.with_name(renamed(name, photo.name, target.name)),
            belonging=belonging,
            member=member,
        )
        for name, belonging, member in wanted
    ]
    return [*moves, Draft(kind=kind, source=photo, target=target)]


def linking(kind: ChangeKind, scene: Scene) -> list[Draft]:
    """Return the one change that has a photo share its keeper's data; its old file goes into quarantine.

    The token first: a name that is no other file's.
    """
    photo = scene.subject.path
    old = with_word(scene.quarantine / scene.month / f"{scene.token}-{photo.name}", "")
    return [Draft(kind=kind, source=photo, target=old)]


def with_word(path: Path, word: str, *, beside: int = 0) -> Path:
    """Return a path with a word before the ending of its name; a long name is cut so that its sidecar's fits, too.

    Args:
        path: the name is its last part.
        word: may be empty.
        beside: so many bytes are left for the names of companions, if that is more than a sidecar needs.
    """
    suffix = path.suffix if len(path.suffix) <= _MOST_SUFFIX else ""
    stem = path.name.removesuffix(suffix)
    most = min(MOST_NAME_BYTES, _MOST_BYTES - beside)
    while stem and len(os.fsencode(f"{stem}{word}{suffix}")) > most:
        stem = stem[:-1]
    return path.with_name(f"{stem}{word}{suffix}")


def room_beside(photo: str, companions: Iterable[str]) -> int:
    """Return how many bytes the longest name of a photo's companions has more than the photo's."""
    own = len(os.fsencode(photo))
    return max((len(os.fsencode(name)) - own for name in companions), default=0)


def sidecar_of(photo: Path) -> Path:
    """Return the name of a photo's own sidecar, ``photo.jpg.xmp``."""
    return photo.with_name(f"{photo.name}{SIDECAR_SUFFIX}")
