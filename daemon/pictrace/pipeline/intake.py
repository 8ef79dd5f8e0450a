"""Takes a settled file in: hash, describe what is new, compare it with what is known."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from pictrace.errors import ChangedError, PhotoError, PicTraceError, UndecodableError, UnreadableError, shown
from pictrace.fingerprint import hash_file, is_current
from pictrace.imaging.preview import MOST_BYTES
from pictrace.match import preview_at
from pictrace.match.index import ENTRIES_VERSION
from pictrace.model import Farewell, FileState, Photo, PhotoFile, PhotoState, Role, StatKey
from pictrace.model.file import is_regular
from pictrace.pipeline.asking import Asking, TakenIn, entries_of, require_sound, take_in
from pictrace.pipeline.judge import Judge
from pictrace.pipeline.library import Library
from pictrace.pipeline.rereading import read_again
from pictrace.pipeline.returning import Returns
from pictrace.pipeline.scheduler import Job, Scheduler, Task, Until
from pictrace.store import Index

log = logging.getLogger(__name__)


class Listener(Protocol):
    """Who is told what became of a file."""

    def on_judged(self, file: PhotoFile) -> None:
        """The file is known, and compared with everything known."""

    def on_changed(self, path: Path) -> None:
        """The file changed while it was read: it has to settle again."""

    def on_unreadable(self, path: Path, reason: str) -> None:
        """The file could not be read, or holds no picture we can decode."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """A settled file, as the watch and the scan saw it."""

    path: Path
    is_arrival: bool


class _Known(NamedTuple):
    """A file's row, and what its photo asks where it was just described."""

    file: PhotoFile
    asking: Asking | None


