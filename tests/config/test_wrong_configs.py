"""Configs that are wrong: each complaint gives file and line, and the known names; nothing is touched."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from pictrace.act import ACTIONS
from pictrace.config import load_config, parse_yaml
from pictrace.decide import config_schema
from pictrace.errors import ConfigError

Write = Callable[..., Path]
SCHEMA = Draft202012Validator(config_schema(ACTIONS))
_KEYS = "version, roots, state, quarantine, quiet, longest-wait, rescan, act, backlog, brake, memory"


def _with(line: str) -> str:
    return f"version: 1\n{line}\n"


WRONG = [
    # text, line, what the message says
    ("", 1, "the file is empty: expected at least `version: 1`"),
    ("# nothing but a comment\n", 1, "the file is empty"),
    ("roots: []\n", 1, f"the config needs the key `version`; known: {_KEYS}"),
    ("- version: 1\n", 1, "expected the config with keys out of: version, roots"),
    ("version: 2\n", 1, "expected version 1, found 2"),
    ("version: true\n", 1, "expected version 1, found true"),
    ("version: '1'\n", 1, "expected version 1, found '1'"),
    (_with("rols: []"), 2, "unknown key in the config: 'rols'; did you mean 'rules'?"),
    (_with("frobnicate: 1"), 2, f"(known: {_KEYS}"),
    (_with("act: true\nact: false"), 3, "the key 'act' is there twice: first on line 2"),
    (_with("act: no"), 2, "expected true or false, found 'no'"),
    (_with("act: 1"), 2, "expected true or false, found 1"),
    (_with("act:"), 2, "expected true or false, found nothing"),
    (_with("network: 5"), 2, "expected the name of a file, found 5"),
    (_with("network: {model: a.onnx}"), 2, "expected the name of a file, found a mapping"),
    (_with("allow-run: 1"), 2, "expected true or false, found 1"),
    (_with("notify: true"), 2, "expected `notify` with keys out of: desktop, urls, at-most, found true"),
    (_with("notify: {desktop: sure}"), 2, "expected true or false, found 'sure'"),
    (_with("notify: {url: 'json://host'}"), 2, "did you mean 'urls'?"),
    (_with("notify: {urls: []}"), 2, "found an empty list"),
    (_with("notify: {urls: [user@example.com]}"), 2, "expected an address with `://`"),
    (_with("notify: {at-most: 10}"), 2, "expected a rate such as 10/h"),
    (_with("backlog: true"), 2, "expected answer to what was there before: report, act, found true"),
    (_with("backlog: never"), 2, "unknown answer to what was there before: 'never' (known: report, act)"),
    (_with("quiet: 5"), 2, "expected a duration such as 5s, 10m, 1h or 2d, found 5"),
    (_with("quiet: 5 parsecs"), 2, "found '5 parsecs'"),
    (_with("quiet: -5s"), 2, "found '-5s'"),
    (_with("quiet: 0s"), 2, "expected a duration from 100ms to 366d"),
    (_with("quiet: 12:30:00"), 2, "found '12:30:00'"),
    (_with("quiet: 1h\nlongest-wait: 1m"), 3, "`longest-wait` is shorter than `quiet`"),
    (_with("quiet: 1h"), 2, "`longest-wait` is shorter than `quiet`"),
    (_with("rescan: .inf"), 2, "found '.inf'"),
    (_with("brake: 50"), 2, "expected a rate such as 50/h, or none, found 50"),
    (_with("brake: 0/h"), 2, "found '0/h'"),
    (_with("memory: 5MB"), 2, "expected at least 700MB"),
    (_with("memory: lots"), 2, "expected a size such as 300kB, 12MB or 2GiB"),
    (_with("workers: 0"), 2, "from 1 to 256, found 0"),
    (_with("workers: 2.5"), 2, "from 1 to 256, found 2.5"),
    (_with("workers: 99999999999999999999"), 2, "from 1 to 256"),
    (_with("ignore: '*.bak'"), 2, "expected a list of patterns"),
    (_with("ignore: [1]"), 2, "expected a pattern, or !pattern, found 1"),
    (_with('ignore: [a.bak, "a/b"]'), 2, "'a/b': expected the name of a file, or of a folder with a / at its end"),
    (_with('ignore:\n  - "/"'), 3, "'/': expected the name of a file"),
    (_with('ignore: ["x{1..100000}.jpg"]'), 2, "'x{1..100000}.jpg': too many alternatives"),
    (_with("keep: []"), 2, "expected a list of keeper criteria, found an empty list"),
    (_with("roots: ~/Pictures"), 2, "expected a list of roots, each with `path`"),
    (_with("roots:\n  - ~/Pictures"), 3, "expected a root with keys out of: path, role, found '~/Pictures'"),
    (_with("roots:\n  - role: inbox"), 3, "a root needs the key `path`"),
    (_with("roots:\n  - path: Pictures"), 3, "expected an absolute folder, such as /srv/photos or ~/Pictures"),
    (_with('roots:\n  - path: "/a\\0b"'), 3, "expected an absolute folder"),
    (_with("roots:\n  - path: ~nobody-of-that-name/x"), 3, "expected an absolute folder"),
    (
        _with("roots:\n  - path: /a\n    role: trash"),
        4,
        "unknown role: 'trash' (known: library, inbox, archive, readonly)",
    ),
    (_with("roots:\n  - path: /a\n  - path: /b/../a/"), 4, "the folder /a is a root already"),
    (_with("state: here"), 2, "expected an absolute folder"),
    (_with("quarantine: inside"), 2, "expected beside, or an absolute folder"),
    (_with("quarantine: /a/aside\nroots:\n  - path: /a"), 2, "lies in the root /a, so what is put away would be found"),
    (_with("quarantine: /\nroots:\n  - path: /a"), 2, "the root /a lies in the quarantine folder /"),
    (_with("quarantine: /a\nroots:\n  - path: /a"), 2, "lies in the quarantine folder /a"),
    (_with("rules: {}"), 2, "expected a list of rules, found a mapping"),
    (_with("rules:\n  - include: exact-copy"), 3, "did you mean 'exact-copies'? (known: archive-check, burst-tagging"),
    (_with("rules:\n  - include: [observe]"), 3, "expected the name of a ready-made set or the path of a .yaml file"),
    (_with("rules:\n  - include: observe\n    name: x"), 4, "unknown key in an include: 'name' (known: include)"),
    (_with("rules:\n  - include: missing.yaml"), 3, "missing.yaml: cannot be read: No such file or directory"),
    # YAML itself
    ("version: 1\nroots: [", 2, "not valid YAML"),
    ("version: 1\n\tact: true", 2, "not valid YAML"),
    ("version: 1\n--- \nversion: 1", 2, "not valid YAML"),
    ("a: &x [1]\nb: *x", 1, "anchors (&) and aliases (*) are not allowed"),
    ("version: 1\nstate: *x", 2, "anchors (&) and aliases (*) are not allowed"),
    ("version: 1\n<<: {act: true}", 2, "unknown key in the config: '<<'"),
    ("version: !!int '1'", 1, "tags are not allowed, found 'tag:yaml.org,2002:int'"),
    ("version: 1\nstate: !!python/object/apply:os.system ['true']", 2, "tags are not allowed"),
    ("version: 1\nkeep: " + "[" * 5000, 2, "nested deeper than 20 levels"),
    ("version: 1\nkeep: " + "{a: " * 5000, 2, "nested deeper than 20 levels"),
    ("1: version", 1, "expected a name as key, found 1"),
    ("? [a]\n: b", 1, "expected a name as key, found a list"),
    ("version: 1\nstate: \x07", 2, "a control character is not allowed here"),
]


@pytest.mark.parametrize(("text", "line", "says"), WRONG)
def test_a_wrong_config_is_refused_with_its_place(write: Write, text: str, line: int, says: str) -> None:
    file = write(text)

    with pytest.raises(ConfigError) as refused:
        load_config(file)

    assert says in str(refused.value)
    assert refused.value.file == file
    assert refused.value.line == line
    assert refused.value.exit_code == 78
    assert str(refused.value).startswith(f"{file}:{line}")


# What PicTrace alone can see: YAML itself, what there is besides the file, what only makes sense together.
BEYOND_A_SCHEMA = (
    *("is shorter than", "from 100ms", "at least 700MB", "is a root already", "lies in the", "cannot be read"),
    *("expected the name of a file", "too many alternatives", "'exact-copies'", "a control character"),
    *("is there twice", "the file is empty", "not valid YAML", "aliases", "tags are not", "nested deeper", "as key"),
)
_PATHS_THAT_ARE_NONE = ("\\0", "~nobody-of-that-name")


def _is_beyond(text: str, says: str) -> bool:
    return any(words in says for words in BEYOND_A_SCHEMA) or any(words in text for words in _PATHS_THAT_ARE_NONE)


@pytest.mark.parametrize("text", [text for text, _, says in WRONG if not _is_beyond(text, says)])
def test_an_editor_sees_what_a_schema_can_tell(text: str) -> None:
    assert not SCHEMA.is_valid(parse_yaml(text).plain())


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"missing\.yaml: cannot be read: No such file"):
        load_config(tmp_path / "missing.yaml")


def test_a_folder_is_no_config(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected a regular file"):
        load_config(tmp_path)


@pytest.mark.timeout(10)
def test_a_fifo_does_not_hang_the_start(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config.yaml")

    with pytest.raises(ConfigError, match="expected a regular file"):
        load_config(tmp_path / "config.yaml")


def test_a_huge_file_is_refused(write: Write) -> None:
    with pytest.raises(ConfigError, match="expected at most 256 KiB"):
        load_config(write("version: 1\n#" + "x" * 300_000))


def test_a_file_that_is_no_utf8_is_refused(write: Write) -> None:
    with pytest.raises(ConfigError, match=r"config\.yaml:2: expected UTF-8, found byte 0xe4"):
        load_config(write(b"version: 1\nstate: /\xe4\n"))


def test_a_rule_file_does_not_include_another(write: Write) -> None:
    mine = write("version: 1\nrules:\n- include: observe", "mine.yaml")

    with pytest.raises(ConfigError, match="cannot include another") as refused:
        load_config(write("version: 1\nrules:\n  - include: mine.yaml"))

    assert (refused.value.file, refused.value.line) == (mine, 3)


def test_a_root_behind_a_link_is_the_same_root(write: Write, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "link").symlink_to("photos")

    with pytest.raises(ConfigError, match="is a root already"):
        load_config(write(f"version: 1\nroots:\n- path: {tmp_path}/photos\n- path: {tmp_path}/link"))


def test_a_quarantine_behind_a_link_into_a_root_is_refused(write: Write, tmp_path: Path) -> None:
    (tmp_path / "photos" / "aside").mkdir(parents=True)
    (tmp_path / "link").symlink_to("photos/aside")

    with pytest.raises(ConfigError, match="would be found again"):
        load_config(write(f"version: 1\nroots:\n- path: {tmp_path}/photos\nquarantine: {tmp_path}/link"))


def test_a_quarantine_in_a_roots_own_folder_is_allowed(write: Write) -> None:
    config = load_config(write("version: 1\nroots:\n- path: /a\nquarantine: /a/.pictrace/aside"))

    assert config.quarantine == Path("/a/.pictrace/aside")
