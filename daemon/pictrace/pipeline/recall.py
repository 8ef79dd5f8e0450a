"""Fills the candidate index: from where it was saved as far as that goes, else from the store."""

from __future__ import annotations

import logging
import secrets
from pathlib import Path
from typing import Final

from pictrace.match import CandidateIndex
from pictrace.match.index import ENTRIES_VERSION
from pictrace.store import Index, SavedAs

log = logging.getLogger(__name__)

_FOLDER: Final = "candidates"


def loaded(index: Index) -> tuple[CandidateIndex, int]:
    """Return the candidate index of all known photos, and how many of them it does not know from where it was saved."""
    as_saved = index.entries.saved_as
    found = None if as_saved is None else CandidateIndex.saved(_folder(index), as_saved.token)
    if as_saved is None or found is None:
        whole = CandidateIndex()
        whole.add_stored(index.entries.all(ENTRIES_VERSION))
        return whole, len(whole)
    changes = index.entries.changes(as_saved.change, ENTRIES_VERSION)
    for photo_id in changes.gone:
        found.remove(photo_id)
    found.add_stored(changes.put)
    return found, len(changes.put)


def save(index: Index, candidates: CandidateIndex) -> None:
    """Save the candidate index; it has to know all that the store does. Where that fails, nothing is lost but time."""
    saved = SavedAs(token=secrets.token_hex(16), change=index.entries.newest_change())
    try:
        candidates.save(_folder(index), saved.token)
    except OSError as error:
        log.warning("the candidate index cannot be saved: %s; it is made anew at the next start", error.strerror)
        return
    index.entries.set_saved_as(saved)


def _folder(index: Index) -> Path:
    return index.state / _FOLDER
