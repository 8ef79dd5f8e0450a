"""The candidate index on disk, read as it lies there: asking it once takes neither time to load it nor memory.

A folder of segments that are written once and never altered, the tables of photos, and a manifest that names both. It
is a cache: whatever is wrong with it, it is not taken, and the index is made of the stored entries again.
"""

from __future__ import annotations

import json
import logging
import mmap
import os
import secrets
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pictrace.match.index.postings import Postings

log = logging.getLogger(__name__)

_MANIFEST: Final = "manifest.json"
_FORMAT: Final = 1
_SEGMENT_SUFFIX: Final = ".postings"
_TABLES_SUFFIX: Final = ".tables"


class Column(NamedTuple):
    """Numbers of one kind, all of them one after the other."""

    name: str
    kind: np.dtype[Any]


# Of each feature. The widest first, so that each begins at a multiple of its width.
_COLUMNS: Final = (
    Column("signatures", np.dtype("<u8")),
    Column("photos", np.dtype("<u4")),
    Column("words", np.dtype("<u2")),
    Column("poses", np.dtype("<u2")),
)
# By photo. ``photo_ids`` and ``phashes`` belong together; ``numbers`` are those that the postings use.
_TABLES: Final = (
    Column("photo_ids", np.dtype("<i8")),
    Column("phashes", np.dtype("<u8")),
    Column("numbers", np.dtype("<i8")),
)
_ROW_BYTES: Final = sum(column.kind.itemsize for column in _COLUMNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a saved index consists of.

    ``parts``: the postings. ``photo_ids``: int64 (photos,). ``phashes``: uint64, of each of them. ``numbers``: int64,
    the id of the photo that the postings call by its place in it; -1: gone.
    """

    parts: tuple[Postings, ...]
    photo_ids: NDArray[np.int64]
    phashes: NDArray[np.uint64]
    numbers: NDArray[np.int64]


def save(folder: Path, content: Content, *, version: int, token: str) -> tuple[Postings, ...]:
    """Write what is not there yet, and return the postings as they are read from there.

    What was saved before stays whole until all is written.

    Args:
        folder: made where it is missing; what the manifest does not name is deleted from it.
        content: postings that came from the folder are not written again.
        version: of the entries; `load` takes no other.
        token: what `load` has to know.

    Raises:
        OSError: it cannot be written; what was saved before is there, and what was handed in is good.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    before = set(folder.iterdir())
    try:
        return _saved(folder, content, version=version, token=token)
    except OSError:
        # A disk may be full: what is of no use must not stay, least of all once for each try.
        for path in set(folder.iterdir()) - before:
            path.unlink(missing_ok=True)
        raise


def load(folder: Path, *, version: int, token: str, is_checked: bool) -> Content | None:
    """Return what was saved; None where nothing was, or it is not what is looked for, or is not whole.

    Args:
        folder: as for `save`.
        version, token: those it was saved with.
        is_checked: whether to read all of it and compare its checksums; else its size has to do.
    """
    try:
        manifest = json.loads((folder / _MANIFEST).read_bytes())
        if [manifest[key] for key in ("format", "entries_version", "token")] != [_FORMAT, version, token]:
            return None
        tables = _tables(folder / manifest["tables"], manifest["rows"], manifest["crc32"])
        parts = tuple(
            _read(folder / name, rows, crc32 if is_checked else None) for name, rows, crc32 in manifest["segments"]
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError) as error:
        log.warning("the saved candidate index cannot be used (%s); it is made anew", error)
        return None
    return Content(parts=parts, **tables)


def _saved(folder: Path, content: Content, *, version: int, token: str) -> tuple[Postings, ...]:
    parts = tuple(_written(folder, part) for part in content.parts)
    columns = [np.ascontiguousarray(getattr(content, column.name), column.kind) for column in _TABLES]
    packed = b"".join(column.tobytes() for column in columns)
    tables = folder / (secrets.token_hex(8) + _TABLES_SUFFIX)
    with _new_file(tables) as file:
        file.write(packed)
    names = [(part.path.name, len(part), part.crc32) for part in parts if part.path is not None]
    manifest = {
        "format": _FORMAT,
        "entries_version": version,
        "token": token,
        "tables": tables.name,
        "rows": [len(column) for column in columns],
        "crc32": zlib.crc32(packed),
        "segments": names,
    }
    with _new_file(folder / f"{_MANIFEST}.new") as file:
        file.write(json.dumps(manifest).encode())
    (folder / f"{_MANIFEST}.new").rename(folder / _MANIFEST)
    _delete_others(folder, {_MANIFEST, tables.name, *(name for name, *_ in names)})
    return parts


def _tables(path: Path, rows: list[int], crc32: int) -> dict[str, NDArray[Any]]:
    """Return the tables of photos, whose bytes are checked: a wrong id would stand for another photo.

    Raises:
        ValueError: they are not those that were written.
    """
    packed = path.read_bytes()
    if zlib.crc32(packed) != crc32 or len(rows) != len(_TABLES):
        raise ValueError(f"{path.name}: its bytes are not those that were written")
    arrays, offset = {}, 0
    for column, count in zip(_TABLES, rows, strict=True):
        arrays[column.name] = np.frombuffer(packed, column.kind, count, offset)
        offset += count * column.kind.itemsize
    return arrays


def _written(folder: Path, segment: Postings) -> Postings:
    if segment.path is not None and segment.path.parent == folder:
        return segment
    path = folder / (secrets.token_hex(8) + _SEGMENT_SUFFIX)
    crc32 = 0
    with _new_file(path) as file:
        for column in _COLUMNS:
            packed = np.ascontiguousarray(getattr(segment, column.name), column.kind).data
            crc32 = zlib.crc32(packed, crc32)
            file.write(packed)
    return replace(_read(path, len(segment), None), crc32=crc32)


def _read(path: Path, rows: int, crc32: int | None) -> Postings:
    """Return a segment that stays in its file; it stays whole while it is used, though the file be deleted.

    Raises:
        ValueError: the file is too short or too long, and reading beyond its end would end the process; or its bytes
            have another checksum.
    """
    with path.open("rb") as file:
        found = os.fstat(file.fileno()).st_size
        if found != rows * _ROW_BYTES:
            raise ValueError(f"{path.name}: expected {rows * _ROW_BYTES} bytes, found {found}")
        held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if rows else b""
    if crc32 is not None and zlib.crc32(held) != crc32:
        raise ValueError(f"{path.name}: its bytes are not those that were written")
    arrays, offset = {}, 0
    for column in _COLUMNS:
        arrays[column.name] = np.frombuffer(held, column.kind, rows, offset)
        offset += rows * column.kind.itemsize
    return Postings(**arrays, path=path, crc32=crc32)


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """Make a file for its owner only, which is on the disk when the block ends."""
    flags = os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _delete_others(folder: Path, names: set[str]) -> None:
    for path in folder.iterdir():
        if path.name not in names and path.suffix in (_SEGMENT_SUFFIX, _TABLES_SUFFIX, ".new"):
            path.unlink(missing_ok=True)
