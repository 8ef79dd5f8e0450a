"""``pictrace rules``: what it shows of good rules, and that wrong ones end it with 78 and their place."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pictrace.act import ACTIONS
from pictrace.config import load_config, parse_yaml
from pictrace.decide import compile_rules
from pictrace.errors import ConfigError

Run = Callable[..., Any]

NAMED_A = "{name: a, when: {relation: edited}, do: []}"
HAND_WRITTEN = [
    # config, line, a part of the sentence
    ("", 1, "the file is empty: expected at least `version: 1`"),
    ("version: 3", 1, "expected version 1, found 3"),
    ("rules: []", 1, "the config needs the key `version`"),
    ("version: 1\nrule: []", 2, "did you mean 'rules'?"),
    ("version: 1\nroots: [PHOTOS]", 2, "expected a root with keys out of: path, role"),
    ("version: 1\nroots:\n  - path: Pictures", 3, "expected an absolute folder, such as /srv/photos or ~/Pictures"),
    ("version: 1\nroots:\n  - {path: PHOTOS, role: backup}", 3, "(known: library, inbox, archive, readonly)"),
    ("version: 1\nroots:\n  - path: PHOTOS\n  - path: PHOTOS", 4, "is a root already"),
    ("version: 1\nquarantine: PHOTOS/aside\nroots:\n  - path: PHOTOS", 2, "would be found again"),
    ("version: 1\nact: yes", 2, "expected true or false, found 'yes'"),
    ("version: 1\nquiet: 5", 2, "expected a duration such as 5s, 10m, 1h or 2d"),
    ("version: 1\nbrake: many", 2, "expected a rate such as 50/h, or none"),
    ("version: 1\nkeep: [biggest]", 2, "unknown keep criterion: 'biggest' (known: raw, more-pixels"),
    ("version: 1\nkeep: [{has: thumbs}]", 2, "unknown field: 'thumbs' (known: gps, rating, caption, faces"),
    ("version: 1\nkeep: [{root: Nowhere}]", 2, "'Nowhere' is no root"),
    ("version: 1\nrules:\n  - include: everything", 3, "unknown rule set: 'everything'"),
    ("version: 1\nrules:\n  - include: observe\n  - include: observe", 4, "'observe' is included at line 3 already"),
    ("version: 1\nrules: []\ntests:\n  - name: x", 4, "a test needs the key `relation`"),
    ("version: 1\nrules:\n  - include: mine.yaml", 3, "mine.yaml: cannot be read: No such file or directory"),
    ("version: 1\nrules:\n  - {when: {relation: copy}, do: []}", 3, "unknown relation: 'copy' (known: same-bytes"),
    ("version: 1\nrules:\n  - {when: {relation: burst}, do: [quarantine]}", 3, "`burst` is no copy"),
    ("version: 1\nrules:\n  - {when: {relation: edited}, do: [delete]}", 3, "unknown action: 'delete' (known: "),
    (
        "version: 1\nrules:\n  - {when: {relation: edited}, do: [{move: ../x}]}",
        3,
        "`..` and `.pictrace` are not allowed",
    ),
    (
        "version: 1\nroots: [{path: PHOTOS}]\nrules:\n  - {when: {relation: edited}, do: [{move: /etc}]}",
        4,
        "lies in no root",
    ),
    ("version: 1\nrules:\n  - {when: {relation: edited}, do: [{move: 'a/{yaer}'}]}", 3, "did you mean 'year'?"),
    ("version: 1\nrules:\n  - {when: {relation: edited}, do: [{tag: 'a{'}]}", 3, "a `{` stands alone"),
    ("version: 1\nrules:\n  - {when: {duplicate: {path: '**/' }}, do: [{tag: 'a|b'}]}", 3, "without `|`"),
    ("version: 1\nrules:\n  - {when: {duplicate: {tags: [a]}}, do: []}", 3, "expected `any`, `all` or `none`"),
    ("version: 1\nrules:\n  - {when: {group: {size: 3}}, do: []}", 3, "at-least, at-most, found 3"),
    ("version: 1\nrules:\n  - {when: {returned: maybe}, do: []}", 3, "expected true or false, found 'maybe'"),
    (
        f"version: 1\nrules:\n  - {NAMED_A}\n  - {NAMED_A}",
        4,
        "the name 'a' is taken",
    ),
    ("version: 1\nrules: &x []\n", 2, "anchors (&) and aliases (*) are not allowed"),
    ("version: 1\nversion: 1\n", 2, "the key 'version' is there twice"),
]

WHOLE = """\
version: 1
roots: [{path: PHOTOS, role: library}]
state: STATE
quarantine: beside
quiet: 5s
longest-wait: 10m
rescan: 1h
act: true
backlog: act
brake: 50/h
memory: 1GB
workers: 2
ignore: [a.bak]
keep: [raw, {in: 'a/**'}, {has: [gps, rating]}, {role: [library, inbox]}, older]
rules:
- name: all of it
  when:
    relation: [rendition, edited]
    edits: {only: [re-encoded, resized]}
    similarity: {at-least: 0.9}
    duplicate: {path: 'a/**', size: {at-most: 1MB}, captured-at: {after: '2020-01-01'}, not: {has: gps}}
    keeper: {any: [{camera: 'Canon*'}, {tags: {any: [a, b]}}]}
    group: {size: {at-least: 3}, some: {format: raw}}
  keep: [newer]
  do: [{tag: 'a/{year}', on: both}, {move: 'Sorted/{year}'}]
  continue: true
