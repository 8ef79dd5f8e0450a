"""What the sidecars beside photos say, for the rules: read within limits, and with a limit on patience."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from pictrace.act import Photos, existing_sidecar, photos_in
from pictrace.errors import ActError
from pictrace.imaging import NOTHING, Xmp, parsed_xmp, unified
from pictrace.model import METADATA_VERSION, Metadata
from pictrace.pipeline.library import Library

# A sidecar with many drawn masks has about one; what has more is not read while a daemon's loop waits.
_MOST_BYTES: Final = 4 * 1024 * 1024
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def said_beside(library: Library, photo: Path) -> Xmp | None:
    """Return what a photo's sidecar says: nothing where there is none; None where that cannot be told.

    It cannot where the sidecar cannot be read, and where it is another photo's as well as this one's.
    """
    try:
        return library.look(photo, partial(_said, photo))
    except (OSError, ActError):
        return None


def tags_of(metadata: Metadata | None, said: Xmp | None) -> tuple[str, ...] | None:
    """Return the keywords in a photo and in its sidecar; None where they were not read from one of the two."""
    if metadata is None or metadata.version < METADATA_VERSION or said is None:
        return None
    return unified([*metadata.keywords, *said.keywords], ())


def with_sidecar(metadata: Metadata | None, said: Xmp | None) -> Metadata | None:
    """Return what a photo says, and what its sidecar says beside or instead of it."""
    if metadata is None or said is None or said is NOTHING:
        return metadata
    place = metadata.place or said.place
    changed = replace(
        metadata,
        # Programs write 0 for none.
        rating=said.rating or (said.rating if metadata.rating is None else metadata.rating),
        has_caption=metadata.has_caption or said.has_caption,
        has_gps=metadata.has_gps or said.place is not None,
        has_faces=metadata.has_faces or said.has_faces,
        place=place,
    )
    # Keywords are not counted: what a rule wrote beside a duplicate would make it the keeper the next time.
    gained = [
        bool(changed.rating) and not metadata.rating,
        changed.has_caption and not metadata.has_caption,
        changed.has_gps and not metadata.has_gps,
        changed.has_faces and not metadata.has_faces,
    ]
    return replace(changed, fields=metadata.fields + sum(gained))


def _said(photo: Path) -> Xmp | None:
    sidecar = existing_sidecar(photo, _read, _photos)
    return NOTHING if sidecar is None else _read(sidecar)


def _photos(folder: Path) -> Photos:
    return _listed(folder, folder.stat().st_mtime_ns)


# The same keeper, and the same folder, are asked about again and again.
@lru_cache(maxsize=8)
def _listed(folder: Path, _: int) -> Photos:
    return photos_in(folder)


def _read(sidecar: Path) -> Xmp | None:
    status = sidecar.lstat()
    return _parsed(sidecar, (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns))


@lru_cache(maxsize=1000)
def _parsed(sidecar: Path, _: tuple[int, ...]) -> Xmp | None:
    return parsed_xmp(_content(sidecar) or b"", most_bytes=_MOST_BYTES)


def _content(path: Path) -> bytes | None:
    """Return what a sidecar holds; None where it is none that is read."""
    descriptor = os.open(path, _FILE)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        return file.read() if stat.S_ISREG(status.st_mode) and status.st_size <= _MOST_BYTES else None
