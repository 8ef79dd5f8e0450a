"""``pictrace init``: what was found, and a config that compiles and touches nothing."""

from __future__ import annotations

import itertools
import json
import os
import pty
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pictrace.cli.first_config import Wishes, config_text, description, fitting_role, fitting_rules
from pictrace.config import RootConfig, load_config, ready_made_sets
from pictrace.decide import compile_rules
from pictrace.errors import UsageError
from pictrace.model import Role
from pictrace.pipeline.acting import known_actions
from pictrace.watch.survey import Survey, survey

Run = Callable[..., Any]

# What people, and cameras, call their folders.
NAMES = (
    "Photos",
    "Søker, æ – 'a' \"b\"",
    "50% #1: {x} [y] &z *",
    "new\nline\tand \x07",
    "emoji 😀",
    "back\\slash",
    " ~ ",
)
ALL_TRACES = (
    *(".stfolder/x", ".sync_9a7b8c6d5e4f.db", ".dropbox", "digikam4.db", "My.lrcat", ".photoprism/y"),
    *("WhatsApp Images/a.jpg", "Takeout/b.jpg", "c.cr2", "c.jpg", "c.jpg.xmp", "silent/.nomedia"),
    *("c.sync-conflict-20240101-101010-ABCDEFG.jpg", "immich/library/.immich"),
)


def fill(top: Path, *names: str) -> Path:
    for name in names:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).touch()
    return top


def look(folder: Path) -> Survey:
    return survey(folder, monotonic=lambda: 0.0)


def compiled(file: Path) -> Any:
    config = load_config(file)
    return config, compile_rules(config, known_actions(config))


def test_what_is_written_compiles_whatever_was_found_and_wished(tmp_path: Path) -> None:
    surveys = [look(fill(tmp_path / name, *traces)) for name in NAMES for traces in ((), ALL_TRACES)][1::2]
    surveys += [look(fill(tmp_path / "plain", "a.jpg"))]
    sets = ready_made_sets()
    chosen = [dict.fromkeys(sets, "why\nnot"), dict.fromkeys(reversed(sets), ""), {}]
    file = tmp_path / "config.yaml"

    for found, role, rules in itertools.product(surveys, Role, chosen):
        roots = [RootConfig(path=found.folder, role=role), RootConfig(path=tmp_path / "more")]
        its = rules or fitting_rules([found], [role, Role.LIBRARY], sets)
        away = tmp_path / "away" if role is Role.INBOX else None
        wishes = Wishes(roots=roots, rules=its, quarantine=away, state=tmp_path / "state")
        file.write_text(config_text(wishes, {found.folder: found}, sets))

        config, book = compiled(file)

        assert (config.roots, config.act, config.quarantine) == (tuple(roots), False, away)
        assert book.rules


def test_each_root_and_each_rule_says_why_it_is_there(tmp_path: Path) -> None:
    found = look(fill(tmp_path / "Photos", *ALL_TRACES))
    rules = fitting_rules([found], [Role.LIBRARY], ready_made_sets())

    lines = config_text(
        Wishes(roots=[RootConfig(path=found.folder)], rules=rules), {found.folder: found}, ready_made_sets()
    ).splitlines()

    entries = [number for number, line in enumerate(lines) if line.lstrip().startswith("- ")]
    assert len(entries) == 1 + len(rules)
    assert all(lines[number - 1].lstrip().startswith("# ") for number in entries)
    assert max(map(len, lines)) <= 200


def test_a_name_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))

    with pytest.raises(UsageError, match="UTF-8"):
        config_text(Wishes(roots=[RootConfig(path=folder)], rules={"observe": ""}), {}, ())


EVERY_SET = (
    *("sync-conflicts", "messenger-copies", "takeout", "inbox-gate", "archive-check", "exact-copies", "observe"),
    *("tag-copies", "quarantine-renditions"),
)


@pytest.mark.parametrize(
    ("names", "roles", "expected"),
    [
        (["a.jpg"], [Role.LIBRARY], ["exact-copies", "observe"]),
        (["a.jpg"], [Role.READONLY], ["observe"]),
        (["a.jpg"], [Role.ARCHIVE], ["archive-check", "observe"]),
        (["a.jpg"], [Role.INBOX, Role.LIBRARY], ["inbox-gate", "exact-copies", "observe"]),
        ([".stfolder"], [Role.LIBRARY], ["sync-conflicts", "exact-copies", "observe"]),
        (["a (conflicted copy).jpg"], [Role.LIBRARY], ["sync-conflicts", "exact-copies", "observe"]),
        (["Signal/a.jpg", "Takeout/b.jpg"], [Role.LIBRARY], ["takeout", "messenger-copies", "exact-copies", "observe"]),
        (["Signal/a.jpg", ".stfolder"], [Role.READONLY], ["observe"]),
    ],
)
def test_the_rules_that_fit_are_those_for_what_was_found(
    tmp_path: Path, names: list[str], roles: list[Role], expected: list[str]
) -> None:
    found = look(fill(tmp_path, *names))

    assert list(fitting_rules([found], roles, EVERY_SET)) == expected
    assert set(fitting_rules([found], roles, ready_made_sets())) <= set(ready_made_sets())


