"""Reads a config file into a `Config`, and makes one where there is no file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pictrace.config.keys import KEYS
from pictrace.config.located import Located
from pictrace.config.places import default_state, quarantine_clash
from pictrace.config.rule_files import ready_made_rules, rules_beside
from pictrace.config.values import Config, RootConfig
from pictrace.config.yaml_reader import read_yaml
from pictrace.errors import ConfigError
from pictrace.model import Role

CONFIG_KEYS = tuple(KEYS)


def load_config(path: Path) -> Config:
    """Return what a config file says.

    Raises:
        ConfigError: with file, line and column; nothing was touched.
    """
    # A relative name would depend on the folder PicTrace was started in when rule files are looked for beside it.
    file = Path(os.path.abspath(path))  # noqa: PTH100 – keeps links
    document = read_yaml(file)
    keys = document.section("the config", tuple(KEYS), required=("version",))
    values: dict[str, Any] = {}  # Any: the fields of Config by name
    for name, node in keys.items():
        key = KEYS[name]
        value = key.read(node)
        if key.field is not None:
            values[key.field] = value
    values.setdefault("roots", ())
    values["rules"] = (*values.get("rules", ()), *rules_beside(file))
    values.setdefault("state", default_state(os.environ))
    values["declared_roots"] = tuple(root.path for root in values["roots"])
    config = Config(file=file, **values)
    _check_together(config, keys)
    return config


def default_config(folders: Sequence[Path]) -> Config:
    """Return the config that holds where there is no file: the folders, the observe rules, no acts."""
    roots = _roots_of(folders)
    return Config(
        file=None,
        roots=roots,
        declared_roots=tuple(root.path for root in roots),
        state=default_state(os.environ),
        rules=ready_made_rules("observe"),
    )


def with_overrides(
    config: Config,
    *,
    folders: Sequence[Path] | None = None,
    state: Path | None = None,
    act: bool | None = None,
) -> Config:
    """Return a config with what the command line says over it.

    Folders replace the roots. Each has the role of the configured root it lies in, and configured roots inside it stay
    roots of their own: naming a folder on the command line never opens an archive to acts.

    Raises:
        ConfigError: the folders and the quarantine folder lie in one another.
    """
    changes: dict[str, Any] = {}  # Any: the fields of Config by name
    if folders is not None:
        changes["roots"] = _roots_of(folders, config.roots)
        clash = quarantine_clash(config.quarantine, changes["roots"])
        if clash is not None:
            raise ConfigError(clash, file=config.file)
    if state is not None:
        changes["state"] = Path(os.path.abspath(state.expanduser()))  # noqa: PTH100 – keeps links
    if act is not None:
        changes["act"] = act
    return replace(config, **changes)


def _roots_of(folders: Sequence[Path], configured: Iterable[RootConfig] = ()) -> tuple[RootConfig, ...]:
    outermost_first = sorted(configured, key=lambda root: len(root.path.parts))
    roles: dict[Path, Role] = {}
    for folder in folders:
        path = Path(os.path.abspath(folder.expanduser()))  # noqa: PTH100 – keeps links
        roles[path] = Role.LIBRARY
        for root in outermost_first:
            if path.is_relative_to(root.path):
                roles[path] = root.role
    for root in outermost_first:
        if any(root.path.is_relative_to(path) for path in roles):
            roles[root.path] = root.role
    return tuple(RootConfig(path=path, role=role) for path, role in roles.items())


def _check_together(config: Config, keys: dict[str, Located]) -> None:
    """Refuse values that are right each and wrong together."""
    if config.longest_wait_seconds < config.quiet_seconds:
        node = keys.get("longest-wait") or keys["quiet"]
        raise node.error("`longest-wait` is shorter than `quiet`: no file would ever settle in time")
    clash = quarantine_clash(config.quarantine, config.roots)
    if clash is not None:
        raise keys["quarantine"].error(clash)
