"""A network from the config to what is found with it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pictrace.store import Index

NETWORKS = Path(__file__).resolve().parents[1] / "networks"


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    folder = tmp_path / "networks"
    folder.mkdir()
    for name in ("tiny.yaml", "tiny.onnx"):
        shutil.copyfile(NETWORKS / name, folder / name)
        (folder / name).chmod(0o644)
    return folder / "tiny.yaml"


@pytest.fixture
def photos(tmp_path: Path, photo: Callable[..., Path]) -> Path:
    """Return a folder with a photo; `crop` is a small part of it, which neither hash nor features bring."""
    folder = tmp_path / "photos"
    folder.mkdir()
    whole = photo("whole.png", seed=4, size=(640, 480), folder=folder)
    with Image.open(whole) as image:
        image.crop((224, 144, 384, 264)).save(tmp_path / "crop.png")
    return folder


def config(tmp_path: Path, photos: Path, line: str) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(f"version: 1\nroots:\n  - path: {photos}\n{line}\n")
    path.chmod(0o644)
    return path


def found(told: str) -> list[tuple[str, str]]:
    rows = [json.loads(line) for line in told.splitlines()]
    return [(Path(row["other"]).name, row["relation"]) for row in rows if row["event"] == "near"]


def test_find_brings_what_only_the_network_does(pictrace: Any, tmp_path: Path, photos: Path, recipe: Path) -> None:
    named = config(tmp_path, photos, f"network: {recipe}")
    assert pictrace("scan", "--config", named).code == 0
    with_it = pictrace("find", tmp_path / "crop.png", "--config", named, "--json")
    without = pictrace("find", tmp_path / "crop.png", "--config", config(tmp_path, photos, ""), "--json")

    with Index.read(tmp_path / "state") as index:
        kept = index._connection.value("SELECT COUNT(*) FROM vectors")
    assert kept == 1
    assert ("whole.png", "edited") not in found(without.out)
    assert ("whole.png", "edited") in found(with_it.out)


def test_compare_takes_the_recipe_from_the_command_line(pictrace: Any, photos: Path, recipe: Path) -> None:
    whole = photos / "whole.png"

    ran = pictrace("compare", whole, whole, "--method", "cnn", "--network", recipe, "--json")

    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert {row["metric"]: row["value"] for row in rows if row["event"] == "method"} == {"cosine": 1.0, "l2": 0.0}


def test_compare_without_a_network_is_one_line_and_2(pictrace: Any, photos: Path) -> None:
    whole = photos / "whole.png"

    ran = pictrace("compare", whole, whole, "--method", "cnn")

    assert ran.code == 2
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 1
    assert "--network RECIPE or `network:` in the config" in ran.err


def test_compare_names_a_model_that_is_missing(pictrace: Any, photos: Path, recipe: Path) -> None:
    recipe.with_suffix(".onnx").unlink()
    whole = photos / "whole.png"

    ran = pictrace("compare", whole, whole, "--method", "cnn", "--network", recipe)

    assert ran.code == 2
    assert ran.err.splitlines() == [
        f"pictrace: {recipe.with_suffix('.onnx')}: the model cannot be read: No such file or directory"
    ]


def test_a_config_whose_network_cannot_be_used_is_wrong(
    pictrace: Any, tmp_path: Path, photos: Path, recipe: Path
) -> None:
    recipe.write_text(recipe.read_text().replace("64, 48", "64, 64"))

    ran = pictrace("scan", "--config", config(tmp_path, photos, f"network: {recipe}"))

    assert ran.code == 78
    assert "tiny.onnx: the network 'tiny': expected an input of 1 × 3 × 64 × 64 (nchw)" in ran.err