@pytest.mark.parametrize(
    ("name", "trace", "has_others", "role"),
    [
        ("Photos", "a.jpg", True, Role.LIBRARY),
        ("Inbox", "a.jpg", True, Role.INBOX),
        ("Inbox", "a.jpg", False, Role.LIBRARY),
        ("Camera Uploads", "a.jpg", True, Role.INBOX),
        ("Photos", ".immich", True, Role.READONLY),
        ("Photos", ".photoprism/x", False, Role.READONLY),
        ("Photos", "library/.immich", False, Role.LIBRARY),
    ],
)
def test_the_role_that_fits(tmp_path: Path, name: str, trace: str, has_others: bool, role: Role) -> None:
    found = look(fill(tmp_path / name, trace))

    assert fitting_role(found, has_others=has_others) is role


def test_every_set_says_what_it_does() -> None:
    assert description("observe") == "name every copy, touch nothing."
    assert all(len(description(name)) > 10 for name in ready_made_sets())


def test_without_a_terminal_the_safe_defaults_are_written_and_said(pictrace: Run, tmp_path: Path) -> None:
    photos = fill(tmp_path / "Photos", "a.jpg", "WhatsApp Images/b.jpg")

    ran = pictrace("init", photos)

    assert ran.code == 0
    assert "nobody was asked: safe defaults" in ran.err
    assert "2 photos" in ran.out
    assert "pictrace rules simulate" in ran.out.splitlines()[-1]
    config, _ = compiled(tmp_path / "config/pictrace/config.yaml")
    assert (config.act, config.roots, config.quarantine) == (False, (RootConfig(path=photos),), None)


def test_a_file_that_is_there_is_left_as_it_is(pictrace: Run, tmp_path: Path) -> None:
    photos, file = fill(tmp_path / "Photos", "a.jpg"), tmp_path / "mine.yaml"
    file.write_text("mine")

    ran = pictrace("init", photos, "--output", file, "--yes")

    assert ran.code == 2
    assert "is there already" in ran.err
    assert file.read_text() == "mine"


def test_flags_are_obeyed_but_for_a_tree_that_another_program_manages(pictrace: Run, tmp_path: Path) -> None:
    photos, managed = fill(tmp_path / "Photos", "a.jpg"), fill(tmp_path / "server", ".immich")
    file, away = tmp_path / "new/config.yaml", tmp_path / "away"

    ran = pictrace(
        *("init", photos, managed, "--role", "library", "--rules", "tag-copies", "--rules", "observe"),
        *("--quarantine", away, "--output", file, "--json"),
    )

    assert ran.code == 0, ran.err
    first, second, written = map(json.loads, ran.out.splitlines())
    assert (first["photos"], first["role"]) == (1, "library")
    assert (second["neighbours"], second["role"]) == ({"Immich": str(managed / ".immich")}, "readonly")
    assert written["rules"] == ["tag-copies", "observe"]
    config, _ = compiled(file)
    assert [root.role for root in config.roots] == [Role.LIBRARY, Role.READONLY]
    assert config.quarantine == away
    assert "nobody was asked" not in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rules", "exact"], "expected one of"),
        (["--quarantine", "away"], "an absolute folder"),
        (["--quarantine", "Photos/away"], "would be found again"),
        (["--role", "library", "--role", "inbox", "--role", "archive"], "one for all folders or one for each"),
    ],
)
def test_wrong_flags_write_nothing(pictrace: Run, tmp_path: Path, words: list[str], said: str) -> None:
    photos, file = fill(tmp_path / "Photos", "a.jpg"), tmp_path / "config.yaml"
    words = [str(tmp_path / word) if word.startswith("Photos") else word for word in words]

    ran = pictrace("init", photos, *words, "--output", file)

    assert ran.code == 2
    assert said in ran.err
    assert not file.exists()


def test_nobody_else_may_write_what_is_written(pictrace: Run, tmp_path: Path) -> None:
    photos, file = fill(tmp_path / "Photos", "a.jpg"), tmp_path / "config.yaml"
    before = os.umask(0)
    try:
        ran = pictrace("init", photos, "--output", file, "--yes")
    finally:
        os.umask(before)

    assert ran.code == 0, ran.err
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


def test_at_a_terminal_four_questions_are_asked_and_the_answers_hold(tmp_path: Path) -> None:
    photos, file = fill(tmp_path / "Photos", "a.jpg"), tmp_path / "config.yaml"
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pictrace", "init", str(photos), "--output", str(file)]
    process = subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    os.write(ours, b"inbox\nexact-copies, observe\n\ny\n")

    _, err = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)

    assert process.returncode == 0, err
    assert err.count("]:") == 4
    config, book = compiled(file)
    assert config.roots == (RootConfig(path=photos, role=Role.INBOX),)
    assert len(book.rules) == 2


def test_a_mistyped_answer_is_asked_for_again(tmp_path: Path) -> None:
    photos, file = fill(tmp_path / "Photos", "a.jpg"), tmp_path / "config.yaml"
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pictrace", "init", str(photos), "--output", str(file)]
    process = subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    os.write(ours, b"inbix\ninbox\nexact\nexact-copies\naside\nbeside\ny\n")

    _, err = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)

    assert process.returncode == 0, err
    assert err.count("Error: ") == 3
    config, book = compiled(file)
    assert config.roots == (RootConfig(path=photos, role=Role.INBOX),)
    assert config.quarantine is None
    assert len(book.rules) == 1
