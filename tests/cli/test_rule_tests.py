"""``rules test``: what passes, what fails, what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pictrace.config import ready_made_sets

Run = Callable[..., Any]

_RULES = """version: 1
rules:
  - name: inbox
    when: {relation: same-bytes, new: {root: Inbox}}
    do: [quarantine]
tests:
  - name: one of the inbox
    relation: same-bytes
    new: {path: a.jpg, root: Inbox}
    existing: {path: a.jpg}
    expect: {rule: inbox, do: [quarantine]}
  - name: one of the library
    relation: same-bytes
    new: {path: b.jpg}
    existing: {path: a.jpg}
    expect: EXPECT
"""


def _write(folder: Path, *, expect: str = "none", head: str = "") -> Path:
    path = folder / "mine.yaml"
    path.write_text(_RULES.replace("EXPECT", expect).replace("version: 1\n", f"version: 1\n{head}"))
    return path


@pytest.mark.parametrize("name", ready_made_sets())
def test_the_tests_of_every_ready_made_set_pass(pictrace: Run, name: str) -> None:
    ran = pictrace("rules", "test", name)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith(" tests, 0 failed\n")


def test_a_rule_file_passes_with_a_line_for_each_test(pictrace: Run, tmp_path: Path) -> None:
    ran = pictrace("rules", "test", _write(tmp_path))

    assert ran.code == 0
    assert ran.out == (
        "passed  mine.yaml:7  one of the inbox\npassed  mine.yaml:12  one of the library\n2 tests, 0 failed\n"
    )


def test_a_test_that_fails_ends_with_1_and_tells_the_difference(pictrace: Run, tmp_path: Path) -> None:
    ran = pictrace("rules", "test", _write(tmp_path, expect="{rule: inbox}"), "--quiet")

    assert ran.code == 1
    assert ran.out == (
        "failed  mine.yaml:12  one of the library\n"
        "        rule: expected 'inbox', found none\n"
        "        'inbox' (mine.yaml:3): no: `new.root` (mine.yaml:4) says no\n"
        "2 tests, 1 failed\n"
    )


def test_json_has_a_line_for_each_test_and_a_summary(pictrace: Run, tmp_path: Path) -> None:
    ran = pictrace("rules", "test", _write(tmp_path, expect="{rule: inbox}"), "--json")

    first, second, summary = map(json.loads, ran.out.splitlines())
    assert (first["event"], first["passed"], first["differences"]) == ("rule-test", True, [])
    assert (second["name"], second["passed"], len(second["differences"])) == ("one of the library", False, 2)
    assert summary == {"event": "rule-test-summary", "tests": 2, "failed": 1}


def test_a_whole_config_is_tested_with_its_roots(pictrace: Run, tmp_path: Path) -> None:
    head = "roots:\n  - path: /srv/photos/Inbox\n    role: inbox\n  - path: /srv/photos/Library\n"
    path = _write(tmp_path, head=head)

    assert pictrace("rules", "test", "--config", path).code == 0
    assert pictrace("rules", "test", path).code == 0


def test_the_tests_in_rules_d_are_run_with_those_of_the_config(pictrace: Run, tmp_path: Path) -> None:
    head = "roots:\n  - path: /srv/photos/Inbox\n    role: inbox\n  - path: /srv/photos/Library\n"
    path = _write(tmp_path, head=head)
    (tmp_path / "rules.d").mkdir()
    more = (
        "version: 1\nrules: [{name: tiny, when: {relation: rendition}, do: [tag: tiny]}]\ntests:\n"
        "  - {name: its own, relation: rendition, new: {path: c.jpg}, existing: {path: d.jpg}, expect: EXPECT}\n"
        "  - name: a rule of the config comes first\n    relation: same-bytes\n    new: {path: a.jpg, root: Inbox}\n"
        "    existing: {path: b.jpg}\n    expect: {rule: inbox}\n"
    )
    beside = tmp_path / "rules.d/10-more.yaml"

    beside.write_text(more.replace("EXPECT", "{rule: tiny}"))
    passed = pictrace("rules", "test", "--config", path)
    beside.write_text(more.replace("EXPECT", "none"))
    failed = pictrace("rules", "test", path)

    assert (passed.code, passed.out.splitlines()[-1]) == (0, "4 tests, 0 failed")
    assert (failed.code, failed.out.splitlines()[-1]) == (1, "4 tests, 1 failed")
    assert "failed  rules.d/10-more.yaml:4  its own" in failed.out


@pytest.mark.parametrize("expect", ["{rule: inbos}", "[a]", "{rule: inbox, held: 3}"])
def test_a_wrong_test_ends_with_78_before_any_is_run(pictrace: Run, tmp_path: Path, expect: str) -> None:
    ran = pictrace("rules", "test", "exact-copies", _write(tmp_path, expect=expect))

    assert (ran.code, ran.out) == (78, "")
    assert "mine.yaml:16:" in ran.err


def test_a_set_that_nobody_knows_is_told_with_the_known_names(pictrace: Run) -> None:
    ran = pictrace("rules", "test", "exakt-copies")

    assert ran.code == 78
    assert "exact-copies" in ran.err


def test_rules_without_tests_are_told(pictrace: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("version: 1\nrules: []\n")

    ran = pictrace("rules", "test", path)

    assert ran.code == 2
    assert "found none" in ran.err


def test_tests_beside_rules_do_not_keep_them_from_being_used(pictrace: Run, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("version: 1\nroots: [{path: /srv/Inbox}]\nrules: [{include: mine.yaml}]\ntests: []\n")
    _write(tmp_path, expect="{rule: wrong}")

    assert pictrace("rules", "check", "--config", config).code == 0
