"""The marks by which programs name a copy: what they append to the name, or put before it.

The words are those that the programs themselves write, each with its source in docs/rules.md. A plain number after a
space or a dash is no mark: cameras, scanners and people count with it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from pictrace.model.names import EDITED_WORDS

_COPY: Final = "|".join(
    [
        *("copy", "kopie", "copie", "copia", "cópia", "kopia", "kopi", "kopya", "копия"),  # Latin and Cyrillic
        *("コピー", "副本", "拷贝", "複本", "복사본"),
    ]
)
_EDITED: Final = "|".join(EDITED_WORDS)
# Label, and what it looks like at the end of a name whose ending is gone; tried until none fits any more.
_AT_THE_END: Final = tuple(
    (label, re.compile(rf"(?:{pattern})\Z", re.IGNORECASE))
    for label, pattern in (
        ("sync-conflict", r"\.sync-conflict-\d{8}-\d{6}(?:-[A-Z0-9]{1,16})?"),  # Syncthing
        ("conflicted copy", r" ?\([^()]{0,100}(?:conflicted copy|in konflikt|en conflit|en conflicto)[^()]{0,100}\)"),
        ("case conflict", r" ?\(case conflict[^()]{0,20}\)"),  # Dropbox
        ("_conflict-", r"_conflict-\d{8}-\d{6}"),  # ownCloud, older Nextcloud
        ("(copy)", rf" ?\((?:another |\d{{1,3}}(?:st|nd|rd|th) |weitere |\d{{1,3}}\. )?(?:{_COPY})(?: \d{{1,3}})?\)"),
        ("- Copy", rf" ?[-–—] ?(?:{_COPY})(?: ?\(\d{{1,3}}\)| \d{{1,3}})?"),  # Windows
        ("copy", rf"[ _](?:{_COPY})(?: ?\d{{1,3}})?|(?:のコピー|的副本)(?: ?\d{{1,3}})?"),  # macOS
        ("-edited", rf"[-_](?:{_EDITED})"),  # Google Photos
        ("(1)", r" ?\(\d{1,3}\)"),
        ("~2", r"~\d{1,3}"),  # Android
    )
)
_IN_FRONT: Final = "copy of"
_AT_THE_START: Final = re.compile(
    r"(?:copy (?:\(\d{1,3}\) )?of|kopie von|copie de|copia d[ei]|cópia de|kopia|копия) (?=.)", re.IGNORECASE
)
MARKS: Final = (*(label for label, _ in _AT_THE_END), _IN_FRONT)
_MOST_LETTERS: Final = 255
_MOST_MARKS: Final = 10


@lru_cache(maxsize=4096)  # asked of the same names for each rule, and for each copy of one photo
def copy_marks(name: str) -> tuple[str, ...]:
    """Return the marks of a copy that a file name bears, the outermost first; none for the name of an original."""
    stem = _stem(unicodedata.normalize("NFC", name[:_MOST_LETTERS]))  # macOS writes é as two letters
    marks: list[str] = []
    while len(marks) < _MOST_MARKS:
        label, rest = _last_mark(stem)
        if label is None:
            break
        marks.append(label)
        stem = rest
    if _AT_THE_START.match(stem):
        marks.append(_IN_FRONT)
    return tuple(marks)


def _last_mark(stem: str) -> tuple[str | None, str]:
    for label, pattern in _AT_THE_END:
        found = pattern.search(stem)
        if found is not None and found.start() > 0:
            return label, stem[: found.start()]
    return None, stem


def _stem(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    # A long "suffix" is none: it may be the mark itself, as in `IMG.sync-conflict-…` without an ending.
    return stem if dot and stem and len(suffix) <= 5 else name
