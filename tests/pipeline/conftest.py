"""A pipeline without a daemon: files are taken in one after the other, and tasks run at once in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from skimage import data

from pictrace.model import Certainty, Finding, Match, PhotoFile, Relation, Role, RootInfo
from pictrace.pipeline import judge as judge_module
from pictrace.pipeline.findings import Findings
from pictrace.pipeline.intake import Intake, Landed
from pictrace.pipeline.judge import Judge
from pictrace.pipeline.library import Library
from pictrace.pipeline.returning import Returns
from pictrace.pipeline.scheduler import Scheduler
from pictrace.store import Index, Journal


class InPlacePool:
    """Runs each task at once, and keeps what it was given."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        self.calls.append((getattr(function, "__name__", "fake"), args))
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args))
        except Exception as error:
            future.set_exception(error)
        return future


class Line:
    """The pipeline up to the findings, over a folder of photos."""

    def __init__(self, folder: Path, state: Path) -> None:
        self.folder = folder
        self._state = state
        self.judged: list[Path] = []
        self.unreadable: list[Path] = []
        folder.mkdir(exist_ok=True)
        self.start()

    def start(self) -> None:
        """Open the store, as at the start of the program."""
        self.index = Index.open(self._state)
        self.journal = Journal.open(self._state)
        status = self.folder.stat()
        root = RootInfo(
            identity="aa11",
            path=self.folder,
            role=Role.LIBRARY,
            dev=status.st_dev,
            ino=status.st_ino,
            filesystem="ext4",
        )
        self.index.roots.put_root(root)
        self.library = Library.known(self.index)
        self.pool = InPlacePool()
        self.scheduler = Scheduler(self.pool, max_in_flight=2)
        self.judge = Judge(library=self.library, index=self.index, scheduler=self.scheduler)
        self.judge.load()
        self.intake = Intake(
            library=self.library,
            index=self.index,
            judge=self.judge,
            scheduler=self.scheduler,
            returns=Returns(library=self.library, index=self.index, journal=self.journal),
            listener=self,
        )
        self.found = Findings(library=self.library, index=self.index, journal=self.journal)

    def restart(self) -> None:
        """Close the store and open it again."""
        self.close()
        self.start()

    def close(self) -> None:
        """Close the store."""
        self.index.close()
        self.journal.close()

    def land(self, name: str, image: Image.Image | None = None, *, quality: int = 92) -> None:
        """Take a file in, after making it; without a picture, the one that is there."""
        path = self.folder / name
        if image is not None:
            image.save(path, quality=quality)
        self.scheduler.add(self.intake.take_in(Landed(path=path, is_arrival=True)))
        for _ in range(1000):
            if not len(self.scheduler):
                return
            self.scheduler.step(0)
        pytest.fail("the job did not end")

    def hash(self, name: str) -> bytes:
        """Return the content hash of a file that was taken in."""
        row = self.index.files.file_at(self.folder / name)
        assert row is not None
        return row.content_hash

    def name(self, content_hash: bytes) -> str:
        """Return the name of the first file with a content."""
        return self.index.files.files_of(content_hash)[0].path.name

    def findings(self, name: str) -> dict[str, Finding]:
        """Return the findings of a file against earlier ones, by the name of the other."""
        return {self.name(one.other): one for one in self.index.findings.of_photo(self.hash(name))}

    def tasks(self) -> list[str]:
        """Return the names of the functions that ran since the last call."""
        names = [name for name, _ in self.pool.calls]
        self.pool.calls.clear()
        return names

    # -- the listener of the intake

    def on_judged(self, file: PhotoFile) -> None:
        self.judged.append(file.path)

    def on_changed(self, path: Path) -> None:
        pytest.fail(f"{path} changed")

    def on_unreadable(self, path: Path, reason: str) -> None:
        self.unreadable.append(path)


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    line = Line(tmp_path / "photos", tmp_path / "state")
    yield line
    line.close()


class Comparer:
    """Stands in for `match.compare`: answers by the names of the files, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.answers: dict[tuple[str, str], Match] = {}
        self.otherwise = Match(relation=Relation.UNRELATED, certainty=Certainty.VERIFIED, similarity=0.0)

    def __call__(self, file: Path, other: Path) -> Match:
        pair = file.name, other.name
        self.asked.append(pair)
        return self.answers.get(pair, self.otherwise)


@pytest.fixture
def comparer(monkeypatch: pytest.MonkeyPatch) -> Comparer:
    """Return what answers instead of `match.compare`."""
    comparer = Comparer()
    monkeypatch.setattr(judge_module, "compare", comparer)
    return comparer


@pytest.fixture(scope="session")
def photographs() -> dict[str, Image.Image]:
    """Return real photographs, by name."""
    return {
        "cat": Image.fromarray(data.chelsea()),
        "coffee": Image.fromarray(data.coffee()),
        "woman": Image.fromarray(data.astronaut()),
        "rocket": Image.fromarray(data.rocket()),
    }
