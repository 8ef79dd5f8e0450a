"""Which sidecar travels with which photo: neither stays, comes back or is purged without a look at the other."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from pictrace.act.actions import Draft
from pictrace.act.actions.base import sidecar_of, with_word
from pictrace.act.trash_notes import is_name_taken
from pictrace.errors import ActError, shown
from pictrace.model import Change, ChangeState
from pictrace.store import Journal

_MOST_NAMES = 1000


def is_companion(change: Change) -> bool:
    """Return whether a change only takes a sidecar along with its photo."""
    return bool(change.details.get("companion"))


def photo_of(companion: Change, journal: Journal) -> Change | None:
    """Return the change that moves the photo of a travelling sidecar, None where there is none."""
    for change in journal.batch(companion.batch):
        is_photo = change.kind is companion.kind and not is_companion(change)
        if is_photo and sidecar_of(change.source) == companion.source:
            return change
    return None


def travelled_with(change_id: int, journal: Journal) -> list[int]:
    """Return the ids of the changes that are taken back with one: the sidecar's with its photo's, or the reverse."""
    change = journal.change(change_id)
    if change is None:
        return []
    others = [photo_of(change, journal)] if is_companion(change) else _companions(change, journal)
    done = [one.id for one in others if one is not None and one.state is ChangeState.DONE]
    return [number for number in done if not journal.is_purged(number)]


def has_companion(photo: Change, journal: Journal) -> bool:
    """Return whether a sidecar travelled with a photo and has not come back."""
    return any(change.state is ChangeState.DONE for change in _companions(photo, journal))


def home_of(change: Change, journal: Journal) -> Path:
    """Return where a moved file comes back to: its old place, or beside it, a sidecar always beside its photo.

    Raises:
        ActError: there is no free name.
    """
    photo = photo_of(change, journal) if is_companion(change) else None
    if photo is not None and photo.state is ChangeState.UNDONE:
        came_back = _came_back(photo, journal)
        if came_back is not None:
            return _free_home(sidecar_of(came_back), with_sidecar=False)
    return _free_home(change.source, with_sidecar=not is_companion(change) and has_companion(change, journal))


def sidecar_now(tag: Change, journal: Journal) -> Path | None:
    """Return where the sidecar of a tag is: beside its photo, which may have come back to another name since."""
    photo = _place_now(tag.source, tag, journal)
    return tag.target if photo == tag.source else sidecar_of(photo)


def moved_now(change: Change, journal: Journal) -> Path | None:
    """Return where the file of a move is: where it was put, or beside that, where a later move was taken back to."""
    photo = photo_of(change, journal) if is_companion(change) else change
    if photo is None or photo.target is None:
        return change.target
    place = _place_now(photo.target, photo, journal)
    if place == photo.target:
        return change.target
    return sidecar_of(place) if is_companion(change) else place


def with_free_names(drafts: list[Draft]) -> list[Draft]:
    """Return the moves of one photo with names that are free for all of them: a sidecar is named after its photo.

    Raises:
        ActError: there are too many files of that name.
    """
    for number in range(1, _MOST_NAMES):
        numbered = [_numbered(draft, number) for draft in drafts]
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


def _companions(photo: Change, journal: Journal) -> list[Change]:
    sidecar = sidecar_of(photo.source)
    same_kind = (change for change in journal.batch(photo.batch) if change.kind is photo.kind)
    return [change for change in same_kind if is_companion(change) and change.source == sidecar]


def _numbered(draft: Draft, number: int) -> Draft:
    if number == 1 or draft.target is None:
        return draft
    photo = draft.target.with_suffix("") if draft.is_companion else draft.target
    named = with_word(photo, f"~{number}")
    return replace(draft, target=sidecar_of(named) if draft.is_companion else named)


def _is_taken(draft: Draft) -> bool:
    """Return whether a name is taken; a photo's also where it would come beside somebody else's sidecar."""
    if draft.target is None:
        return False
    is_free = not _exists(draft.target, with_sidecar=not draft.is_companion)
    return not is_free or is_name_taken(draft.kind, draft.target)


def _free_home(home: Path, *, with_sidecar: bool) -> Path:
    if not _exists(home, with_sidecar=with_sidecar):
        return home
    for number in range(1, _MOST_NAMES):
        word = "~restored" if number == 1 else f"~restored-{number}"
        beside = with_word(home, word)
        if not _exists(beside, with_sidecar=with_sidecar):
            return beside
    raise ActError(f"{shown(home)}: no free name beside it")


def _exists(path: Path, *, with_sidecar: bool) -> bool:
    return os.path.lexists(path) or (with_sidecar and os.path.lexists(sidecar_of(path)))
