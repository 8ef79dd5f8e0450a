"""Each ready-made set on a household of real photographs: the tree before, the set, the tree after, the tree again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pictrace.config import ready_made_sets

from .conftest import Outcome  # type: ignore[import-not-found]

_YEAR = "Photos/Takeout/Google Photos/Photos from 2023"
_WHATSAPP = "Photos/WhatsApp/Media/WhatsApp Images/IMG-20240131-WA0001.jpg"
_TELEGRAM = "Photos/Saved/photo_2024-01-31_12-34-56.jpg"
_CONFLICT = "Photos/2023/IMG_0003.sync-conflict-20240131-123456-ABCDEFG.jpg"
_OTHER_CONFLICT = "Photos/2023/IMG_0001 (conflicted copy 2024-01-31 123456).jpg"

# Both with what Google says of them: its file names are cut to fit.
_IN_ITS_YEAR = {f"{_YEAR}/IMG_0004.jpg", f"{_YEAR}/IMG_0004.jpg.supplemental-metadata.json"}
_THERE_ALREADY = {f"{_YEAR}/IMG_0002.jpg", f"{_YEAR}/IMG_0002.jpg.supplemental-metada.json"}

# Set → what it puts away, with what belongs to it; each lies in the quarantine under its own name.
PUT_AWAY: dict[str, set[str]] = {
    "exact-copies": {
        "Photos/Old disk/IMG_0001.jpg",
        "Photos/Old disk/IMG_0200.heic",
        "Photos/Old disk/IMG_0200.mov",
        _CONFLICT,
        *_IN_ITS_YEAR,
        "Inbox/DSC_0002 copy.jpg",
    },
    "quarantine-renditions": {
        _WHATSAPP,
        f"{_WHATSAPP}.xmp",
        _TELEGRAM,
        *_THERE_ALREADY,
        "Photos/Small/IMG_0300.jpg",
        "Inbox/DSC_0001.jpg",
    },
    "messenger-copies": {_WHATSAPP, f"{_WHATSAPP}.xmp", _TELEGRAM},
    "takeout": _IN_ITS_YEAR | _THERE_ALREADY,
    "sync-conflicts": {_CONFLICT},
    "inbox-gate": {"Inbox/DSC_0001.jpg", "Inbox/DSC_0002 copy.jpg"},
}
# Set → photo → the keywords it gets.
KEYWORDS: dict[str, dict[str, str]] = {
    "messenger-copies": {"Photos/2023/IMG_0001.jpg": "test3 test test2"},  # of the sidecar of what is put away
    "takeout": {f"{_YEAR}/IMG_0004-edited.jpg": "pictrace/edited-in-google-photos"},
    "sync-conflicts": {_OTHER_CONFLICT: "pictrace/sync-conflict"},
    "screenshots-of-photos": {"Photos/Screenshots/Screenshot_20240131-123456.png": "pictrace/screenshot-of-photo"},
    "burst-tagging": dict.fromkeys(("Photos/Walk/IMG_0101.jpg", "Photos/Walk/IMG_0102.jpg"), "pictrace/burst"),
    "tag-copies": {
        "Photos/Old disk/IMG_0001.jpg": "pictrace/same-bytes",
        "Photos/Old disk/IMG_0200.heic": "pictrace/same-bytes",
        f"{_YEAR}/IMG_0004.jpg": "pictrace/same-bytes",
        "Inbox/DSC_0002 copy.jpg": "pictrace/same-bytes",
        _CONFLICT: "pictrace/same-pixels",
        _TELEGRAM: "pictrace/rendition",
        "Photos/Small/IMG_0300.jpg": "pictrace/rendition",
        f"{_YEAR}/IMG_0002.jpg": "pictrace/rendition",
        "Inbox/DSC_0001.jpg": "pictrace/rendition",
        # Of the original, and of the conflict copy that somebody had worked on.
        _WHATSAPP: "pictrace/rendition pictrace/edited",
        _OTHER_CONFLICT: "pictrace/edited",
        "Photos/2023/IMG_0003 cut.jpg": "pictrace/edited",
        "Photos/Screenshots/Screenshot_20240131-123456.png": "pictrace/edited",
        f"{_YEAR}/IMG_0004-edited.jpg": "pictrace/edited",
    },
    # The bytes are the same, and the sidecar says more.
    "archive-check": {"Photos/2023/IMG_0002.jpg": "pictrace/better-than-archive"},
}


@pytest.mark.timeout(240)
def test_each_set_does_what_it_says_to_real_photos_and_undo_gives_all_back(
    live_by_set: Callable[[str], Outcome],
) -> None:
    # One test for all of them: the household is scanned once, and tests that run side by side would scan it each.
    outcomes = {name: live_by_set(name) for name in ready_made_sets()}

    assert {name: outcome.moved for name, outcome in outcomes.items()} == {
        name: {path: f"quarantine/{Path(path).name}" for path in PUT_AWAY.get(name, ())} for name in outcomes
    }
    assert {name: outcome.tags for name, outcome in outcomes.items()} == {
        name: {path: words.split() for path, words in KEYWORDS.get(name, {}).items()} for name in outcomes
    }
    assert [name for name, outcome in outcomes.items() if not outcome.is_else_unchanged] == []
    assert [name for name, outcome in outcomes.items() if outcome.undone != outcome.before] == []
