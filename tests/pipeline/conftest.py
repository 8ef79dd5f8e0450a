"""A pipeline without a daemon: files are taken in one after the other, and tasks run at once in this process."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from skimage import data

from pictrace.act import Actor
from pictrace.config import Brake, Config, RootConfig, parse_yaml
from pictrace.decide import compile_rules
from pictrace.fingerprint import WorkerPool
from pictrace.model import (
    CLOCK,
    Certainty,
    Edit,
    EditKind,
    Evidence,
    Finding,
    Match,
    Metadata,
    Network,
    Photo,
    PhotoFile,
    PhotoState,
    Relation,
    Role,
    RootInfo,
    StatKey,
)
from pictrace.pipeline import judge as judge_module
from pictrace.pipeline.acting import known_actions, make_world
from pictrace.pipeline.bases import KnownPhotos
from pictrace.pipeline.braking import Braking
from pictrace.pipeline.claims import Claims
from pictrace.pipeline.findings import Findings
from pictrace.pipeline.intake import Intake, Landed
from pictrace.pipeline.judge import Judge
from pictrace.pipeline.library import Library
from pictrace.pipeline.lookup import describe_in
from pictrace.pipeline.nearest import Near, Searcher
from pictrace.pipeline.objections import Objections
from pictrace.pipeline.planning import Planner
from pictrace.pipeline.responder import Responder
from pictrace.pipeline.retrying import Retries
from pictrace.pipeline.returning import Returns
from pictrace.pipeline.scheduler import Scheduler
from pictrace.pipeline.simulating import Simulator
from pictrace.pipeline.tally import Tally
from pictrace.pipeline.vectors import Vectors
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
        self.network: Network | None = None
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
        vectors = None if self.network is None else Vectors(self.index, self.network, self.pool)
        self.judge = Judge(library=self.library, index=self.index, scheduler=self.scheduler, vectors=vectors)
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


def nearest(index: Index, path: Path, *, top: int) -> list[Near]:
    """Return what `pictrace find` would list of what is known, related or as near by its hash as the default says."""
    pool = WorkerPool(1)
    try:
        searcher = Searcher(KnownPhotos(index), pool, top=top, least_percent=50)
        return searcher.nearest(path, describe_in(pool, path))
    finally:
        pool.close()


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


STORE_RULES = """
- name: exact
  when: {relation: same-bytes}
  keep: [shorter-name]
  do: [quarantine]
- name: small
  when: {relation: rendition, duplicate: {pixels: {at-most: 100}}}
  do: [{tag: small}]
"""


@dataclass(kw_only=True)
class Store:
    """A library with files that are there, and what is known of them."""

    root: RootInfo
    state: Path
    index: Index
    rules: str = STORE_RULES

    def add(self, name: str, content: str, *, pixels: int = 40, first_seen: float = 100.0) -> bytes:
        path = self.root.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
        content_hash = hashlib.sha256(content.encode()).digest()
        metadata = Metadata(width_pixels=pixels, height_pixels=1, format="jpeg", keywords=("a", "b"))
        self.index.photos.put_photo(
            Photo(content_hash=content_hash, size_bytes=4, state=PhotoState.DECODED, metadata=metadata)
        )
        self.index.files.put_file(
            root=self.root.identity,
            path=path,
            key=StatKey.of(path.lstat()),
            content_hash=content_hash,
            first_seen=first_seen,
            is_arrival=False,
        )
        return content_hash

    def relate(self, file: bytes, other: bytes, relation: Relation = Relation.RENDITION, **changed: Any) -> None:
        values: dict[str, Any] = {
            "relation": relation,
            "certainty": Certainty.VERIFIED,
            "similarity": 0.9,
            "edits": (Edit(kind=EditKind.RE_ENCODED),),
            "evidence": (Evidence(name="x", value=1.0, limit=0.5, passed=True),),
            **changed,
        }
        match = Match(**values)
        self.index.findings.put_finding(file, other, match)

    def config(self, rules: str = STORE_RULES) -> Config:
        return Config(
            file=None,
            roots=(RootConfig(path=self.root.path),),
            state=self.state,
            rules=parse_yaml(rules).items(),
            brake=Brake(count_per_hour=1),
        )

    def simulated(self, rules: str = STORE_RULES, *, active: str | None = None, **wanted: object) -> Tally:
        simulated = self.config(rules)
        tally = Tally(examples=1)
        with Simulator(simulated, simulated if active is None else self.config(active)) as simulator:
            for one in simulator.run(**wanted):
                tally.add(one)
        return tally


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    library = tmp_path / "library"
    library.mkdir()
    status = library.stat()
    root = RootInfo(
        identity="one", path=library, role=Role.LIBRARY, dev=status.st_dev, ino=status.st_ino, filesystem="any"
    )
    with Index.open(tmp_path / "state") as index:
        index.roots.put_root(root)
        yield Store(root=root, state=tmp_path / "state", index=index)


@pytest.fixture
def full(store: Store) -> Store:
    """Return a store with two equal copies, a smaller rendition, a larger one and a burst."""
    first = store.add("a.jpg", "one", pixels=1000)
    store.add("copy of a.jpg", "one", pixels=1000)
    store.add("another copy of a.jpg", "one", pixels=1000)
    small = store.add("Inbox/small.jpg", "two", pixels=50, first_seen=200.0)
    larger = store.add("Inbox/larger.jpg", "three", pixels=2000, first_seen=300.0)
    other = store.add("burst.jpg", "four", pixels=1000, first_seen=300.0)
    store.relate(small, first)
    store.relate(larger, first)
    store.relate(other, first, Relation.BURST)
    return store


def make_responder(config, line, journal, **values):
    """Return who responds to findings by a config; ``values`` stand in for what the real parts would be."""
    claims = Claims(line.library, config)
    findings = values.pop("findings", None) or Findings(library=line.library, index=line.index, journal=journal)
    rules = compile_rules(config, known_actions(config))
    parts = {
        "config": config,
        "planner": Planner(rules, findings=findings, objections=Objections(journal, claims)),
        "findings": findings,
        "actor": Actor(make_world(config, line.library, CLOCK), journal),
        "braking": Braking(None, library=line.library, index=line.index, journal=journal),
        "claims": claims,
        "index": line.index,
        "journal": journal,
        "emit": lambda _: None,
        "retries": Retries(),
    }
    return Responder(**{**parts, **values})
