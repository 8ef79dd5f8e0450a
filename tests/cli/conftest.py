"""The command line, run as a person would, and a library to ask about."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from skimage import data

from pictrace.cli.app import main

from ..conftest import log_left_as_it_is  # type: ignore[import-not-found]  # noqa: TID252 – of this folder


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, kw_only=True)
class Known:
    """A library that was scanned, and where what is known of it lies. Tests alter neither."""

    library: Path
    state: Path


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Return a state folder that does not exist yet."""
    return tmp_path / "state"


@pytest.fixture
def pictrace(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Return a function that runs a command: ``pictrace("find", photo)``."""
    # No config of whoever runs the tests.
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "120")

    def run(*words: str | Path, state: Path = state) -> Ran:
        monkeypatch.setattr(sys, "argv", ["pictrace", *map(os.fspath, words), "--state", str(state)])
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        told = capfd.readouterr()
        assert isinstance(code, int)
        return Ran(code=code, out=told.out, err=told.err)

    return run


def fill(folder: Path) -> None:
    """Put a photo, a mirrored copy of it, another photo, and a file that is no picture in a folder."""
    folder.mkdir()
    cat = Image.fromarray(data.chelsea())
    cat.save(folder / "original.jpg", quality=92)
    ImageOps.mirror(cat).save(folder / "mirrored.jpg", quality=85)
    Image.fromarray(data.coffee()[::2, ::2]).save(folder / "else.jpg", quality=92)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8 no picture")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Return a folder that a test may alter; nothing is known of it."""
    fill(tmp_path / "library")
    return tmp_path / "library"


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    """Return a library that was scanned once for all tests."""
    top = tmp_path_factory.mktemp("known")
    found = Known(library=top / "library", state=top / "state")
    fill(found.library)
    with pytest.MonkeyPatch.context() as patch, log_left_as_it_is():
        patch.setenv("XDG_CONFIG_HOME", str(top))
        patch.setenv("HOME", str(top))
        patch.setattr(sys, "argv", ["pictrace", "scan", str(found.library), "--state", str(found.state), "--quiet"])
        try:
            main()
        except SystemExit as end:
            assert not end.code
    return found
