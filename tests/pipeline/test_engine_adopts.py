"""A config that cannot be taken leaves the engine as it was."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pictrace.config import Channels, Config, RootConfig, parse_yaml
from pictrace.errors import StoreError
from pictrace.pipeline.engine import Engine, Hooks
from pictrace.pipeline.intake import Landed

_RULES = """
- when: {relation: same-bytes}
  do: [{notify: "a copy: {name}"}]
"""
_LIMIT_SECONDS = 60


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file into which a desktop's messages go."""
    program, out = tmp_path / "bin/notify-send", tmp_path / "told"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {out}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return out


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    folder = tmp_path / "photos"
    folder.mkdir()
    config = Config(
        file=None,
        roots=(RootConfig(path=folder),),
        state=tmp_path / "state",
        rules=parse_yaml(_RULES).items(),
        act=True,
        workers=1,
        notify=Channels(desktop=True),
    )
    with Engine(config, Hooks(emit=lambda _: None, on_changed=lambda _: None), may_mark=False) as engine:
        yield engine


def _land(engine: Engine, path: Path) -> None:
    engine.take_in(Landed(path=path, is_arrival=True))
    _wait(engine, lambda: not len(engine.scheduler))


def _wait(engine: Engine, is_over: Callable[[], bool]) -> None:
    end = time.monotonic() + _LIMIT_SECONDS
    while not is_over():
        assert time.monotonic() < end
        engine.step(0.05)


def _break(database: Path, table: str) -> None:
    """Have every row fail that is put into a table."""
    with sqlite3.connect(database) as connection:
        connection.execute(f"CREATE TRIGGER broken BEFORE INSERT ON {table} BEGIN INSERT INTO nowhere VALUES (1); END")
    connection.close()


@pytest.mark.parametrize("store", ["index", "journal"])
def test_after_a_config_that_could_not_be_taken_roots_and_messages_go_on(
    told: Path, engine: Engine, tmp_path: Path, photographs, store: str
) -> None:
    first, copy = tmp_path / "photos/a.jpg", tmp_path / "photos/b.jpg"
    photographs["cat"].save(first)
    shutil.copy(first, copy)
    (tmp_path / "more").mkdir()
    _break(tmp_path / "state" / f"{store}.db", "roots")
    before = engine.library.roots

    with pytest.raises(StoreError):
        engine.adopt(replace(engine.config, roots=(RootConfig(path=tmp_path / "more"),)))

    assert engine.library.roots == before
    _land(engine, first)
    _land(engine, copy)
    _wait(engine, told.exists)
    assert "a copy: b.jpg" in told.read_text()
