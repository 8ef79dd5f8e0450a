"""PicTrace and other tools on the same copies in the same run."""

from __future__ import annotations

import itertools
import logging
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pictrace.bench.copies import FAMILIES
from pictrace.bench.own import OWN
from pictrace.bench.pairs import Material, made
from pictrace.bench.peers.asking import Answer, ask
from pictrace.bench.peers.finders import FINDERS
from pictrace.bench.running import Tell, bench_pool, own_matches
from pictrace.bench.shares import Share
from pictrace.errors import PhotoError
from pictrace.fingerprint import WorkerPool

log = logging.getLogger(__name__)

Json = dict[str, Any]
Asked = Callable[[str, Path, Sequence[tuple[str, str]], str], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """What a tool joined: shares of the copies by family and of all, and pairs of different photos."""

    tool: str
    found: dict[str, Share]
    different: Share
    cpu_seconds: float | None

    def to_json(self) -> Json:
        """Return the object of the JSON contract."""
        return {
            "event": "peer",
            "tool": self.tool,
            "found": {name: round(share.value, 4) for name, share in self.found.items()},
            "false_pairs": self.different.hits,
            "different_pairs": self.different.n,
            "cpu_seconds": None if self.cpu_seconds is None else round(self.cpu_seconds, 2),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """What a run came to.

    ``missing``: tools that are not installed, with what was said; ``failures``: why others gave no answer that counts.
    """

    photos: int
    rows: tuple[Peer, ...]
    missing: dict[str, str]
    failures: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """All files in one folder, under names that tell nothing; ``copies``: with the family of each."""

    folder: Path
    names: dict[Path, str]
    copies: list[tuple[Path, Path, str]]
    different: list[tuple[Path, Path]]

    @property
    def pairs(self) -> list[tuple[Path, Path]]:
        """All pairs that are asked about, copies first."""
        return [*((copy, original) for copy, original, _ in self.copies), *self.different]


def side_by_side(photos: Sequence[Path], python: str, *, limit: int, tell: Tell, asked: Asked = ask) -> Peers:
    """Return what PicTrace and each tool that is installed find of the copies of some photos.

    PicTrace's matcher compares each pair; the other tools search the folder as they do.

    Args:
        photos: different ones; of more than ``limit`` a choice is taken, always the same.
        python: the interpreter of the environment that has the other tools.
        limit: photos.
        tell: hears how many pictures and pairs are done.
        asked: asks another tool.

    Raises:
        UsageError: there are too few photos.
    """
    pool = bench_pool()
    try:
        with tempfile.TemporaryDirectory(prefix="pictrace-peers-") as scratch:
            material = made(pool, photos, limit, Path(scratch), tell)
            field = _laid_out(material, Path(scratch) / "field")
            own = _peer(OWN, _own(pool, field.pairs, tell), None, field)
            answers = _answers(field, python, asked)
    finally:
        pool.close()
    told = [tool for tool, answer in answers.items() if answer.missing is None and answer.failure is None]
    return Peers(
        photos=len(material.originals),
        rows=(own, *(_peer(tool, answers[tool].joined, answers[tool].cpu_seconds, field) for tool in told)),
        missing={tool: answer.missing for tool, answer in answers.items() if answer.missing is not None},
        failures={tool: answer.failure for tool, answer in answers.items() if answer.failure is not None},
    )


def _answers(field: _Field, python: str, asked: Asked) -> dict[str, Answer]:
    """Return what each other tool says; one that did not answer for every pair has failed."""
    names = [(field.names[one], field.names[other]) for one, other in field.pairs]
    answers = {}
    for tool in FINDERS:
        answer = asked(tool, field.folder, names, python)
        if answer.missing is None and answer.failure is None and len(answer.joined) != len(names):
            answer = replace(answer, failure=f"answered for {len(answer.joined)} of {len(names)} pairs")
        answers[tool] = answer
    return answers


def _laid_out(material: Material, folder: Path) -> _Field:
    folder.mkdir()
    names = {}
    for number, path in enumerate(path for path, shown in material.files.items() if not shown.is_equal):
        names[path] = f"{number:06}{path.suffix.lower()}"
        shutil.copyfile(path, folder / names[path])
    copies = [
        (path, shown.original, shown.attack.family)
        for path, shown in material.files.items()
        if shown.attack is not None
    ]
    different = list(itertools.combinations(material.originals, 2))
    return _Field(folder=folder, names=names, copies=copies, different=different)


def _own(pool: WorkerPool, pairs: Sequence[tuple[Path, Path]], tell: Tell) -> list[bool]:
    """Return which pairs PicTrace joins; one that cannot be compared is none, as where another tool skips a file."""
    joined = []
    for _, match in own_matches(pool, pairs, tell):
        if isinstance(match, PhotoError):
            log.warning("not compared: %s", match)
        joined.append(not isinstance(match, PhotoError) and match.is_sure_copy)
    return joined


def _peer(tool: str, joined: Sequence[bool], cpu_seconds: float | None, field: _Field) -> Peer:
    of_copies = list(zip(field.copies, joined[: len(field.copies)], strict=True))
    found = {
        family: Share.of(was_joined for (_, _, own), was_joined in of_copies if own == family) for family in FAMILIES
    }
    return Peer(
        tool=tool,
        found={**found, "all": Share.of(was_joined for _, was_joined in of_copies)},
        different=Share.of(joined[len(field.copies) :]),
        cpu_seconds=cpu_seconds,
    )
