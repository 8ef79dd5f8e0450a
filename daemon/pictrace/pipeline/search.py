"""One search: what it looks among, and how; everything it opened is closed when it is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from pictrace.config import Config
from pictrace.errors import UndecodableError
from pictrace.fingerprint import WorkerPool
from pictrace.model import Photo, PhotoState, Verdict
from pictrace.pipeline.bases import Base, FolderPhotos, KnownPhotos
from pictrace.pipeline.engine import wanted_workers
from pictrace.pipeline.lookup import describe_in
from pictrace.pipeline.nearest import LEAD, Near, Searcher
from pictrace.pipeline.ranking import Ranked, Ranking
from pictrace.pipeline.vectors import Vectors
from pictrace.store import Index, Journal

Progress = Callable[[int, int], None]
Row = Near | Ranked


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a search is to give.

    ``folder``: look among the pictures there; None: among those that are known. ``ranking``: by one method; None: by
    PicTrace's own matcher. ``top``: rows at most. ``least_percent``: leads below are left out.
    """

    folder: Path | None = None
    ranking: Ranking | None = None
    top: int = 5
    least_percent: float = 0.0

    @property
    def is_long(self) -> bool:
        """Whether every photo has to be looked at."""
        return self.folder is not None or self.ranking is not None


class Search:
    """Answers which photos are nearest to a picture. Nothing is written.

    Args:
        config: its state folder is read where no other folder is to be looked in.
        wanted: what to look among, and how.
    """

    def __init__(self, config: Config, wanted: Wanted) -> None:
        self._config, self._wanted = config, wanted
        self.pool = WorkerPool(wanted_workers(config) if wanted.is_long else 1, memory_bytes=config.memory_bytes)
        self._open = ExitStack()
        self._journal: Journal | None = None
        self._base: Base | None = None

    def __enter__(self) -> Search:
        """Start the workers; they take longer than all that is done meanwhile."""
        self._open.callback(self.pool.close)
        self.pool.start()
        if not self._wanted.is_long:
            self._base = self._known()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the workers, and close the store."""
        self._open.close()

    def described(self, path: Path) -> Photo:
        """Return what a picture is.

        Raises:
            PhotoError: it cannot be read.
        """
        return describe_in(self.pool, path)

    def rows(self, path: Path, photo: Photo, progress: Progress) -> Sequence[Row]:
        """Return the photos nearest to a picture, the nearest first, each content once.

        Args:
            path, photo: the picture, and what `described` said of it.
            progress: told how many photos were looked at, of how many, where all of them have to be.

        Raises:
            PhotoError: the picture cannot be read.
        """
        wanted, base = self._wanted, self._among(progress)
        if wanted.ranking is not None:
            if photo.state is PhotoState.UNDECODABLE:
                raise UndecodableError(path, photo.reason or "no picture")
            ranked = wanted.ranking.ranked(base, self.pool, path, progress)
            return [row for row in ranked if not self._is_faint(row)][: wanted.top]
        searcher = Searcher(base, self.pool, top=wanted.top, least_percent=wanted.least_percent)
        return searcher.nearest(path, photo)

    def said(self, row: Row) -> Verdict | None:
        """Return what a person said of the picture asked about and the one found."""
        if self._journal is None or isinstance(row, Ranked):
            return None
        return self._journal.verdicts.of_pair(row.asked, row.found)

    def _is_faint(self, row: Ranked) -> bool:
        return row.verdict == LEAD and row.percent is not None and row.percent < self._wanted.least_percent

    def _among(self, progress: Progress) -> Base:
        if self._base is None:
            self._base = self._opened(progress)
        return self._base

    def _opened(self, progress: Progress) -> Base:
        if self._wanted.folder is not None:
            return FolderPhotos(self._wanted.folder, self._config, self.pool, progress)
        return self._known()

    def _known(self) -> KnownPhotos:
        index = self._open.enter_context(Index.read(self._config.state))
        self._journal = self._open.enter_context(Journal.read(self._config.state))
        if self._wanted.ranking is not None:
            return KnownPhotos(index)
        network = self._config.network
        known = KnownPhotos(index, None if network is None else Vectors(index, network, self.pool))
        known.load()
        return known
