"""Fills the candidate index: from where it was saved as far as that goes, else from the store."""

from __future__ import annotations

import logging
import secrets
from pathlib import Path
from typing import Final, NamedTuple

from pictrace.match import CandidateIndex
from pictrace.match.index import ENTRIES_VERSION
from pictrace.store import Index, SavedAs

log = logging.getLogger(__name__)

_FOLDER: Final = "candidates"
# The daemon may save the index between the words of the store and those of the folder.
_TRIES: Final = 2


class Filled(NamedTuple):
    """The candidate index of all known photos, and how many of them a saved one does not know."""

    candidates: CandidateIndex
    unsaved: int


def fill(index: Index, *, is_checked: bool) -> Filled:
    """Return the candidate index of all known photos.

    Args:
        index: the store.
        is_checked: whether to compare the checksums of a saved index, which reads all of it: for who keeps it.
    """
    for _ in range(_TRIES):
        with index.snapshot():
            filled = _from_saved(index, is_checked=is_checked)
        if filled is not None:
            return filled
        if index.entries.saved_as is None:
            break
    candidates = CandidateIndex()
    candidates.add_stored(index.entries.all(ENTRIES_VERSION))
    return Filled(candidates, len(candidates))


def save(index: Index, candidates: CandidateIndex) -> None:
    """Save the candidate index; it has to know all that the store does. Where that fails, nothing is lost but time."""
    saved_as = SavedAs(token=secrets.token_hex(16), change=index.entries.newest_change())
    try:
        candidates.save(_folder(index), saved_as.token)
    except OSError as error:
        log.warning("the candidate index cannot be saved: %s; it is made anew at the next start", error.strerror)
        return
    index.entries.set_saved_as(saved_as)


def _from_saved(index: Index, *, is_checked: bool) -> Filled | None:
    saved_as = index.entries.saved_as
    if saved_as is None:
        return None
    candidates = CandidateIndex.load(_folder(index), saved_as.token, is_checked=is_checked)
    if candidates is None:
        return None
    changes = index.entries.changes(saved_as.change, ENTRIES_VERSION)
    for photo_id in changes.gone:
        candidates.remove(photo_id)
    candidates.add_stored(changes.put)
    return Filled(candidates, len(changes.put))


def _folder(index: Index) -> Path:
    return index.state / _FOLDER
