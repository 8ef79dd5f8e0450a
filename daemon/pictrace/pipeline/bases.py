"""The photos that a picture is looked for among: those that are known, or those in a folder."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Final, Protocol

from pictrace.config import Config
from pictrace.errors import PhotoError, UsageError, shown
from pictrace.fingerprint import WorkerPool
from pictrace.match import CandidateIndex
from pictrace.match.index import Vector
from pictrace.model import Photo, PhotoState, Role, RootInfo
from pictrace.pipeline.asking import Looked, TakenIn, look_at, require_sound
from pictrace.pipeline.events import Away
from pictrace.pipeline.library import Library
from pictrace.pipeline.saved_candidates import fill
from pictrace.pipeline.vectors import Vectors
from pictrace.store import Index
from pictrace.watch import IgnoreList, ScanProblem, scan

log = logging.getLogger(__name__)

# So many wait for a worker.
_WAITING: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The files that hold a content; ``away``: they lie in an archive that is away."""

    files: tuple[Path, ...]
    away: Away | None = None


class Base(Protocol):
    """Photos that a picture can be looked for among."""

    @property
    def candidates(self) -> CandidateIndex:
        """What answers which of them may be near."""

    def photo(self, photo_id: int, *, with_parts: bool = True) -> Photo | None:
        """Return one of them by its id among the candidates; without parts, its fingerprint may be left out."""

    def places(self, content_hash: bytes, but: Path | None = None) -> Places | None:
        """Return where a content is, one path left out; None for nowhere."""

    def preview(self, content_hash: bytes) -> bytes | None:
        """Return the small picture that was kept of a content, None where there is none."""

    def contents(self) -> Iterable[bytes]:
        """Return the content hashes of all of them."""

    def vector(self, path: Path) -> Vector | None:
        """Return what to ask the candidates with that a network gives for a picture; None: they have no vectors.

        Raises:
            PhotoError: it cannot be read.
            NetworkError: the network cannot be used.
        """


class KnownPhotos:
    """The photos in the index, as it stands; nothing is written.

    Args:
        index: knows them.
        vectors: of a network, as a further source of candidates.
    """

    def __init__(self, index: Index, vectors: Vectors | None = None) -> None:
        self._index, self._vectors = index, vectors

    def load(self) -> None:
        """Read what `candidates` needs now."""
        _ = self.candidates

    @cached_property
    def candidates(self) -> CandidateIndex:
        """What answers which of them may be near."""
        candidates = fill(self._index, is_checked=False).candidates
        if self._vectors is not None:
            candidates.add_vectors(self._vectors.all())
        return candidates

    def vector(self, path: Path) -> Vector | None:
        """Return what the network gives for a picture."""
        return None if self._vectors is None else self._vectors.wanted(path)

    @cached_property
    def _library(self) -> Library:
        return Library.known(self._index)

    def photo(self, photo_id: int, *, with_parts: bool = True) -> Photo | None:
        """Return a known photo by its id."""
        return self._index.photos.photo_by_id(photo_id, with_parts=with_parts)

    def places(self, content_hash: bytes, but: Path | None = None) -> Places | None:
        """Return the files that are there, else those in archives that are away; None for nowhere."""
        files = tuple(row.path for row in self._library.living(content_hash) if row.path != but)
        if files:
            return Places(files=files)
        archived = self._library.archived(content_hash)
        root = self._library.archive_away(archived[0]) if archived else None
        if root is None:
            return None
        away = Away(root=root.path, since=self._index.roots.away_since(root.identity))
        return Places(files=tuple(row.path for row in archived), away=away)

    def preview(self, content_hash: bytes) -> bytes | None:
        """Return the small picture that was kept of a known photo."""
        return self._index.photos.preview(content_hash)

    def contents(self) -> Iterable[bytes]:
        """Return the content hashes of all known photos that have a file."""
        return dict.fromkeys(file.content_hash for file in self._index.files.files())


