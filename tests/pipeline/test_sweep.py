"""A scan from the command line sees each file once, and none of a root that is away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pictrace.config import RootConfig, default_config
from pictrace.model import Role
from pictrace.pipeline.library import Library
from pictrace.pipeline.sweep import sweep
from pictrace.store import Index


@pytest.mark.parametrize(("is_away", "names"), [(False, ["a.jpg", "old.jpg"]), (True, ["a.jpg"])])
def test_f21_a_nested_root_is_looked_after_on_its_own_or_not_at_all(
    tmp_path: Path, is_away: bool, names: list[str]
) -> None:
    photos, archive = tmp_path / "photos", tmp_path / "photos" / "archive"
    archive.mkdir(parents=True)
    (photos / "a.jpg").touch()
    (archive / "old.jpg").touch()
    roots = (RootConfig(path=photos), RootConfig(path=archive, role=Role.ARCHIVE))
    config = replace(default_config([]), roots=roots)
    with Index.open(tmp_path / "state") as index:
        library = Library(index)
        library.reopen(config)
        if is_away:
            (archive / ".pictrace").mkdir()
            (archive / ".pictrace" / "root-id").write_text("another")
            library.reopen(config)
        taken: list[str] = []
        engine: Any = SimpleNamespace(
            library=library,
            config=config,
            index=index,
            scheduler=(),
            take_in=lambda landed: taken.append(landed.path.name),
        )

        swept = sweep(engine, lambda _, __: None)

    assert sorted(taken) == names
    assert swept.files == len(names)
