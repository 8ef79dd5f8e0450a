"""Finds and reads rule sets: the ready-made ones by name, a person's own by path."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pictrace.config.located import Located, unknown
from pictrace.config.places import absolute_path
from pictrace.config.trust import distrust
from pictrace.config.yaml_reader import read_yaml
from pictrace.errors import ConfigError
from pictrace.shipped import shipped_path

VERSION = 1
RULE_FILE_KEYS = ("version", "rules", "tests")
RULES_FOLDER = "rules.d"
_ENDINGS = (".yaml", ".yml")


def ready_made_sets() -> tuple[str, ...]:
    """Return the names of the rule sets that come with PicTrace."""
    return tuple(sorted(path.stem for path in shipped_path("rules").glob("*.yaml")))


def ready_made_rules(name: str) -> tuple[Located, ...]:
    """Return the rules of a ready-made set."""
    # Whoever can write these files can write the program as well.
    return rules_of(read_yaml(shipped_path(f"rules/{name}.yaml"), is_shipped=True))


def with_includes(rules: Located) -> tuple[Located, ...]:
    """Return the rules of a config file, each ``include`` replaced by the rules of its set.

    Raises:
        ConfigError: a set is not there, or wrong.
    """
    found: list[Located] = []
    for entry in rules.items("a list of rules"):
        if isinstance(entry.value, dict) and "include" in entry.value:
            name = entry.section("an include", ("include",))["include"]
            found.extend(_included(name))
        else:
            found.append(entry)
    return tuple(found)


def rules_beside(config: Path) -> tuple[Located, ...]:
    """Return the rules in the folder ``rules.d`` beside a config file, file by file in the order of their names.

    Hidden files and those with another ending, such as an editor's backups, are passed over.

    Raises:
        ConfigError: a file is wrong, or others may write it or the folder: whoever can add a file adds rules.
    """
    return tuple(rule for document in _beside(config) for rule in with_includes(_rules_node(document)))


def tests_beside(config: Path) -> tuple[Located, ...]:
    """Return what stands under ``tests`` in each file of ``rules.d`` beside a config file that has it.

    Raises:
        ConfigError: as `rules_beside`.
    """
    return tuple(tests for document in _beside(config) for tests in tests_of(document))


def tests_of(document: Located) -> tuple[Located, ...]:
    """Return what stands under ``tests`` in a rule file or a config: nothing, or one list that is not looked at yet."""
    if not isinstance(document.value, dict) or "tests" not in document.value:
        return ()
    return (document.value["tests"].value,)


def check_version(version: Located) -> None:
    """Refuse a file of another format version."""
    if version.value != VERSION or isinstance(version.value, bool):
        raise version.expected(f"version {VERSION}")


def _included(name: Located) -> tuple[Located, ...]:
    sets = ready_made_sets()
    text = name.text(f"the name of a ready-made set or the path of a .yaml file (known: {', '.join(sets)})")
    if text in sets:
        return ready_made_rules(text)
    if "/" not in text and not text.endswith((".yaml", ".yml")):
        raise name.error(unknown("rule set", text, sets))
    try:
        return rules_of(read_yaml(_path_of(text, beside=name.file)))
    except ConfigError as error:
        if error.line is not None:
            raise
        # Trouble with the file as a whole is shown where it was asked for.
        raise name.error(str(error)) from error


def _path_of(text: str, *, beside: Path | None) -> Path:
    try:
        return absolute_path(text)
    except ValueError:
        folder = Path.cwd() if beside is None else beside.parent
        return folder / text


def rules_of(document: Located) -> tuple[Located, ...]:
    """Return the rules of a rule file; its tests are not looked at, which `pictrace rules test` does.

    Raises:
        ConfigError: it is no rule file.
    """
    rules = _rules_node(document).items("a list of rules")
    for rule in rules:
        if isinstance(rule.value, dict) and "include" in rule.value:
            raise rule.error("a rule file cannot include another: name both in the config")
    return rules


def _beside(config: Path) -> Iterator[Located]:
    folder = config.parent / RULES_FOLDER
    for name in _names_in(folder):
        if name.endswith(_ENDINGS) and not name.startswith("."):
            yield read_yaml(folder / name)


def _names_in(folder: Path) -> list[str]:
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ConfigError(f"cannot be read as a folder: {error.strerror}", file=folder) from error
    try:
        reason = distrust(descriptor, folder, what="folder")
        if reason is not None:
            raise ConfigError(reason, file=folder)
        return sorted(os.listdir(descriptor))  # noqa: PTH208 – the folder that was looked at, whatever its name means now
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=folder) from error
    finally:
        os.close(descriptor)


def _rules_node(document: Located) -> Located:
    keys = document.section("a rule file", RULE_FILE_KEYS, required=("version", "rules"))
    check_version(keys["version"])
    return keys["rules"]
