"""The docs on config and rules say what the code knows: each example compiles, each name has its place."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from pictrace.act import ACTIONS
from pictrace.config import CONFIG_KEYS, Config, default_config, load_config, ready_made_sets
from pictrace.decide import compile_rules
from pictrace.decide.conditions import ALL, ALL_SIDES
from pictrace.decide.keep import KEEP_NAMES
from pictrace.decide.when import SIDES
from pictrace.errors import ConfigError

_REPOSITORY = Path(__file__).resolve().parents[2]
_RULES = (_REPOSITORY / "docs" / "rules.md").read_text()
_CONFIGURATION = (_REPOSITORY / "docs" / "configuration.md").read_text()
_HEADINGS = set(re.findall(r"^### (.+)$", _RULES, re.MULTILINE))


def _blocks(name: str, text: str) -> list[object]:
    found = re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [pytest.param(block, id=f"{name}-{number}") for number, block in enumerate(found, start=1)]


def _as_config(block: str) -> str:
    """Return an example as a whole file: some show rules only."""
    if "version:" in block:
        return block
    if block.startswith(("rules:", "keep:")):
        return f"version: 1\n{block}"
    return f"version: 1\nrules:\n{textwrap.indent(block, '  ')}"


def _compiles(config: Config) -> None:
    assert compile_rules(config, ACTIONS).rules


@pytest.mark.parametrize("block", [*_blocks("rules", _RULES), *_blocks("configuration", _CONFIGURATION)])
def test_every_example_compiles(tmp_path: Path, block: str) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(_as_config(block))

    _compiles(load_config(file))


def test_the_example_config_compiles() -> None:
    _compiles(load_config(_REPOSITORY / "config.example.yaml"))


@pytest.mark.parametrize("name", ready_made_sets())
def test_every_ready_made_set_compiles_and_is_named(tmp_path: Path, name: str) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(f"version: 1\nrules:\n  - include: {name}\n")

    _compiles(load_config(file))
    assert f"`{name}`" in _RULES
    assert (_REPOSITORY / "rules" / f"{name}.yaml").read_text().startswith(f"# {name} ")


def test_all_ready_made_sets_go_together(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("version: 1\nrules:\n" + "".join(f"  - include: {name}\n" for name in ready_made_sets()))

    _compiles(load_config(file))


def test_the_rules_that_hold_without_a_config_touch_nothing() -> None:
    book = compile_rules(default_config([]), ACTIONS)

    assert [rule.steps for rule in book.rules] == [()]


@pytest.mark.parametrize("name", [*(condition.NAME for condition in (*ALL, *ALL_SIDES)), *ACTIONS, "ignore"])
def test_every_condition_and_action_has_its_section(name: str) -> None:
    assert name in _HEADINGS


@pytest.mark.parametrize("name", [*KEEP_NAMES, *SIDES])
def test_every_other_word_of_the_rules_is_in_the_docs(name: str) -> None:
    assert re.search(rf"`\{{?{name}[`:]", _RULES)


@pytest.mark.parametrize("key", CONFIG_KEYS)
def test_every_key_has_its_row_and_stands_in_the_example(key: str) -> None:
    assert f"| `{key}` |" in _CONFIGURATION
    assert re.search(rf"^(# )?{key}:", (_REPOSITORY / "config.example.yaml").read_text(), re.MULTILINE)


def test_a_word_that_is_no_action_is_refused_by_the_real_ones_too(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("version: 1\nrules:\n  - {when: {relation: rendition}, do: [delete]}\n")

    with pytest.raises(ConfigError, match=f"known: {', '.join(ACTIONS)}, ignore"):
        compile_rules(load_config(file), ACTIONS)
