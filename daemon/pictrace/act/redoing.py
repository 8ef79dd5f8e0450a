"""Takes an undo back: what it brought home is moved or tagged again, with every proof that the first time needed."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

from pictrace.act.companions import is_companion, of_new_photo, photo_of
from pictrace.act.sidecar_names import photo_at
from pictrace.act.world import World
from pictrace.errors import ActError
from pictrace.model import Change, ChangeKind, ChangeState, StatKey
from pictrace.store import Journal

# What a change has to say of itself before it is carried out; the rest is learnt then.
_KEPT_DETAILS = (
    *("companion", "photo", "belonging"),
    *("tags", "own_keywords", "derived_from", "carry", "theirs", "ours"),
)


def planned_again(undo: Change, world: World, journal: Journal) -> list[tuple[Change, Change]]:
    """Return what an undo takes to be taken back: each change to be planned, with the undo that it takes back.

    Companions go before their photo, as the first time; all go together.

    Raises:
        ActError: the undo was not finished, or was taken back already.
    """
    if undo.state is not ChangeState.DONE:
        raise ActError(
            f"change {undo.id} is {undo.kind.value}, {undo.state.value}: only a finished undo can be taken back"
        )
    batch = secrets.token_hex(4)
    planned = []
    together = _together(undo, journal)
    photo = next((one.target for one, original in together if not is_companion(original)), None)
    for one, original in together:
        home = one.target or original.source
        is_written = original.kind.writes_sidecar
        changed = replace(
            original,
            id=0,
            state=ChangeState.PLANNED,
            source=_photo_of(original, home) if is_written else home,  # what came home is the sidecar
            target=home if is_written else original.target,
            batch=batch,
            temporary=None,
            before=None,
            error=None,
            made_at=world.wall_clock(),
            monotonic_at=None,  # a person's word: none that the brake counts
            details=of_new_photo(_kept(original), photo),
        )
        planned.append((replace(changed, key=_key(changed, world)), one))
    return planned


def _photo_of(original: Change, home: Path) -> Path:
    """Return the photo of a sidecar that came home."""
    return original.source if original.target is None else photo_at(original.source, original.target, home)


def _kept(original: Change) -> dict[str, object]:
    return {name: original.details[name] for name in _KEPT_DETAILS if name in original.details}


def _together(undo: Change, journal: Journal) -> list[tuple[Change, Change]]:
    """Return the undo of a photo and those of what came home with it, each with what it took back."""
    asked = _original(undo, journal)
    photo = (photo_of(asked, journal) if is_companion(asked) else asked) or asked
    found = []
    for one in journal.batch(undo.batch):
        if one.kind is ChangeKind.UNDO and one.state is ChangeState.DONE:
            original = _original(one, journal)
            leader = photo_of(original, journal) if is_companion(original) else original
            if one.id == undo.id or (leader is not None and leader.id == photo.id):
                found.append((one, original))
    return sorted(found, key=lambda pair: not is_companion(pair[1]))


def _original(undo: Change, journal: Journal) -> Change:
    original = None if undo.undoes is None else journal.change(undo.undoes)
    if original is None:
        raise ActError(f"change {undo.id}: the change it took back is not in the journal")
    return original


def _key(change: Change, world: World) -> StatKey | None:
    """Return the stat key of the file that goes; without one the guard lets nothing go."""
    try:
        return StatKey.of(change.source.lstat()) if world.root_of(change.source) is not None else None
    except OSError:
        return None
