"""``rules.d`` beside the config: read after the config's rules, in the order of the names, and trusted as little."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pictrace.config import Config, load_config
from pictrace.errors import ConfigError

Write = Callable[..., Path]


@pytest.fixture
def put(write: Write, tmp_path: Path) -> Callable[[str, str], Path]:
    """Return a function that puts a file with one rule of that name in the folder."""
    (tmp_path / "rules.d").mkdir()

    def one(name: str, rule: str) -> Path:
        return write(
            f"version: 1\nrules:\n  - {{name: {rule}, when: {{relation: rendition}}, do: []}}\n", f"rules.d/{name}"
        )

    return one


def names(config: Config) -> list[str]:
    return [rule.plain()["name"] for rule in config.rules]


def refusal(file: Path) -> ConfigError:
    with pytest.raises(ConfigError) as refused:
        load_config(file)
    return refused.value


def test_rules_come_in_the_order_of_the_names_after_those_of_the_config(write: Write, put: Write) -> None:
    put("20-b.yaml", "third")
    put("10-a.yml", "second")
    put("9.yaml", "fourth")
    config = load_config(write("version: 1\nrules: [{name: first, when: {relation: edited}, do: []}]"))

    assert names(config) == ["first", "second", "third", "fourth"]


def test_a_config_without_rules_takes_those_of_the_folder(write: Write, put: Write) -> None:
    put("a.yaml", "only")

    assert names(load_config(write("version: 1"))) == ["only"]


def test_without_the_folder_there_is_nothing_more(write: Write) -> None:
    assert load_config(write("version: 1")).rules == ()


@pytest.mark.parametrize(
    "name", [".a.yaml", "a.yaml~", "a.yaml.bak", "#a.yaml#", ".#a.yaml", "a.yaml.dpkg-old", "README", "a.txt"]
)
def test_hidden_files_and_backups_are_passed_over(write: Write, put: Write, name: str) -> None:
    put(name, "never")

    assert load_config(write("version: 1")).rules == ()


def test_a_file_of_the_folder_may_include_a_set(write: Write, put: Write, tmp_path: Path) -> None:
    put("a.yaml", "mine").write_text("version: 1\nrules:\n  - include: observe\n")

    assert names(load_config(write("version: 1"))) == ["observe"]


def test_the_folder_is_read_anew_each_time(write: Write, put: Write) -> None:
    file = write("version: 1")
    put("a.yaml", "before")
    before = names(load_config(file))
    put("b.yaml", "after")

    assert (before, names(load_config(file))) == (["before"], ["before", "after"])


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "the file is empty"),
        ("version: 1\n", 1, "a rule file needs the key `rules`"),
        (
            "version: 1\nrules: []\nkeep: [older]\n",
            3,
            "unknown key in a rule file: 'keep' (known: version, rules, tests)",
        ),
        ("version: 2\nrules: []\n", 1, "expected version 1, found 2"),
        ("version: 1\nrules: {}\n", 2, "expected a list of rules"),
        ("version: 1\nrules:\n  - include: nothing\n", 3, "unknown rule set: 'nothing'"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(write: Write, put: Write, text: str, line: int, says: str) -> None:
    file = put("a.yaml", "x")
    file.write_text(text)

    refused = refusal(write("version: 1"))

    assert (refused.file, refused.line) == (file, line)
    assert says in str(refused)


def test_a_file_that_others_may_write_is_refused(write: Write, put: Write) -> None:
    file = put("a.yaml", "x")
    file.chmod(0o646)

    assert f"every user may write this file (mode 0646), and its rules move photos: `chmod go-w {file}`" in str(
        refusal(write("version: 1"))
    )


def test_a_folder_that_others_may_write_is_refused(write: Write, put: Write, tmp_path: Path) -> None:
    put("a.yaml", "x")
    folder = tmp_path / "rules.d"
    folder.chmod(0o777)

    said = str(refusal(write("version: 1")))

    assert said.startswith(f"{folder}: every user may write this folder (mode 0777)")
    assert f"`chmod go-w {folder}`" in said


def test_a_link_that_leads_nowhere_is_refused(write: Write, put: Write, tmp_path: Path) -> None:
    (tmp_path / "rules.d" / "a.yaml").symlink_to("gone.yaml")

    assert "a.yaml: cannot be read: No such file" in str(refusal(write("version: 1")))


def test_a_file_in_the_place_of_the_folder_is_refused(write: Write) -> None:
    write("version: 1", "rules.d")

    assert "rules.d: cannot be read as a folder: Not a directory" in str(refusal(write("version: 1")))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_cannot_be_read_is_refused(write: Write, put: Write, tmp_path: Path) -> None:
    (tmp_path / "rules.d").chmod(0)

    assert "rules.d: cannot be read as a folder: Permission denied" in str(refusal(write("version: 1")))