class Intake:
    """Makes the job that takes one file in.

    Args:
        library: the roots.
        index: what is known.
        judge: compares a new photo with the known ones.
        scheduler: where the jobs run; needed to wake those that wait for the same content.
        returns: told of what arrives, to recognize what went.
        listener: told what became of each file.
        wall_clock: seconds since 1970, for labels only.
    """

    def __init__(  # noqa: PLR0913 – the room where all rooms meet
        self,
        *,
        library: Library,
        index: Index,
        judge: Judge,
        scheduler: Scheduler,
        returns: Returns,
        listener: Listener,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._library = library
        self._index = index
        self._judge = judge
        self._scheduler = scheduler
        self._returns = returns
        self._listener = listener
        self._wall_clock = wall_clock
        self._being_described: set[bytes] = set()
        self._to_retry: set[bytes] = set()

    def take_in(self, landed: Landed) -> Job:
        """Return the job that makes a file known; every error ends as a word to the listener."""
        try:
            known = yield from self._known(landed)
            if known is not None:
                yield from self._judge.judge(known.file.content_hash, known.asking)
                yield from read_again(self._index, self._library, known.file.content_hash)
                yield from self._returns.look_at(known.file)
        except ChangedError:
            self._listener.on_changed(landed.path)
        except PhotoError as problem:
            self._index.problems.note(landed.path, problem.reason, now=self._wall_clock())
            self._listener.on_unreadable(landed.path, problem.reason)
        except PicTraceError:
            raise  # the store or the config: nothing goes on without it
        except Exception as error:  # whatever else: one file costs only itself, and nothing was done to it yet
            log.exception("%s: an error in PicTrace; please report it", shown(landed.path))
            reason = f"an error in PicTrace: {type(error).__name__}: {error}"
            self._index.problems.note(landed.path, reason, now=self._wall_clock())
        else:
            if known is not None:
                self._listener.on_judged(known.file)

    def _known(self, landed: Landed) -> Generator[Task | Until, Any, _Known | None]:
        """Return the file's row, after making it known where it was not; None for what is no photo file."""
        if self._library.root_of(landed.path) is None:
            return None
        key = self._stat_key(landed.path)
        if key is None:
            return None
        row = self._index.files.file_at(landed.path)
        if row is not None and row.key == key and self._is_complete(row.content_hash):
            yield from self._keep_preview(landed.path, row.content_hash)
            return _Known(row, None)
        content_hash, key = yield from self._content_hash(landed.path, key)
        if row is not None and row.content_hash == content_hash and row.key != key:
            self._retry(content_hash)
        asking = yield from self._describe(landed.path, key, content_hash)
        yield from self._keep_preview(landed.path, content_hash)
        file = self._put(landed, key, content_hash)
        return None if file is None else _Known(file, asking)

    def _retry(self, content_hash: bytes) -> None:
        """Have an undecodable photo described again whose file was touched: a crash may have been the machine's."""
        if content_hash not in self._being_described:
            self._to_retry.add(content_hash)

    def _content_hash(self, path: Path, key: StatKey) -> Generator[Task | Until, Any, tuple[bytes, StatKey]]:
        """Return the content hash without reading where a file with the very same stat key was known elsewhere.

        A folder that was renamed keeps (device, inode, size, mtime, ctime) of every file in it.
        """
        for twin in self._index.files.files_with_key(key):
            if twin.path == path or not self._library.is_living(twin):
                return twin.content_hash, key
        content_hash, seen = yield from self._believed(path, key, Task(hash_file, (path,)))
        if seen != key:
            self._require_changed(path, key, "it saw another stat key")
        return content_hash, seen

    def _describe(self, path: Path, key: StatKey, content_hash: bytes) -> Generator[Task | Until, Any, Asking | None]:
        """Compute what is missing of a photo; returns what it asks, where that came with it."""
        while content_hash in self._being_described:
            yield Until(("described", content_hash))
        photo = self._index.photos.photo(content_hash)
        if self._is_complete(content_hash):
            return None
        with self._describing(content_hash):
            if photo is not None and is_current(photo):
                yield from self._index_anew(photo)
                return None
            taken = yield from self._taken_in(path, key, content_hash)
            self._to_retry.discard(content_hash)
            # Stored before those who wait for it are let go, or each of them would describe it again.
            self._store(taken)
        if taken.photo.state is PhotoState.UNDECODABLE:
            reason = taken.photo.reason or "no picture"
            self._index.problems.note(path, reason, now=self._wall_clock())
            self._listener.on_unreadable(path, reason)
        return taken.asking

    def _keep_preview(self, path: Path, content_hash: bytes) -> Generator[Task | Until, Any, None]:
        """Keep a small picture of what lies in an archive: it is compared with when the archive is away."""
        root = self._library.root_of(path)
        if root is None or root.role is not Role.ARCHIVE or not self._index.photos.lacks_preview(content_hash):
            return
        try:
            preview: bytes = yield Task(preview_at, (path,))
        except PhotoError as problem:
            log.warning("cannot be compared with while its archive is away: %s", problem)
            return
        if len(preview) <= MOST_BYTES:  # whoever broke a decoder may answer anything
            self._index.photos.set_preview(content_hash, preview)

    def _taken_in(self, path: Path, key: StatKey, content_hash: bytes) -> Generator[Task | Until, Any, TakenIn]:
        """Return the photo; one that the workers gave up on is undecodable, and costs nothing else."""
        try:
            taken: TakenIn = yield from self._believed(path, key, Task(take_in, (path, content_hash, key)))
            require_sound(taken, path, content_hash)
        except UndecodableError as problem:
            photo = Photo(
                content_hash=content_hash,
                size_bytes=key.size_bytes,
                state=PhotoState.UNDECODABLE,
                reason=problem.reason,
            )
            return TakenIn(photo=photo, entries=b"", asking=None)
        return taken

    def _believed(self, path: Path, key: StatKey, task: Task) -> Generator[Task | Until, Any, Any]:
        """Return a task's answer; that a file changed is believed where we see it, too: else it was read for ever."""
        try:
            return (yield task)
        except ChangedError as problem:
            self._require_changed(path, key, problem.reason)
            raise

    def _require_changed(self, path: Path, key: StatKey, said: str) -> None:
        """Take what a worker said of a file that is what it was for a crash of that worker."""
        if self._stat_key(path) == key:
            raise UndecodableError(path, f"the decoder gave a wrong answer: {said}, and the file is what it was")

    def _store(self, taken: TakenIn) -> None:
        photo_id = self._index.photos.put_photo(taken.photo)
        if taken.photo.fingerprint is None:
            self._judge.forget([photo_id])
            return
        self._index.entries.put(taken.photo.content_hash, taken.entries, ENTRIES_VERSION)
        self._judge.learn(photo_id, taken.photo.fingerprint.phashes, taken.entries)
        self._index.count_fingerprinted()

    def _index_anew(self, photo: Photo) -> Generator[Task | Until, Any, None]:
        """Compute what the index keeps of a photo from its stored features: no file is read."""
        if photo.fingerprint is None:
            return
        entries: bytes = yield Task(entries_of, (photo.fingerprint,))
        self._index.entries.put(photo.content_hash, entries, ENTRIES_VERSION)
        photo_id = self._index.photos.require_id(photo.content_hash)
        self._judge.learn(photo_id, photo.fingerprint.phashes, entries)

    @contextmanager
    def _describing(self, content_hash: bytes) -> Generator[None, None, None]:
        self._being_described.add(content_hash)
        try:
            yield
        finally:
            self._being_described.discard(content_hash)
            self._scheduler.release(("described", content_hash))

    def _is_complete(self, content_hash: bytes) -> bool:
        photo = self._index.photos.photo(content_hash, with_parts=False)
        if photo is None:
            return False
        if photo.state is PhotoState.UNDECODABLE:
            return content_hash not in self._to_retry
        return is_current(photo) and self._index.entries.version(content_hash) == ENTRIES_VERSION

    def _put(self, landed: Landed, key: StatKey, content_hash: bytes) -> PhotoFile | None:
        root = self._library.root_of(landed.path)
        if root is None:
            return None
        before = self._moved_from(landed.path, content_hash)
        moved = None if before is not None and self._is_back(before, landed.path, key) else before
        here = self._index.files.file_at(landed.path)
        if here is not None and here.content_hash == content_hash and self._is_back(here, landed.path, key):
            self._index.files.mark(here.path, FileState.MISSING)  # so that it becomes known anew
        if moved is not None:
            return self._index.files.move_file(moved.path, landed.path, root=root.identity, key=key)
        return self._index.files.put_file(
            root=root.identity,
            path=landed.path,
            key=key,
            content_hash=content_hash,
            first_seen=self._wall_clock(),
            is_arrival=landed.is_arrival,
        )

    def _moved_from(self, path: Path, content_hash: bytes) -> PhotoFile | None:
        """Return the row of a file with this content whose path is gone: the file was renamed or moved."""
        for row in self._index.files.files_of(content_hash):
            if row.path != path and self._library.is_gone(row):
                return row
        return None

    def _is_back(self, row: PhotoFile, path: Path, key: StatKey) -> bool:
        """Return whether a file that nobody wants is another one than that of a row: it went, and returned.

        A move inside one file system keeps the inode and its time. One to another disk looks as if the photo had gone
        and returned: of what a person refused, that counts as a return; of the rest only where a scan saw it gone.
        """
        stone = self._returns.gone(row.content_hash)
        if stone is None or (row.key.ino, row.key.mtime_ns) == (key.ino, key.mtime_ns):
            return False
        is_refused_one = stone.farewell is Farewell.REFUSED and stone.name == row.path.name
        return self._index.files.was_missed(row) or (is_refused_one and row.path != path)

    def _stat_key(self, path: Path) -> StatKey | None:
        """Return the stat key of a regular file, None for all else and where there is nothing."""
        try:
            status = self._library.lstat(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise UnreadableError(path, f"cannot be looked at: {error.strerror}") from error
        return StatKey.of(status) if is_regular(status) else None
