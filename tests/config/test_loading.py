"""What a config file comes to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pictrace.config import (
    Brake,
    Channels,
    Config,
    RootConfig,
    default_config,
    load_config,
    ready_made_sets,
    with_overrides,
)
from pictrace.errors import ConfigError
from pictrace.model import Role

Write = Callable[..., Path]


def test_every_key_is_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    file = write("""
        version: 1
        roots:
          - path: ~/Pictures/../Pictures/
          - {path: ~/Pictures/Inbox, role: inbox}
        state: /state
        quarantine: /aside
        quiet: 500ms
        longest-wait: 1.5h
        rescan: 2d
        act: true
        backlog: act
        brake: 20/h
        memory: 1GiB
        workers: 3
        allow-run: true
        notify: {desktop: true, urls: "json://user:secret@host", at-most: 3/h}
        ignore: ["*.bak", "!@eaDir/"]
        keep: [older, {in: "a/**"}]
        rules: []
        """)

    config = load_config(file)

    assert config.keep is not None
    assert [entry.plain() for entry in config.keep] == ["older", {"in": "a/**"}]
    assert config == Config(
        file=file,
        roots=(
            RootConfig(path=Path("/home/me/Pictures")),
            RootConfig(path=Path("/home/me/Pictures/Inbox"), role=Role.INBOX),
        ),
        declared_roots=(Path("/home/me/Pictures"), Path("/home/me/Pictures/Inbox")),
        state=Path("/state"),
        quarantine=Path("/aside"),
        quiet_seconds=0.5,
        longest_wait_seconds=5400.0,
        rescan_seconds=172800.0,
        act=True,
        backlog_act=True,
        brake=Brake(count_per_hour=20),
        memory_bytes=2**30,
        workers=3,
        ignore=("*.bak", "!@eaDir/"),
        keep=config.keep,
        rules=(),
        allow_run=True,
        notify=Channels(desktop=True, urls=("json://user:secret@host",), most_per_hour=3),
    )
    assert "secret" not in repr(config)


def test_what_is_left_out_touches_nothing(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", "/home/me/.state")

    config = load_config(write("version: 1"))

    assert (config.roots, config.rules, config.act, config.backlog_act) == ((), (), False, False)
    assert config.state == Path("/home/me/.state/pictrace")
    assert config.brake == Brake(count_per_hour=50, percent_of_root=5)
    assert (config.quarantine, config.keep) == (None, None)
    assert (config.allow_run, config.notify) == (False, Channels())


@pytest.mark.parametrize(("photos", "limit"), [(0, 50), (1000, 50), (1020, 51), (100_000, 5000)])
def test_the_brake_of_a_large_root_grows_with_it(photos: int, limit: int) -> None:
    assert default_config([]).brake.limit(photos) == limit


def test_a_brake_that_the_config_names_is_meant_as_it_stands(write: Write) -> None:
    config = load_config(write("version: 1\nbrake: 50/h"))

    assert config.brake is not None
    assert config.brake.limit(100_000) == 50


def test_words_that_switch_off(write: Write) -> None:
    config = load_config(write("version: 1\nquarantine: beside\nbrake: none\nbacklog: report"))

    assert (config.quarantine, config.brake, config.backlog_act) == (None, None, False)


def test_a_ready_made_set_is_put_in_place(write: Write) -> None:
    config = load_config(write("version: 1\nrules:\n- include: exact-copies\n- {name: mine, when: {}, do: []}"))

    names = [rule.plain()["name"] for rule in config.rules]
    assert names == ["exact copies", "mine"]
    assert config.rules[0].file is not None
    assert config.rules[0].file.name == "exact-copies.yaml"


@pytest.mark.parametrize("name", ["mine.yaml", "./mine.yaml", "{folder}/mine.yaml"])
def test_a_rule_file_is_found_beside_the_config(write: Write, tmp_path: Path, name: str) -> None:
    write("version: 1\nrules:\n- {name: a, when: {}, do: []}", "mine.yaml")

    config = load_config(write(f"version: 1\nrules:\n- include: {name.format(folder=tmp_path)}"))

    assert [rule.line for rule in config.rules] == [3]
    assert config.rules[0].file == tmp_path / "mine.yaml"


def test_the_ready_made_sets_are_the_files_in_their_folder() -> None:
    files = (Path(__file__).resolve().parents[2] / "rules").glob("*.yaml")

    assert ready_made_sets() == tuple(sorted(file.stem for file in files))


def test_without_a_file_the_folders_are_observed(tmp_path: Path) -> None:
    config = default_config([tmp_path])

    assert config.file is None
    assert config.roots == (RootConfig(path=tmp_path),)
    assert not config.act
    assert [rule.plain()["do"] for rule in config.rules] == [[]]


class TestOverrides:
    """The command line over the file."""

    @pytest.fixture
    def config(self, write: Write) -> Config:
        return load_config(
            write("""
                version: 1
                roots:
                  - path: /photos
                  - {path: /photos/old, role: archive}
                  - {path: /inbox, role: inbox}
                quarantine: /aside
                act: true
                """)
        )

    def test_nothing_said_nothing_changed(self, config: Config) -> None:
        assert with_overrides(config) == config

    def test_values_replace_those_of_the_file(self, config: Config) -> None:
        changed = with_overrides(config, state=Path("/other"), act=False)

        assert (changed.state, changed.act) == (Path("/other"), False)

    def test_a_folder_has_the_role_of_the_root_it_lies_in(self, config: Config) -> None:
        changed = with_overrides(config, folders=[Path("/photos/old/1999"), Path("/elsewhere"), Path("/inbox/a")])

        assert {str(root.path): root.role for root in changed.roots} == {
            "/photos/old/1999": Role.ARCHIVE,
            "/elsewhere": Role.LIBRARY,
            "/inbox/a": Role.INBOX,
        }

    def test_an_archive_inside_a_folder_stays_an_archive(self, config: Config) -> None:
        changed = with_overrides(config, folders=[Path("/photos")])

        assert changed.roots == (
            RootConfig(path=Path("/photos")),
            RootConfig(path=Path("/photos/old"), role=Role.ARCHIVE),
        )

    def test_rules_may_still_speak_of_the_roots_in_the_file(self, config: Config) -> None:
        assert with_overrides(config, folders=[Path("/x")]).declared_roots == config.declared_roots

    def test_a_folder_that_holds_the_quarantine_is_refused(self, config: Config) -> None:
        with pytest.raises(ConfigError, match="would be found again"):
            with_overrides(config, folders=[Path("/")])
