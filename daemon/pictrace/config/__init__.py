"""The config file: found, read strictly, and handed on as one frozen value."""

from pictrace.config.keys import KEYS
from pictrace.config.loading import CONFIG_KEYS, default_config, load_config, with_overrides
from pictrace.config.located import Located, Pair, listing, unknown
from pictrace.config.name_globs import name_expression
from pictrace.config.networks import load_network
from pictrace.config.places import default_state, find_config, own_config
from pictrace.config.rule_files import RULES_FOLDER, VERSION, ready_made_sets
from pictrace.config.rule_sources import RuleSource, load_rule_source
from pictrace.config.values import Brake, Channels, Config, RootConfig
from pictrace.config.yaml_reader import parse_yaml, read_yaml

__all__ = [
    "CONFIG_KEYS",
    "KEYS",
    "RULES_FOLDER",
    "VERSION",
    "Brake",
    "Channels",
    "Config",
    "Located",
    "Pair",
    "RootConfig",
    "RuleSource",
    "default_config",
    "default_state",
    "find_config",
    "listing",
    "load_config",
    "load_network",
    "load_rule_source",
    "name_expression",
    "own_config",
    "parse_yaml",
    "read_yaml",
    "ready_made_sets",
    "unknown",
    "with_overrides",
]
