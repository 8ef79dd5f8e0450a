"""Prepares what the rules may look at of one file."""

from __future__ import annotations

import contextlib
import datetime
import os

from pictrace.decide import SideFacts
from pictrace.imaging import Xmp
from pictrace.model import PhotoFile
from pictrace.pipeline.library import Library
from pictrace.pipeline.sidecars import said_beside, tags_of, with_sidecar
from pictrace.store import Index

_SECONDS_PER_DAY = 86400


class Sides:
    """Tells what the rules may look at of each file."""

    def __init__(self, *, library: Library, index: Index) -> None:
        self._library = library
        self._index = index

    def of(self, file: PhotoFile, *, now: float) -> SideFacts:
        """Return what the rules may look at of a file; one in an archive that is away is told by what is known of it.

        Args:
            file: the file.
            now: wall-clock seconds since 1970, for its age.

        Raises:
            LookupError: it lies in no root.
        """
        root = self._library.root_of(file.path) or self._library.archive_away(file)
        if root is None:
            raise LookupError(f"{file.path} lies in no root")
        photo = self._index.photos.photo(file.content_hash, with_parts=False)
        metadata = None if photo is None else photo.metadata
        captured_at = None if metadata is None else metadata.captured_at
        said = self._said(file)
        return SideFacts(
            path=file.path,
            relative=os.fspath(file.path)[len(os.path.join(root.path, "")) :],  # noqa: PTH118 – `relative_to` is slow
            root=root.path,
            role=root.role,
            content_hash=file.content_hash,
            size_bytes=file.key.size_bytes,
            mtime_ns=file.key.mtime_ns,
            first_seen=file.first_seen,
            is_arrival=file.is_arrival,
            metadata=with_sidecar(metadata, said),
            age_days=_age_days(captured_at, file.key.mtime_ns, now),
            tags=tags_of(metadata, said),
        )

    def _said(self, file: PhotoFile) -> Xmp | None:
        return said_beside(self._library, file.path)


def _age_days(captured_at: str | None, mtime_ns: int, now: float) -> float:
    """Return days since the photo was taken, or since the file was written where that is not known."""
    taken = mtime_ns / 1e9
    if captured_at is not None:
        with contextlib.suppress(ValueError):
            taken = datetime.datetime.fromisoformat(captured_at).timestamp()
    return max(0.0, (now - taken) / _SECONDS_PER_DAY)
