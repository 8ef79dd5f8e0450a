"""Which files travel with which photo: none stays, comes back or is purged without a look at the others."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pictrace.act.actions import Draft
from pictrace.act.actions.base import SIDECAR_SUFFIX, room_beside, sidecar_of, with_word
from pictrace.act.belonging import Belonging, renamed
from pictrace.act.sidecar_names import sidecar_at
from pictrace.act.trash_notes import is_name_taken
from pictrace.errors import ActError, shown
from pictrace.model import Change, ChangeState
from pictrace.store import Journal

_MOST_NAMES = 1000
# A photo that comes beside one of these would seem to own it.
_OF_NAME = (SIDECAR_SUFFIX, ".pp3", ".dop", ".json")
_OF_STEM = (SIDECAR_SUFFIX, ".aae", ".AAE", ".mov", ".MOV", ".mp4", ".MP4")
_COMPANION, _PHOTO, _BELONGING = "companion", "photo", "belonging"


def travel_details(draft: Draft, photo: Path) -> dict[str, object]:
    """Return what the journal keeps of a draft: for a companion, that it is one, whose, and how it belongs."""
    if draft.belonging is None:
        return draft.details
    return {**draft.details, _COMPANION: True, _PHOTO: photo.name, _BELONGING: draft.belonging.value}


def is_companion(change: Change) -> bool:
    """Return whether a change only takes a file along with its photo."""
    return bool(change.details.get(_COMPANION))


def own_picture(change: Change) -> Belonging | None:
    """Return how a companion belongs to its photo that is a film or a photo with bytes of its own; None for others."""
    said = change.details.get(_BELONGING)
    return next((one for one in (Belonging.LIVE_VIDEO, Belonging.ORIGINAL) if one.value == said), None)


def is_of(companion: Change, photo: Path) -> bool:
    """Return whether a change took a file along with a photo; early journals know sidecars alone, by their name."""
    name = companion.details.get(_PHOTO)
    if name is None:
        return is_companion(companion) and companion.source == sidecar_of(photo)
    return companion.source.parent == photo.parent and bool(name == photo.name)


def photo_of(companion: Change, journal: Journal) -> Change | None:
    """Return the change that moves the photo of a travelling file, None where there is none."""
    for change in journal.batch(companion.batch):
        if change.kind is companion.kind and not is_companion(change) and is_of(companion, change.source):
            return change
    return None


def companions_in(photo: Change, journal: Journal) -> list[Change]:
    """Return the changes that took a photo's companions along, the oldest first."""
    same_kind = (change for change in journal.batch(photo.batch) if change.kind is photo.kind)
    return [change for change in same_kind if is_companion(change) and is_of(change, photo.source)]


def travelled_with(change_id: int, journal: Journal) -> list[int]:
    """Return the ids of the changes that are taken back with one: all of the unit that its photo belongs to."""
    change = journal.change(change_id)
    if change is None:
        return []
    photo = photo_of(change, journal) if is_companion(change) else change
    unit = [change] if photo is None else [photo, *companions_in(photo, journal)]
    done = [one.id for one in unit if one.id != change_id and one.state is ChangeState.DONE]
    return [number for number in done if not journal.is_purged(number)]


def of_new_photo(details: dict[str, object], photo: Path | None) -> dict[str, object]:
    """Return what is kept of a companion after its photo was given another name; None: its name is not known."""
    return {**details, _PHOTO: photo.name} if photo is not None and _PHOTO in details else details


def home_of(change: Change, journal: Journal) -> Path:
    """Return where a moved file comes back to: its old place, or beside it, a companion always beside its photo.

    Raises:
        ActError: there is no free name.
    """
    if not is_companion(change):
        away = [one for one in companions_in(change, journal) if one.state is ChangeState.DONE]
        return _free_home(change.source, [one.source.name for one in away if not journal.is_purged(one.id)])
    photo = photo_of(change, journal)
    came_back = _came_back(photo, journal) if photo is not None and photo.state is ChangeState.UNDONE else None
    if photo is None or came_back is None:
        return _free_home(change.source, [])
    return _free_home(came_back.with_name(renamed(change.source.name, photo.source.name, came_back.name)), [])


def sidecar_now(tag: Change, journal: Journal) -> Path | None:
    """Return where the sidecar of a tag is: beside its photo, which may have come back to another name since."""
    photo = _place_now(tag.source, tag, journal)
    return tag.target if tag.target is None or photo == tag.source else sidecar_at(tag.source, tag.target, photo)


def moved_now(change: Change, journal: Journal) -> Path | None:
    """Return where the file of a move is: where it was put, or beside that, where a later move was taken back to."""
    photo = photo_of(change, journal) if is_companion(change) else change
    if photo is None or photo.target is None or change.target is None:
        return change.target
    place = _place_now(photo.target, photo, journal)
    return place.with_name(renamed(change.target.name, photo.target.name, place.name))


def with_free_names(drafts: list[Draft]) -> list[Draft]:
    """Return the moves of one photo with names that are free for all of them: companions are named after their photo.

    Raises:
        ActError: there are too many files of that name.
    """
    for number in range(1, _MOST_NAMES):
        numbered = _numbered(drafts, number)
        if not any(_is_taken(draft) for draft in numbered):
            return numbered
    raise ActError(f"{shown(drafts[0].target or drafts[0].source)}: {_MOST_NAMES} files of that name are there already")


def _place_now(path: Path, change: Change, journal: Journal) -> Path:
    """Return where a photo is that was at a path after a change: later moves away from there may have been undone."""
    for moved in journal.changes_of(change.content_hash):
        is_later_move = moved.id > change.id and moved.kind.is_move and moved.source == path
        if is_later_move and moved.state is ChangeState.UNDONE:
            return _came_back(moved, journal) or path
    return path


def _came_back(photo: Change, journal: Journal) -> Path | None:
    """Return where a photo came back to."""
    done = (one.target for one in journal.undoings_of(photo.id) if one.state is ChangeState.DONE)
    return next(done, None)


def _numbered(drafts: list[Draft], number: int) -> list[Draft]:
    """Return drafts with a number in the name of the photo, the last of them, and so in those of its companions."""
    photo = drafts[-1].target
    if number == 1 or photo is None:
        return drafts
    old = [draft.target.name for draft in drafts if draft.target is not None]
    named = with_word(photo, f"~{number}", beside=room_beside(photo.name, old))
    return [
        replace(draft, target=named.with_name(renamed(name, photo.name, named.name)))
        for draft, name in zip(drafts, old, strict=True)
    ]


def _is_taken(draft: Draft) -> bool:
    """Return whether a name is taken; a photo's also where it would come beside somebody else's companion."""
    target = draft.target
    if target is None:
        return False
    names = [] if draft.belonging is not None else [target.name + suffix for suffix in _OF_NAME]
    names += [] if draft.belonging is not None else [target.stem + suffix for suffix in _OF_STEM]
    is_beside = any(os.path.lexists(target.with_name(name)) for name in names)
    return is_beside or is_name_taken(draft.kind, target)


def _free_home(home: Path, companions: Iterable[str]) -> Path:
    """Return a place for a photo at which the places of its companions are free as well."""
    names = list(companions)
    for number in range(_MOST_NAMES):
        word = ("", "~restored")[number] if number < 2 else f"~restored-{number}"
        beside = with_word(home, word, beside=room_beside(home.name, names)) if word else home
        places = [beside, *(beside.with_name(renamed(name, home.name, beside.name)) for name in names)]
        if not any(os.path.lexists(place) for place in places):
            return beside
    raise ActError(f"{shown(home)}: no free name beside it")