- include: observe
"""


def _misspelled(node: Any, path: str = "") -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield what is wrong and a function that makes it so, for each key and each value of a config."""
    entries = list(node.items()) if isinstance(node, dict) else list(enumerate(node))
    for key, value in entries:
        here = f"{path}/{key}"
        if isinstance(node, dict):

            def misspell(key: Any = key) -> None:
                node[f"{key}-x"] = node.pop(key)

            yield f"{here} misspelled", misspell

        def replaced(key: Any = key) -> None:
            node[key] = {"nonsense": 1}

        yield f"{here} replaced", replaced
        if isinstance(value, dict | list):
            yield from _misspelled(value, here)


def _generated() -> dict[str, str]:
    cases = {}
    for number, (what, _) in enumerate(_misspelled(parse_yaml(WHOLE).plain())):
        config = parse_yaml(WHOLE).plain()
        make_wrong = [change for _, change in _misspelled(config)][number]
        make_wrong()
        cases[what] = json.dumps(config, indent=1)
    return cases


GENERATED = _generated()


@pytest.fixture
def refused(pictrace: Run, tmp_path: Path, state: Path) -> Callable[..., str]:
    """Return a function that runs a command with a config and returns how it ended; no photo was touched."""
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "a.jpg").write_bytes(b"\xff\xd8 a photo")

    def run(text: str, *command: str) -> str:
        config = tmp_path / "config.yaml"
        config.write_text(text.replace("PHOTOS", str(photos)).replace("STATE", str(state)))
        before = _tree(photos)
        ended = pictrace(*command, "--config", config)

        assert ended.code == 78
        assert ended.out == ""
        assert _tree(photos) == before
        assert not state.exists()
        return str(ended.err)

    return run


def _tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    files = sorted(folder.rglob("*"))
    return {str(file): (file.lstat().st_mtime_ns, file.read_bytes() if file.is_file() else b"") for file in files}


def test_there_are_more_than_sixty_wrong_configs() -> None:
    assert len(HAND_WRITTEN) + len(GENERATED) > 120


@pytest.mark.parametrize(("text", "line", "says"), HAND_WRITTEN)
def test_a_wrong_config_ends_with_78_its_place_and_what_to_do(
    refused: Callable[..., str], tmp_path: Path, text: str, line: int, says: str
) -> None:
    said = refused(text, "rules", "check")

    assert said.startswith(f"pictrace: {tmp_path}/config.yaml:{line}:")
    assert says in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("text", [text for text, _, says in HAND_WRITTEN if "rules:" in text][::4])
def test_a_scan_with_a_wrong_config_ends_before_it_looks_at_a_photo(
    refused: Callable[..., str], tmp_path: Path, text: str
) -> None:
    said = refused(text, "scan", "--act", str(tmp_path / "photos"))

    assert re.match(rf"pictrace: {tmp_path}/config\.yaml:[0-9]+:", said)


