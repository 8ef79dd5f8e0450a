"""Rules from wherever a person keeps them: a ready-made set, a rule file, or a whole config."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pictrace.config.loading import load_config
from pictrace.config.located import Located
from pictrace.config.places import default_state
from pictrace.config.rule_files import RULE_FILE_KEYS, ready_made_sets, rules_of, tests_beside, tests_of
from pictrace.config.values import Config
from pictrace.config.yaml_reader import read_yaml
from pictrace.errors import ConfigError
from pictrace.shipped import shipped_path


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSource:
    """Rules, and the tests beside them.

    ``config`` holds the rules; of a rule file it has nothing else. ``is_whole``: it was a whole config, with what lies
    in ``rules.d`` beside it. ``tests`` is what stands under `tests`, file by file.
    """

    config: Config
    is_whole: bool
    tests: tuple[Located, ...]


def load_rule_source(name: str) -> RuleSource:
    """Return the rules of a ready-made set by its name, of a rule file or of a config by its path.

    Raises:
        ConfigError: it is not there, or wrong.
    """
    is_shipped = name in ready_made_sets()
    if not is_shipped and "/" not in name and not Path(name).exists():
        raise ConfigError(f"{name}: expected a YAML file or a ready-made set ({', '.join(ready_made_sets())})")
    named = shipped_path(f"rules/{name}.yaml") if is_shipped else Path(name).expanduser()
    path = Path(os.path.abspath(named))  # noqa: PTH100 – keeps links
    document = read_yaml(path, is_shipped=is_shipped)
    tests = tests_of(document)
    if not is_shipped and not _is_rule_file(document):
        return RuleSource(config=load_config(path), is_whole=True, tests=(*tests, *tests_beside(path)))
    config = Config(file=path, roots=(), state=default_state(os.environ), rules=rules_of(document))
    return RuleSource(config=config, is_whole=False, tests=tests)


def _is_rule_file(document: Located) -> bool:
    """Return whether a file holds rules only; a config may include others, a rule file may not."""
    if not isinstance(document.value, dict) or not set(document.value) <= set(RULE_FILE_KEYS):
        return False
    rules = document.value["rules"].value.value if "rules" in document.value else ()
    entries = rules if isinstance(rules, tuple) else ()
    return not any(isinstance(entry.value, dict) and "include" in entry.value for entry in entries)
