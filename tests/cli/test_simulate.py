"""``rules simulate``: the table, the differences, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

_OTHER = """version: 1
rules:
  - name: mirrored
    when: {relation: edited, edits: {any: [mirrored]}}
    do: [quarantine]
"""


@pytest.fixture
def other(tmp_path: Path) -> Path:
    path = tmp_path / "other.yaml"
    path.write_text(_OTHER)
    return path


def test_it_says_what_the_rules_of_the_config_would_do(pictrace: Run, known: Any) -> None:
    ran = pictrace("rules", "simulate", state=known.state)

    assert (ran.code, ran.err) == (0, "")
    assert "observe" in ran.out
    assert "1 finding in 4 files: 0 photos would be moved away" in ran.out
    assert "otherwise" not in ran.out


def test_a_folder_in_no_root_is_refused(pictrace: Run, known: Any) -> None:
    ran = pictrace("rules", "simulate", "/nonexist", state=known.state)

    assert (ran.code, ran.out) == (2, "")
    assert "/nonexist: expected a folder in a root" in ran.err


def test_a_folder_in_a_root_or_around_one_is_taken(pictrace: Run, known: Any) -> None:
    inside, around = known.library / "empty", known.library.parent

    assert [pictrace("rules", "simulate", one, state=known.state).code for one in (inside, around)] == [0, 0]


def test_other_rules_are_held_against_those_of_the_config(pictrace: Run, known: Any, other: Path) -> None:
    ran = pictrace("rules", "simulate", "--rules", other, state=known.state)

    assert "1 photo would be moved away" in ran.out
    assert "1 edited: 'observe': left alone → 'mirrored': quarantine" in ran.out
    assert "(other.yaml:3)" in ran.out
    assert (known.library / "mirrored.jpg").exists()


def test_json_has_the_groups_the_differences_and_a_summary(pictrace: Run, known: Any, other: Path) -> None:
    ran = pictrace("rules", "simulate", "--rules", other, "--json", "--examples", "0", state=known.state)

    group, difference, summary = map(json.loads, ran.out.splitlines())
    assert (group["event"], group["rule"], group["place"], group["moved"]) == (
        "simulation",
        "mirrored",
        "other.yaml:3",
        1,
    )
    assert (difference["event"], difference["active"]) == ("simulation-difference", "'observe': left alone")
    assert (summary["event"], summary["findings"], summary["differences"]) == ("simulation-summary", 1, 1)
    assert group["examples"] == []


def test_a_whole_config_brings_its_brake(pictrace: Run, known: Any, tmp_path: Path) -> None:
    config = tmp_path / "whole.yaml"
    config.write_text(_OTHER.replace("version: 1", f"version: 1\nroots: [{{path: {known.library}}}]\nbrake: 7/h"))

    ran = pictrace("rules", "simulate", "--rules", config, "--json", state=known.state)

    assert json.loads(ran.out.splitlines()[-1])["brake"] == 7


@pytest.mark.parametrize(("since", "findings"), [("2020-01-01", 1), ("7d", 1), ("2999-01-01", 0)])
def test_since_leaves_out_what_was_seen_before(pictrace: Run, known: Any, since: str, findings: int) -> None:
    ran = pictrace("rules", "simulate", "--since", since, "--json", state=known.state)

    assert json.loads(ran.out.splitlines()[-1])["findings"] == findings


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--since", "yesterday"), 2, "expected a day such as 2026-01-31, or a time such as 7d"),
        (("--rules", "exakt"), 78, "expected a YAML file or a ready-made set"),
    ],
)
def test_what_makes_no_sense_is_refused(
    pictrace: Run, known: Any, words: tuple[str, ...], code: int, message: str
) -> None:
    ran = pictrace("rules", "simulate", *words, state=known.state)

    assert (ran.code, ran.out) == (code, "")
    assert message in ran.err


def test_a_state_folder_without_an_index_is_refused(pictrace: Run, tmp_path: Path) -> None:
    ran = pictrace("rules", "simulate", state=tmp_path / "nothing")

    assert ran.code == 2
    assert "expected the index" in ran.err
