"""Files that a command writes, drawings and reports: always new ones, never in a watched folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pictrace.config import Config
from pictrace.errors import UsageError, shown
from pictrace.pipeline.reading import Reading


def watched_folders(config: Config) -> list[Path]:
    """Return the roots that a config names, and those that the index knows."""
    with Reading(config) as reading:
        return [*(root.path for root in config.roots), *reading.watched_folders()]


def require_free(file: Path, folders: Iterable[Path], *, suffix: str = ".png") -> Path:
    """Return the absolute path for a new file.

    Args:
        file: where it shall lie.
        folders: the watched ones; a drawing there would be taken in as a photo; reports do not belong there.
        suffix: what its name has to end in.

    Raises:
        UsageError: its name ends in something else, something lies there, there is no such folder, or it is a watched
            one.
    """
    path = file.expanduser().absolute()
    if path.suffix.lower() != suffix:
        raise UsageError(f"{shown(file)}: expected a name that ends in {suffix}")
    if path.exists() or path.is_symlink():
        raise UsageError(f"{shown(file)}: expected a name that is free, found a file; nothing is overwritten")
    if not path.parent.is_dir():
        raise UsageError(f"{shown(file)}: expected a folder {shown(path.parent)}, found none")
    folder = path.parent.resolve()
    for watched in folders:
        if folder.is_relative_to(watched.resolve()):
            raise UsageError(
                f"{shown(file)}: lies in the watched folder {shown(watched)}, which is for photos; name another place"
            )
    return path


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet.

    Raises:
        UsageError: something lies there by now, or it cannot be written.
    """
    try:
        with path.open("xb") as stream:
            stream.write(content)
    except OSError as error:
        raise UsageError(f"{shown(path)}: expected to write a new file there, found: {error.strerror}") from error
