"""A progress bar on long work; none where stderr is no terminal."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.progress import Task as RichTask
from rich.text import Text


class _RateColumn(TextColumn):
    """Photos, or whatever is counted, per second."""

    def __init__(self, unit: str) -> None:
        super().__init__("")
        self._unit = unit

    def render(self, task: RichTask) -> Text:
        """Return the speed, or nothing while it is not known."""
        return Text("" if task.speed is None else f"{task.speed:.0f} {self._unit}/s")


class ScanProgress:
    """Shows what is done, how fast, and the time left; silent in a pipe and when ``quiet``."""

    def __init__(self, *, quiet: bool, doing: str = "looking at photos", unit: str = "photos") -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _RateColumn(unit),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=quiet or not sys.stderr.isatty(),
            transient=True,
        )
        self._task = self._progress.add_task(doing, total=None)

    def __enter__(self) -> ScanProgress:
        """Start drawing."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop drawing, and leave nothing behind."""
        self._progress.stop()

    def update(self, done: int, total: int) -> None:
        """Show how far it is."""
        self._progress.update(self._task, completed=done, total=total)


class CountProgress:
    """Shows how many photos were seen; silent in a pipe and when ``quiet``."""

    def __init__(self, *, quiet: bool) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            console=Console(stderr=True),
            disable=quiet or not sys.stderr.isatty(),
            transient=True,
        )
        self._task = self._progress.add_task("looking at names", total=None)

    def __enter__(self) -> CountProgress:
        """Start drawing."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop drawing, and leave nothing behind."""
        self._progress.stop()

    def update(self, photos: int) -> None:
        """Show how many there are so far."""
        self._progress.update(self._task, description=f"looking at names: {photos} photos")