@pytest.mark.parametrize("command", ["scan", "watch"])
def test_a_channel_that_is_missing_ends_it_before_anything_is_made(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    said = refused("version: 1\nnotify: {desktop: true}\n", command, str(tmp_path / "photos"))

    assert "libnotify-bin" in said


@pytest.mark.parametrize("text", [text for what, text in GENERATED.items() if what.endswith("misspelled")])
def test_a_misspelled_word_ends_with_78_and_names_what_is_known(
    refused: Callable[..., str], tmp_path: Path, text: str
) -> None:
    said = refused(text, "rules", "check")

    assert re.match(rf"pictrace: {tmp_path}/config\.yaml:[0-9]+:[0-9]+: ", said)
    assert "known: " in said


@pytest.mark.parametrize("what", [what for what in GENERATED if what.endswith("replaced")])
def test_a_value_of_another_kind_is_refused_with_what_was_expected(tmp_path: Path, what: str) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(GENERATED[what].replace("PHOTOS", "/srv/photos").replace("STATE", "/srv/state"))

    with pytest.raises(ConfigError) as refused:
        compile_rules(load_config(config), ACTIONS)

    assert refused.value.exit_code == 78
    assert refused.value.line is not None
    assert re.search(r"known: |expected |needs ", str(refused.value))


def test_the_config_that_the_wrong_ones_are_made_of_is_right(pictrace: Run, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(WHOLE.replace("PHOTOS", "/srv/photos").replace("STATE", "/srv/state"))

    assert pictrace("rules", "check", "--config", tmp_path / "config.yaml").code == 0


def test_the_real_command_ends_with_78_too(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("version: 1\nkeep: [biggest]\n")

    words = [sys.executable, "-m", "pictrace", "rules", "check", "--config", str(config)]
    env = {**os.environ, "HOME": str(tmp_path)}
    ended = subprocess.run(words, check=False, capture_output=True, text=True, timeout=60, env=env)

    assert ended.returncode == 78
    assert ended.stderr.startswith(f"pictrace: {config}:2:8: unknown keep criterion: 'biggest' (known: raw")
    assert ended.stdout == ""


def test_check_shows_where_each_rule_comes_from_and_what_overrides_the_keep(pictrace: Run, tmp_path: Path) -> None:
    (tmp_path / "rules.d").mkdir()
    (tmp_path / "rules.d" / "10-mine.yaml").write_text(
        "version: 1\nrules:\n  - {name: mine, when: {relation: edited}, do: []}\n"
    )
    config = tmp_path / "config.yaml"
    config.write_text("version: 1\nkeep: [older]\nrules:\n  - include: exact-copies\n")

    told = pictrace("rules", "check", "--config", config)
    lines = [" ".join(line.split()) for line in told.out.splitlines()]
    as_json = [json.loads(line) for line in pictrace("rules", "check", "--config", config, "--json").out.splitlines()]

    assert lines == [
        "exact-copies.yaml:9 exact copies: same-bytes, same-pixels → quarantine",
        "its own keep, not that of the config: richer-metadata, original-name, older, shorter-name",
        "rules.d/10-mine.yaml:3 mine: edited → nothing",
        "2 rules, no mistake found; nothing is touched (act: false)",
    ]
    assert [(rule["place"], rule["keep"], rule["keep_is_own"]) for rule in as_json] == [
        ("exact-copies.yaml:9", ["richer-metadata", "original-name", "older", "shorter-name"], True),
        ("rules.d/10-mine.yaml:3", ["older"], False),
    ]


def test_a_channel_that_scan_would_refuse_is_refused(pictrace: Run, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    config = tmp_path / "config.yaml"
    config.write_text("version: 1\nnotify: {desktop: true}\n")

    ended = pictrace("rules", "check", "--config", config)

    assert (ended.code, ended.out) == (78, "")
    assert ended.err.startswith(f"pictrace: {config}:2:19: `notify: {{desktop: true}}` needs the program notify-send")


def test_a_root_that_is_not_there_is_told_and_no_mistake(pictrace: Run, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(f"version: 1\nroots:\n  - path: {tmp_path}/away\n  - path: {tmp_path}\n")

    ended = pictrace("rules", "check", "--config", config)

    assert ended.code == 0
    assert ended.err == f"pictrace: warning: root {tmp_path}/away: no such folder now\n"


def test_check_takes_rule_files_and_ready_made_sets(pictrace: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("version: 1\nrules:\n  - {name: mine, when: {relation: edited}, do: []}\n")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("version: 1\nrules:\n  - {name: mine, when: {relation: edited}, do: [tga: a]}\n")

    ended = pictrace("rules", "check", file, "observe")
    refused = pictrace("rules", "check", file, wrong)

    lines = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert ended.code == 0
    assert lines[0] == "mine.yaml:3 mine: edited → nothing"
    assert lines[2].startswith("observe.yaml:6 observe:")
    assert (refused.code, refused.out) == (78, "")
    assert refused.err.startswith(f"pictrace: {wrong}:3:")
