"""``pictrace doctor``."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pictrace.model import Change, ChangeKind, ChangeState, Role, RootInfo
from pictrace.store import Journal

Run = Callable[..., Any]


def checks(ran: Any) -> dict[str, tuple[bool | None, str]]:
    """Return what was found, by name."""
    found = map(json.loads, ran.out.splitlines())
    return {one["name"]: (one["ok"], one["found"]) for one in found}


@pytest.fixture
def copied(known: Any, tmp_path: Path) -> Path:
    """Return a state folder that a test may alter."""
    return Path(shutil.copytree(known.state, tmp_path / "copied"))


def test_both_databases_are_opened(pictrace: Run, known: Any) -> None:
    ran = pictrace("doctor", "--json", "--strict", state=known.state)

    assert ran.code == 0
    assert checks(ran)["index.db"] == (True, "whole; 4 photos in 4 files")
    assert checks(ran)["journal.db"] == (True, "whole; 0 photos in quarantine, 0 changes open")


def test_what_is_not_there_yet_is_neither_good_nor_bad(pictrace: Run) -> None:
    ran = pictrace("doctor", "--json", "--strict")

    assert ran.code == 0
    assert checks(ran)["journal.db"][0] is None


@pytest.mark.parametrize("name", ["index.db", "journal.db"])
def test_a_damaged_database_is_told(pictrace: Run, copied: Path, name: str) -> None:
    (copied / name).write_bytes(b"no database at all, however long it is" * 40)

    ran = pictrace("doctor", "--json", "--strict", state=copied)

    assert ran.code == 2
    is_fine, found = checks(ran)[name]
    assert is_fine is False
    assert name in found


def test_a_database_of_a_newer_version_is_told(pictrace: Run, copied: Path) -> None:
    with sqlite3.connect(copied / "journal.db") as raw:
        raw.execute("PRAGMA user_version = 99")

    assert "newer PicTrace" in checks(pictrace("doctor", "--json", state=copied))["journal.db"][1]


def test_changes_that_need_a_person_are_told(pictrace: Run, copied: Path, known: Any) -> None:
    with Journal.open(copied) as journal:
        status = known.library.stat()
        journal.put_root(
            RootInfo(
                identity="ab12",
                path=known.library,
                role=Role.LIBRARY,
                dev=status.st_dev,
                ino=status.st_ino,
                filesystem="ext4",
            )
        )
        (change,) = journal.plan(
            [
                Change(
                    id=0,
                    kind=ChangeKind.MOVE,
                    state=ChangeState.PLANNED,
                    root="ab12",
                    source=known.library / "a.jpg",
                    target=known.library / "b.jpg",
                    content_hash=bytes(32),
                )
            ]
        )
        journal.advance(change.id, ChangeState.NEEDS_ATTENTION, error="its file is at neither end")

    is_fine, found = checks(pictrace("doctor", "--json", state=copied))["journal.db"]

    assert is_fine is False
    assert "1 need a person" in found


def test_what_a_worker_is_kept_from_is_tried_and_told(pictrace: Run) -> None:
    found = checks(pictrace("doctor", "--json"))

    for what in ("write a file", "run a program", "connect", "memory", "open files"):
        is_fine, words = found[f"worker: {what}"]
        assert is_fine in (True, None), words
    assert found["worker: memory"] == (True, "refused beyond 600 MiB")
    assert found["worker: file size"] == (True, "at most 0 bytes")
    for bar in ("landlock", "seccomp"):
        is_fine, words = found[f"bar: {bar}"]
        assert is_fine is True or words.startswith("not enforced: ")


@pytest.fixture
def distribution(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that has another PicTrace be the installed one: with what it requires."""

    def install(*requirements: str) -> None:
        info = tmp_path / "site/pictrace-9.dist-info"
        info.mkdir(parents=True)
        lines = ["Metadata-Version: 2.4", "Name: pictrace", "Version: 9"]
        (info / "METADATA").write_text("\n".join([*lines, *(f"Requires-Dist: {one}" for one in requirements), ""]))
        monkeypatch.syspath_prepend(info.parent)

    return install


def test_each_package_that_is_required_is_told_with_its_version(
    pictrace: Run, distribution: Callable[..., None]
) -> None:
    distribution("numpy>=2.0", "scipy (>=1.13)", "PyYAML", "typer[all]~=0.1")

    found = checks(pictrace("doctor", "--json"))

    for name in ("numpy", "scipy", "PyYAML", "typer"):
        assert found[name] == (True, importlib.metadata.version(name))


def test_a_missing_package_is_told_with_how_to_get_it(pictrace: Run, distribution: Callable[..., None]) -> None:
    distribution("no-such-package[fast]>=3,<4", "only-for-tests>=2; extra == 'test'")

    ran = pictrace("doctor", "--json", "--strict")

    assert ran.code == 2
    assert checks(ran)["no-such-package"] == (False, "missing: pip install 'no-such-package[fast]>=3,<4'")
    assert "only-for-tests" not in ran.out


@pytest.fixture
def configured(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a config for one root, and gives the root."""

    def write(extra: str = "", *, role: str = "library") -> Path:
        root = tmp_path / "sync/Photos"
        root.mkdir(parents=True, exist_ok=True)
        (tmp_path / "config/pictrace").mkdir(parents=True, exist_ok=True)
        text = f"version: 1\nroots:\n  - path: {json.dumps(str(root))}\n    role: {role}\n{extra}"
        (tmp_path / "config/pictrace/config.yaml").write_text(text)
        return root

    return write


def remarks(ran: Any, about: str) -> list[tuple[bool | None, str]]:
    found = map(json.loads, ran.out.splitlines())
    return [(one["ok"], one["found"]) for one in found if one["name"] == about]


def test_what_stands_in_the_way_in_a_root_is_told(pictrace: Run, configured: Callable[..., Path]) -> None:
    root = configured()
    (root.parent / ".stfolder").mkdir()

    (root / ".nomedia").touch()

    ran = pictrace("doctor", "--json", "--strict")

    assert ran.code == 2
    (is_fine, line), _ = remarks(ran, "Syncthing")
    assert is_fine is False
    assert f"`/Photos/.pictrace` the first line of {root.parent}/.stignore" in line
    assert any(is_fine is False and "passed over by .nomedia" in words for is_fine, words in remarks(ran, "root"))


def test_the_line_of_a_ppignore_that_hits_is_named(pictrace: Run, configured: Callable[..., Path]) -> None:
    root = configured()
    (root / ".ppignore").write_text("# ours\n*.png\n")

    ran = pictrace("doctor", "--json", "--ignore", root / "deep/a.png")

    assert checks(ran)["passed over"][1].endswith(f"'a.png' is passed over by *.png ({root}/.ppignore:2)")


def test_a_channel_that_cannot_be_used_is_told(pictrace: Run, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    config = tmp_path / "config.yaml"
    config.write_text("version: 1\nnotify: {desktop: true}\n")

    is_fine, found = checks(pictrace("doctor", "--json", "--config", config))["messages"]

    assert is_fine is False
    assert found.startswith(f"{config}:2:19: ")
