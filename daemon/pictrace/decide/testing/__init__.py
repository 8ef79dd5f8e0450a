"""Tests of rules: example findings, written in YAML beside the rules, with what should come of them."""

from pictrace.decide.testing.reading import RuleTest, named_roots, read_tests
from pictrace.decide.testing.running import Outcome, run_test

__all__ = ["Outcome", "RuleTest", "named_roots", "read_tests", "run_test"]