class FolderPhotos:
    """The photos in a folder and those below it, but what the ignore list passes over; no state is needed or made.

    Args:
        folder: where to look.
        config: its ``ignore:`` counts.
        pool: describes them; it costs some 50 ms a photo, and 20 KB of memory.
        progress: told how many are done, of how many.

    Raises:
        UsageError: the folder cannot be looked into.
    """

    def __init__(self, folder: Path, config: Config, pool: WorkerPool, progress: Callable[[int, int], None]) -> None:
        self.candidates = CandidateIndex()
        self._photos: list[Photo] = []
        self._files: dict[bytes, list[Path]] = {}
        paths = list(_pictures_in(folder, IgnoreList.load(config.ignore)))
        unreadable, entries = 0, []
        for done, (path, told) in enumerate(_looked_at(paths, pool), start=1):
            try:
                looked = told.result()
                taken = TakenIn(photo=looked.photo, entries=looked.entries, asking=None)
                require_sound(taken, path, looked.photo.content_hash)
            except PhotoError as problem:
                log.info("left out: %s", problem)
                unreadable += 1
                continue
            finally:
                progress(done, len(paths))
            unreadable += looked.photo.state is PhotoState.UNDECODABLE
            entries.append(self._taken(path, looked))
        self.candidates.add_stored(entry for entry in entries if entry is not None)
        if unreadable:
            log.warning("%s: %d of %d pictures cannot be looked at", shown(folder), unreadable, len(paths))
        if not paths:
            log.warning("%s: there is no picture in it", shown(folder))

    def photo(self, photo_id: int, *, with_parts: bool = True) -> Photo | None:  # noqa: ARG002 – all have theirs
        """Return a photo of the folder."""
        return self._photos[photo_id]

    def places(self, content_hash: bytes, but: Path | None = None) -> Places | None:
        """Return the files that hold a content."""
        files = tuple(path for path in self._files.get(content_hash, ()) if not _is_same(path, but))
        return Places(files=files) if files else None

    def preview(self, content_hash: bytes) -> bytes | None:  # noqa: ARG002 – their files are there
        """Return nothing: the files are there."""
        return None

    def contents(self) -> Iterable[bytes]:
        """Return the content hashes of all of them."""
        return self._files

    def vector(self, path: Path) -> Vector | None:  # noqa: ARG002 – none is asked with
        """Return nothing: a folder has no vectors."""
        return None

    def _taken(self, path: Path, looked: Looked) -> tuple[int, bytes, bytes] | None:
        """Keep a photo; returns what the candidate index is to know of it, None where it knows the content."""
        photo = looked.photo
        files = self._files.setdefault(photo.content_hash, [])
        files.append(path)
        if len(files) > 1 or photo.fingerprint is None:
            return None
        self._photos.append(photo)
        return len(self._photos) - 1, photo.fingerprint.phashes, looked.entries


def _is_same(path: Path, but: Path | None) -> bool:
    """Return whether two paths name one file; a hard link to the picture asked about is no copy of it."""
    try:
        return but is not None and path.samefile(but)
    except OSError:
        return False


def _pictures_in(folder: Path, ignore: IgnoreList) -> Iterator[Path]:
    try:
        status = os.stat(folder)  # noqa: PTH116 – may raise, and says why
    except OSError as error:
        raise UsageError(f"{shown(folder)}: expected a folder, found: {error.strerror}") from error
    root = RootInfo(identity="", path=folder, role=Role.READONLY, dev=status.st_dev, ino=status.st_ino, filesystem="")
    for found in scan(root, ignore):
        if isinstance(found, ScanProblem):
            log.warning("%s", found)
        else:
            yield found[0]


def _looked_at(paths: list[Path], pool: WorkerPool) -> Iterator[tuple[Path, Future[Looked]]]:
    """Yield each path with its answer, a few of them under way at a time."""
    left = iter(paths)
    waiting = {path: pool.submit(look_at, path) for path in islice(left, _WAITING)}
    while waiting:
        path = next(iter(waiting))
        yield path, waiting.pop(path)
        following = next(left, None)
        if following is not None:
            waiting[following] = pool.submit(look_at, following)
