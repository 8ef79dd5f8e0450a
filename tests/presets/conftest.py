"""A household that switches on a rule set: the tree before, the YAML, the tree after, and the tree after `undo`."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree
from tests.cli.conftest import Ran, pictrace, state  # type: ignore[import-not-found]  # noqa: F401 – fixtures

from .corpus_home import ROOTS, corpus_home  # type: ignore[import-not-found]
from .making import File, Tree  # type: ignore[import-not-found]

_QUARANTINED = re.compile(r"^(.+)/\.pictrace/quarantine/\d{4}-\d\d/[0-9a-f]{8}-(.+)$")
_SUBJECT = "{http://purl.org/dc/elements/1.1/}subject"
_ITEM = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}li"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a rule set made of a tree.

    ``after`` holds what lies where; a file in quarantine lies in ``quarantine/NAME``. ``tags`` are the keywords that
    photos got in their sidecars; in ``after``, sidecars are as if these had not been written.
    ``plans``: rule, photo and actions of each finding for which there was a rule. ``undone``: what lies where after
    everything was taken back.
    """

    before: Tree
    after: Tree
    tags: dict[str, list[str]]
    plans: list[tuple[str, str, list[str]]]
    undone: Tree

    @property
    def moved(self) -> dict[str, str]:
        """Where each file went that is not where it was; ``nowhere`` where nothing like it is left."""
        gone = {path: file for path, file in self.before.items() if path not in self.after}
        come = {path: file for path, file in self.after.items() if path not in self.before}
        return {
            path: next((new for new in _nearest(come, path) if come[new] == file), "nowhere")
            for path, file in gone.items()
        }

    @property
    def is_else_unchanged(self) -> bool:
        """Whether each file that is where it was is what it was, to the byte, its time and its mode."""
        return all(self.after[path] == file for path, file in self.before.items() if path in self.after)


@dataclass(frozen=True, kw_only=True)
class Home:
    """A folder with roots, and what PicTrace knows of it."""

    path: Path
    state: Path
    config: Path
    run: Callable[..., Ran]

    def live(self, tree: Tree, yaml: str) -> Outcome:
        """Scan and act by a config, take all back, and say what was when; ``HOME`` stands for the folder."""
        self.config.write_text(yaml.replace("HOME", str(self.path)))
        scan = self.run("scan", "--act", "--yes", "--json", "--config", self.config, state=self.state)
        assert scan.code == 0, scan.err
        after, tags = _keywords_apart(_tree_of(self.path), tree)
        undo = self.run("undo", "--all", "--yes", "--config", self.config, state=self.state)
        assert undo.code == 0, undo.err
        events = [json.loads(line) for line in scan.out.splitlines()]
        plans = [
            (one["rule"], Path(one["file"]).name, one["plan"])
            for one in events
            if one["event"] == "finding" and one["rule"]
        ]
        return Outcome(before=tree, after=after, tags=tags, plans=plans, undone=_tree_of(self.path))


@pytest.fixture
def live(tmp_path: Path, pictrace: Callable[..., Ran]) -> Callable[[Tree, str], Outcome]:  # noqa: F811 – the fixture
    """Return a function that builds a tree and lives by a config."""
    home = Home(path=tmp_path / "home", state=tmp_path / "state", config=tmp_path / "config.yaml", run=pictrace)

    def build_and_live(tree: Tree, yaml: str) -> Outcome:
        build(home.path, tree)
        return home.live(tree, yaml)

    return build_and_live


@pytest.fixture
def scanned(corpus: Path, tmp_path: Path) -> tuple[Path, Tree]:
    """Return a household of real photographs that was scanned once: its folder and its tree."""
    top = tmp_path / "household"
    tree = corpus_home(corpus)
    build(top / "home", tree)
    config = top / "config.yaml"
    config.write_text(ROOTS.replace("HOME", str(top / "home")) + "rules:\n  - include: observe\n")
    # With --act, so that the roots have their markers: what is known of them holds for each set.
    words = ["scan", "--act", "--yes", "--config", str(config), "--state", str(top / "state"), "--quiet"]
    environment = {**os.environ, "HOME": str(top), "XDG_CONFIG_HOME": str(top)}
    subprocess.run([sys.executable, "-m", "pictrace", *words], check=True, env=environment, capture_output=True)
    return top, tree


@pytest.fixture
def live_by_set(
    scanned: tuple[Path, Tree],
    tmp_path: Path,
    pictrace: Callable[..., Ran],  # noqa: F811 – the fixture
) -> Callable[[str], Outcome]:
    """Return a function that lets the household of real photographs live by one ready-made set."""
    top, tree = scanned

    def live(name: str) -> Outcome:
        # What one set did and took back is not done again by the next: each begins with what the first scan knew.
        known = tmp_path / name
        shutil.copytree(top / "state", known)
        for quarantine in (top / "home").glob("*/.pictrace/quarantine"):
            shutil.rmtree(quarantine)
        home = Home(path=top / "home", state=known, config=tmp_path / "config.yaml", run=pictrace)
        return home.live(tree, f"{ROOTS}rules:\n  - include: {name}\n")

    return live


def build(home: Path, tree: Tree) -> None:
    """Write a tree to the disk."""
    for name, file in tree.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        path.chmod(file.mode)
        os.utime(path, (file.written, file.written))


def _tree_of(home: Path) -> Tree:
    tree: Tree = {}
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home).as_posix()
        away = _QUARANTINED.match(name)
        if not path.is_file() or (away is None and "/.pictrace/" in name):
            continue
        status = path.stat()
        place = name if away is None else _free(f"quarantine/{away[2]}", tree)
        tree[place] = File(content=path.read_bytes(), written=status.st_mtime_ns // 10**9, mode=status.st_mode & 0o777)
    return tree


def _free(place: str, tree: Tree) -> str:
    return place if place not in tree else _free(f"{place} too", tree)


def _nearest(places: Iterable[str], path: str) -> list[str]:
    """Return places with those first that hold a file of the same name: two files may hold the same."""
    return sorted(places, key=lambda place: Path(place).name != Path(path).name)


def _keywords_apart(tree: Tree, before: Tree) -> tuple[Tree, dict[str, list[str]]]:
    """Return the tree as it would be without the keywords that were written, and these."""
    tags: dict[str, list[str]] = {}
    without: Tree = {}
    for path, file in tree.items():
        photo, old = path.removesuffix(".xmp"), before.get(path)
        if photo in before and photo != path and file != old:
            tags[photo] = [word for word in _keywords(file) if old is None or word not in _keywords(old)]
            without |= {} if old is None else {path: old}
        else:
            without[path] = file
    return without, tags


def _keywords(sidecar: File) -> list[str]:
    subject = etree.fromstring(sidecar.content).iter(_SUBJECT)
    return [item.text or "" for bag in subject for item in bag.iter(_ITEM)]
