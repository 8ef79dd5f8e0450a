"""Decides what the rules want: findings and rules in, plans out. Pure: no clock, disk, database or pixels."""

from pictrace.decide.actions import ActionSpec, is_moving
from pictrace.decide.book import RuleBook
from pictrace.decide.compiling import compile_rules
from pictrace.decide.copy_marks import copy_marks
from pictrace.decide.describing import RuleDescription, describe_rules
from pictrace.decide.facts import Facts, SideFacts
from pictrace.decide.schema import config_schema, rule_file_schema
from pictrace.decide.tracing import RuleAnswer, trace

__all__ = [
    "ActionSpec",
    "Facts",
    "RuleAnswer",
    "RuleBook",
    "RuleDescription",
    "SideFacts",
    "compile_rules",
    "config_schema",
    "copy_marks",
    "describe_rules",
    "is_moving",
    "rule_file_schema",
    "trace",
]
