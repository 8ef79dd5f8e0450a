"""Reads a config file into a `Config`, and makes one where there is no file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pictrace.config import units
from pictrace.config.located import Located
from pictrace.config.name_globs import name_expression
from pictrace.config.places import absolute_path, default_state, quarantine_clash, repeated_root
from pictrace.config.rule_files import check_version, ready_made_rules, with_includes
from pictrace.config.values import Brake, Config, RootConfig
from pictrace.config.yaml_reader import read_yaml
from pictrace.errors import ConfigError, shown
from pictrace.model import Role

_FOLDER = "an absolute folder, such as /srv/photos or ~/Pictures"
_SHORTEST_SECONDS = 0.1
_LONGEST_SECONDS = 366 * 86400.0


def load_config(path: Path) -> Config:
    """Return what a config file says.

    Raises:
        ConfigError: with file, line and column; nothing was touched.
    """
    # A relative name would depend on the folder PicTrace was started in when rule files are looked for beside it.
    file = Path(os.path.abspath(path))  # noqa: PTH100 – keeps links
    document = read_yaml(file)
    keys = document.section("the config", tuple(_READERS), required=("version",))
    values: dict[str, Any] = {}  # Any: the fields of Config by name
    for name, node in keys.items():
        field, read = _READERS[name]
        if field is not None:
            values[field] = read(node)
        else:
            read(node)
    values.setdefault("roots", ())
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


def _roots(node: Located) -> tuple[RootConfig, ...]:
    roots: list[RootConfig] = []
    for entry in node.items("a list of roots, each with `path` and perhaps `role`"):
        keys = entry.section("a root", ("path", "role"), required=("path",))
        role = Role(keys["role"].choice(tuple(Role), "role")) if "role" in keys else Role.LIBRARY
        roots.append(RootConfig(path=keys["path"].converted(absolute_path, _FOLDER), role=role))
        if repeated_root(roots) is not None:
            raise entry.error(f"the folder {shown(roots[-1].path)} is a root already")
    return tuple(roots)


def _folder(node: Located) -> Path:
    return node.converted(absolute_path, _FOLDER)


def _quarantine(node: Located) -> Path | None:
    return None if node.value == "beside" else node.converted(absolute_path, f"beside, or {_FOLDER}")


def _duration(node: Located) -> float:
    value = node.converted(units.seconds, units.DURATION)
    if not _SHORTEST_SECONDS <= value <= _LONGEST_SECONDS:
        raise node.expected("a duration from 100ms to 366d")
    return value


def _brake(node: Located) -> Brake | None:
    if node.value == "none":
        return None
    return Brake(count_per_hour=node.converted(units.per_hour, units.RATE))


def _memory(node: Located) -> int:
    value = node.converted(units.size_bytes, units.SIZE)
    if value < 700 * 10**6:  # the daemon and one worker that can decode a photo of 24 megapixels
        raise node.expected("at least 700MB")
    return value


def _workers(node: Located) -> int:
    return node.whole_number("a number of worker processes from 1 to 256", low=1, high=256)


def _patterns(node: Located) -> tuple[str, ...]:
    return tuple(_pattern(entry) for entry in node.items("a list of patterns"))


def _pattern(node: Located) -> str:
    text = node.text("a pattern, or !pattern")
    if not text.startswith("!"):
        try:
            name_expression(text)
        except ValueError as problem:
            raise node.error(str(problem)) from problem
    return text


def _keep(node: Located) -> tuple[Located, ...]:
    return node.one_or_more("a list of keeper criteria")


def _is_act(node: Located) -> bool:
    return node.choice(("report", "act"), "answer to what was there before") == "act"


# Key → the field of `Config` it fills, and how it is read.
_READERS: dict[str, tuple[str | None, Any]] = {  # Any: each reader has a type of its own
    "version": (None, check_version),
    "roots": ("roots", _roots),
    "state": ("state", _folder),
    "quarantine": ("quarantine", _quarantine),
    "quiet": ("quiet_seconds", _duration),
    "longest-wait": ("longest_wait_seconds", _duration),
    "rescan": ("rescan_seconds", _duration),
    "act": ("act", Located.boolean),
    "backlog": ("backlog_act", _is_act),
    "brake": ("brake", _brake),
    "memory": ("memory_bytes", _memory),
    "workers": ("workers", _workers),
    "ignore": ("ignore", _patterns),
    "keep": ("keep", _keep),
    "rules": ("rules", with_includes),
    "tests": (None, lambda _: None),  # `pictrace rules test` reads them
}

CONFIG_KEYS = tuple(_READERS)
