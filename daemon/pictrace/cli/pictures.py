"""Drawings that a command writes: always new files, never in a watched folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pictrace.errors import UsageError, shown


def require_free(image: Path, folders: Iterable[Path]) -> Path:
    """Return the absolute path for a new drawing.

    Args:
        image: where it shall lie.
        folders: the watched ones; a drawing there would be taken in as a photo.

    Raises:
        UsageError: it is no name for a PNG, something lies there, there is no such folder, or it is a watched one.
    """
    path = image.expanduser().absolute()
    if path.suffix.lower() != ".png":
        raise UsageError(f"{shown(image)}: expected a name that ends in .png")
    if path.exists() or path.is_symlink():
        raise UsageError(f"{shown(image)}: expected a name that is free, found a file; a drawing overwrites nothing")
    if not path.parent.is_dir():
        raise UsageError(f"{shown(image)}: expected a folder {shown(path.parent)}, found none")
    folder = path.parent.resolve()
    for watched in folders:
        if folder.is_relative_to(watched.resolve()):
            raise UsageError(
                f"{shown(image)}: lies in the watched folder {shown(watched)}, where it would be taken for a photo; "
                "name another place"
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
