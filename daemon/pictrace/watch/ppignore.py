"""What a ``.ppignore`` file, PhotoPrism's, says of its folder and all that lies below it."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from pictrace.errors import shown
from pictrace.watch.path_globs import path_expression
from pictrace.watch.small_files import read_lines

log = logging.getLogger(__name__)

PPIGNORE = ".ppignore"
_MOST_BYTES = 64 * 1024


class LocalPatterns:
    """The patterns of one such file, read as PhotoPrism reads them (its pkg/fs/ignore.go).

    A pattern hits single names, of files and folders, whatever their case; one with a ``/`` in it hits the path from
    the file's folder. A line that begins with ``#`` is a comment.
    """

    def __init__(self, folder: Path, lines: list[str]) -> None:
        self._folder = folder
        self._names: list[tuple[int, str, re.Pattern[str]]] = []
        self._paths: list[tuple[int, str, re.Pattern[str]]] = []
        for number, line in enumerate(lines, start=1):
            if line and not line.startswith("#"):
                self._add(number, line)

    def _add(self, number: int, line: str) -> None:
        try:
            expression = re.compile(path_expression(line, is_plain=True), re.IGNORECASE)
        except (ValueError, re.error):
            log.warning("%s:%d: %r makes no sense, and is left out", shown(self.file), number, shown(line))
            return
        (self._paths if "/" in line else self._names).append((number, line, expression))

    @property
    def file(self) -> Path:
        """Where they stand."""
        return self._folder / PPIGNORE

    def hit(self, folder: Path, name: str) -> tuple[str, str] | None:
        """Return the pattern that hits a name in a folder, and where it stands; None where none does."""
        found = next((one for one in self._names if one[2].fullmatch(name)), None)
        if found is None and self._paths:
            path = (folder / name).relative_to(self._folder).as_posix()
            found = next((one for one in self._paths if one[2].fullmatch(path)), None)
        return None if found is None else (found[1], f"{shown(self.file)}:{found[0]}")


def read_ppignore(folder: Path) -> LocalPatterns | None:
    """Return what the file in a folder says, None where there is none that can be read."""
    try:
        lines = read_lines(folder / PPIGNORE, most_bytes=_MOST_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        log.warning("%s is not obeyed: %s", shown(folder / PPIGNORE), error.strerror)
        return None
    return LocalPatterns(folder, lines)
