"""The engine: what becomes of a star whose head is put away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pictrace.config import Config, RootConfig, parse_yaml
from pictrace.model import Relation
from pictrace.pipeline.engine import Engine, Hooks
from pictrace.pipeline.intake import Landed

RULES = """
- name: a larger one landed
  when: {relation: rendition, new: {path: "**/large.jpg"}, duplicate: {path: "**/head.jpg"}}
  keep: [more-pixels]
  do: [quarantine]
"""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    library = tmp_path / "library"
    library.mkdir()
    config = Config(
        file=None,
        roots=(RootConfig(path=library),),
        state=tmp_path / "state",
        rules=parse_yaml(RULES).items(),
        act=True,
        brake=None,
        workers=1,
    )
    with Engine(config, Hooks(emit=lambda _: None, on_changed=lambda _: None), may_mark=True) as engine:
        yield engine


def land(engine: Engine, name: str, image: Image.Image, quality: int) -> None:
    path = engine.library.roots[0].path / name
    image.save(path, quality=quality)
    engine.take_in(Landed(path=path, is_arrival=True))
    limit = time.monotonic() + 60
    while len(engine.scheduler):
        assert time.monotonic() < limit, "the work did not end"
        engine.step(0.2)


def content_at(engine: Engine, path: Path) -> bytes:
    row = engine.index.files.file_at(path)
    assert row is not None
    return row.content_hash


def test_members_of_a_star_are_compared_with_each_other_once_its_head_is_put_away(
    engine: Engine, photographs: dict[str, Any]
) -> None:
    cat, folder = photographs["cat"], engine.library.roots[0].path
    smaller = cat.resize((cat.width * 3 // 4, cat.height * 3 // 4), Image.Resampling.LANCZOS)
    land(engine, "head.jpg", smaller, 90)
    land(engine, "one.jpg", smaller, 70)
    land(engine, "two.jpg", smaller, 50)
    head, one, two = (content_at(engine, folder / f"{name}.jpg") for name in ("head", "one", "two"))
    assert [engine.index.findings.hub_of(content) for content in (one, two)] == [head, head]
    assert engine.index.findings.finding(one, two) is None

    land(engine, "large.jpg", cat, 90)

    assert not (folder / "head.jpg").exists()
    for content in (two, content_at(engine, folder / "large.jpg")):
        found = engine.index.findings.finding(content, one)
        assert found is not None
        assert found.match.relation is Relation.RENDITION
