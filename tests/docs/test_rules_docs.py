"""The docs on config and rules say what the code knows: each example compiles, each name has its place."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pictrace.act import ACTIONS
from pictrace.cli.commands.rules import schema
from pictrace.config import (
    CONFIG_KEYS,
    Config,
    default_config,
    load_config,
    load_rule_source,
    parse_yaml,
    read_yaml,
    ready_made_sets,
)
from pictrace.decide import compile_rules, config_schema, rule_file_schema
from pictrace.decide.conditions import ALL, ALL_OF_GROUPS, ALL_OF_ROOTS, ALL_SIDES
from pictrace.decide.copy_marks import MARKS, copy_marks
from pictrace.decide.fields import FIELDS
from pictrace.decide.keep import KEEP_NAMES
from pictrace.decide.testing import read_tests, run_test
from pictrace.decide.testing.photos import PICTURE_KEYS, SIDE_KEYS
from pictrace.decide.testing.reading import EXPECT_KEYS, TEST_KEYS
from pictrace.decide.variables import FINDING_VARIABLES, PHOTO_VARIABLES
from pictrace.decide.when import SIDES
from pictrace.errors import ConfigError
from pictrace.shipped import shipped_path

_REPOSITORY = Path(__file__).resolve().parents[2]
_RULES = (_REPOSITORY / "docs" / "rules.md").read_text()
_CONFIGURATION = (_REPOSITORY / "docs" / "configuration.md").read_text()
_PAGES = {
    "README": (_REPOSITORY / "README.md").read_text(),
    **{path.stem: path.read_text() for path in sorted((_REPOSITORY / "docs").glob("*.md"))},
}
_SCHEMA = config_schema(ACTIONS)
_HEADINGS = set(re.findall(r"^### (.+)$", _RULES, re.MULTILINE))


_CONDITIONS = [condition.NAME for condition in (*ALL, *ALL_OF_GROUPS, *ALL_SIDES, *ALL_OF_ROOTS)]


def _blocks(name: str, text: str) -> list[Any]:
    found = re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [pytest.param(block, id=f"{name}-{number}") for number, block in enumerate(found, start=1)]


_EXAMPLES = [block for name, text in _PAGES.items() for block in _blocks(name, text)]


def _as_config(block: str) -> str:
    """Return an example as a whole file: some show rules only."""
    if "version:" in block:
        return block
    if block.startswith(("rules:", "keep:", "roots:")):
        return f"version: 1\n{block}"
    return f"version: 1\nrules:\n{textwrap.indent(block, '  ')}"


def _compiles(config: Config) -> None:
    assert compile_rules(config, ACTIONS).rules


@pytest.mark.parametrize("block", _EXAMPLES)
def test_every_example_compiles(tmp_path: Path, block: str) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(_as_config(block))

    _compiles(load_config(file))


@pytest.mark.parametrize("block", [one for one in _blocks("rules", _RULES) if "\ntests:" in str(one.values[0])])
def test_the_tests_in_every_example_pass(tmp_path: Path, block: str) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(_as_config(block))
    source = load_rule_source(str(file))

    book = compile_rules(source.config, ACTIONS)
    tests = [test for node in source.tests for test in read_tests(node, book, actions=ACTIONS)]

    assert all(run_test(test, book).is_passed for test in tests)


@pytest.mark.parametrize("key", [*TEST_KEYS, *SIDE_KEYS, *PICTURE_KEYS, *EXPECT_KEYS])
def test_every_key_of_a_test_has_its_row(key: str) -> None:
    rows = [line for line in _RULES.splitlines() if line.startswith("| `")]

    assert any(f"`{key}`" in row.split("|")[1] for row in rows)


@pytest.mark.parametrize("block", _EXAMPLES)
def test_an_editor_finds_nothing_wrong_with_an_example(block: str) -> None:
    Draft202012Validator(_SCHEMA).validate(parse_yaml(_as_config(block)).plain())


def test_the_example_config_compiles() -> None:
    _compiles(load_config(_REPOSITORY / "config.example.yaml"))


@pytest.mark.parametrize("name", ready_made_sets())
def test_every_ready_made_set_compiles_and_is_named(tmp_path: Path, name: str) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(f"version: 1\nrules:\n  - include: {name}\n")

    _compiles(load_config(file))
    assert name in _HEADINGS
    assert (_REPOSITORY / "rules" / f"{name}.yaml").read_text().startswith(f"# {name} ")


@pytest.mark.parametrize("name", ready_made_sets())
def test_an_editor_finds_nothing_wrong_with_a_ready_made_set(name: str) -> None:
    document = read_yaml(_REPOSITORY / "rules" / f"{name}.yaml", is_shipped=True)

    Draft202012Validator(rule_file_schema(ACTIONS)).validate(document.plain())


def test_an_editor_finds_nothing_wrong_with_the_example_config() -> None:
    document = read_yaml(_REPOSITORY / "config.example.yaml", is_shipped=True)

    Draft202012Validator(_SCHEMA).validate(document.plain())


def test_the_schema_is_one_and_the_shipped_file_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    Draft202012Validator.check_schema(_SCHEMA)
    schema()

    assert shipped_path("config.schema.json").read_text() == capsys.readouterr().out, (
        "pictrace rules schema > config.schema.json"
    )


def test_all_ready_made_sets_go_together(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("version: 1\nrules:\n" + "".join(f"  - include: {name}\n" for name in ready_made_sets()))

    _compiles(load_config(file))


def test_the_rules_that_hold_without_a_config_touch_nothing() -> None:
    book = compile_rules(default_config([]), ACTIONS)

    assert [rule.steps for rule in book.rules] == [()]


@pytest.mark.parametrize("name", [*_CONDITIONS, *ACTIONS, "ignore"])
def test_every_condition_and_action_has_its_section_with_an_example(name: str) -> None:
    section = re.search(rf"^### {name}\n(.*?)^##", f"{_RULES}\n##", re.MULTILINE | re.DOTALL)

    assert section is not None
    assert re.search(rf"^```yaml\n[^`]*\b{name}\b[^`]*^```", section[1], re.MULTILINE)


@pytest.mark.parametrize("heading", sorted(_HEADINGS))
def test_every_section_speaks_of_something_there_is(heading: str) -> None:
    known = {*_CONDITIONS, *ACTIONS, *ready_made_sets(), "ignore", "all, any, not", "Marks of a copy"}

    assert heading in known


def _first_column(heading: str) -> set[str]:
    """Return what stands between backticks in the first column of the table in a section."""
    section = re.search(rf"^##+ {heading}\n(.*?)^##", f"{_RULES}\n##", re.MULTILINE | re.DOTALL)
    assert section is not None
    cells = [line.split("|")[1] for line in section[1].splitlines() if line.startswith("| `")]
    return set(re.findall(r"`([^`]+)`", " ".join(cells)))


def test_the_table_of_variables_is_whole() -> None:
    assert _first_column("Variables") == {f"{{{name}}}" for name in (*PHOTO_VARIABLES, *FINDING_VARIABLES)}
    assert "`{keeper-year}`" in _RULES
    assert "`{duplicate-name}`" in _RULES


def test_the_table_of_criteria_is_whole() -> None:
    assert {re.sub(r"[{}]|:.*", "", line) for line in _first_column("Which one stays")} == set(KEEP_NAMES)


def test_the_table_of_marks_is_whole_and_its_examples_bear_them() -> None:
    section = re.search(r"^### Marks of a copy\n(.*?)^##", _RULES, re.MULTILINE | re.DOTALL)
    assert section is not None
    rows = [line.split("|")[1:3] for line in section[1].splitlines() if line.startswith("| `")]

    assert {mark.strip(" `") for mark, _ in rows} == set(MARKS)
    for mark, examples in rows:
        for name in re.findall(r"`([^`]+)`", examples):
            bearing = name if "IMG" in name else f"IMG{name if name.startswith('-') else f' {name}'}.jpg"
            assert copy_marks(bearing) == (mark.strip(" `"),), name


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_named_for_the_condition_and_the_criterion(name: str) -> None:
    assert len(re.findall(rf"(?m)^(?:One word or a list, all of which|\| `\{{has).*`{name}`", _RULES)) == 2


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
