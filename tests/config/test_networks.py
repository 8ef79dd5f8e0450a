"""Recipes of networks, read strictly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pictrace.config import load_config, load_network
from pictrace.config.networks import RECIPE_KEYS
from pictrace.errors import ConfigError
from pictrace.model import ArrayLayout, ChannelOrder, MapPool, Network, ResizeForm

TOP = Path(__file__).resolve().parents[2]
READY = sorted((TOP / "docs" / "networks").glob("*.yaml"))

WHOLE = """\
version: 1
name: mine
model: sub/mine.onnx
size: [320, 240]
channels: bgr
layout: nhwc
resize: center-crop
shorter-side: 340
scale: 1/255
mean: [0.4, 0.5, 0.6]
std: 0.25
output: features
pool: average
"""


def recipe(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "recipe.yaml"
    path.write_text(text)
    path.chmod(0o644)
    return path


def test_every_key_is_taken_over(tmp_path: Path) -> None:
    assert load_network(recipe(tmp_path, WHOLE)) == Network(
        name="mine",
        model=tmp_path / "sub" / "mine.onnx",
        width_pixels=320,
        height_pixels=240,
        shorter_side_pixels=340,
        channels=ChannelOrder.BGR,
        layout=ArrayLayout.NHWC,
        resize=ResizeForm.CENTER_CROP,
        scale=1 / 255,
        mean=(0.4, 0.5, 0.6),
        std=(0.25, 0.25, 0.25),
        output="features",
        pool=MapPool.AVERAGE,
    )


def test_little_has_to_be_said(tmp_path: Path) -> None:
    network = load_network(recipe(tmp_path, "version: 1\nmodel: /srv/m.onnx\nsize: 224\n"))

    assert (network.name, network.model) == ("recipe", Path("/srv/m.onnx"))
    assert (network.width_pixels, network.height_pixels, network.shorter_side_pixels) == (224, 224, 224)
    assert (network.scale, network.mean, network.std) == (1.0, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
    assert (network.output, network.pool) == (None, MapPool.NONE)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        (
            "scale: 1/255",
            "scaling: 1",
            9,
            "unknown key in a network's recipe: 'scaling'; did you mean 'scale'? (known: ",
        ),
        ("model: sub/mine.onnx\n", "", 1, "a network's recipe needs the key `model`; known: version, name, model"),
        ("version: 1", "version: 2", 1, "expected version 1, found 2"),
        ("[320, 240]", "[320]", 4, "expected a side in pixels from 8 to 1024, or a list of width and height"),
        ("[320, 240]", "[320, 4]", 4, "expected a side in pixels from 8 to 1024, found 4"),
        ("[320, 240]", "'224'", 4, "found '224'"),
        ("bgr", "grb", 5, "unknown order of channels: 'grb'; did you mean"),
        ("nhwc", "chwn", 6, "unknown layout: 'chwn'"),
        ("center-crop", "stretch", 7, "unknown way to resize: 'stretch' (known: squash, center-crop)"),
        ("340", "300", 8, "expected a side in pixels from 320, the size, to 2048, found 300"),
        ("center-crop", "squash", 8, "`shorter-side` is for `resize: center-crop`"),
        ("1/255", "1/0", 9, "expected a factor above 0, such as 1 or 1/255, found '1/0'"),
        ("1/255", "-1", 9, "expected a factor above 0"),
        ("[0.4, 0.5, 0.6]", "[0.4, 0.5]", 10, "expected a number, or a list of three, one for each channel"),
        ("[0.4, 0.5, 0.6]", "[0.4, 0.5, x]", 10, "found 'x'"),
        ("std: 0.25", "std: 0", 11, "one for each channel, above 0, found 0"),
        ("average", "max", 13, "unknown way to pool: 'max' (known: none, average)"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    assert old in WHOLE

    with pytest.raises(ConfigError, match=re.escape(said)) as wrong:
        load_network(recipe(tmp_path, WHOLE.replace(old, new, 1)))

    assert (wrong.value.file, wrong.value.line) == (tmp_path / "recipe.yaml", line)
    assert wrong.value.column is not None


def test_a_config_names_a_recipe_beside_it(tmp_path: Path) -> None:
    (tmp_path / "nets").mkdir()
    recipe(tmp_path / "nets", WHOLE)
    config = tmp_path / "config.yaml"
    config.write_text("version: 1\nnetwork: nets/recipe.yaml\n")
    config.chmod(0o644)

    network = load_config(config).network

    assert network is not None
    assert network.model == tmp_path / "nets" / "sub" / "mine.onnx"


def test_a_config_whose_recipe_is_missing_names_that_file(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("version: 1\nnetwork: missing.yaml\n")
    config.chmod(0o644)

    with pytest.raises(ConfigError, match=r"missing\.yaml: cannot be read: No such file"):
        load_config(config)


@pytest.mark.parametrize("path", READY, ids=lambda path: path.stem)
def test_each_ready_recipe_is_read(path: Path) -> None:
    network = load_network(path)

    assert network.model == path.with_suffix(".onnx")
    assert f"docs/networks/{path.name}" in (TOP / "docs" / "networks.md").read_text(encoding="utf-8").replace(
        "(networks/", "(docs/networks/"
    )


def test_the_example_in_the_docs_is_read(tmp_path: Path) -> None:
    (text,) = re.findall(
        r"^```yml\n(.*?)^```", (TOP / "docs" / "networks.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )

    assert load_network(recipe(tmp_path, text)).width_pixels == 224


def test_each_key_is_in_the_docs() -> None:
    text = (TOP / "docs" / "networks.md").read_text(encoding="utf-8")

    assert [key for key in RECIPE_KEYS if f"`{key}`" not in text] == []


def test_there_are_ready_recipes_for_the_four_families() -> None:
    families = ("resnet50", "efficientnet", "mobilenet", "inception")

    assert all(any(family in path.stem for path in READY) for family in families)
