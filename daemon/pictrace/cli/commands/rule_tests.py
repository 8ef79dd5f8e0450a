"""``pictrace rules test``: try rules on the example findings that stand beside them."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Annotated

import typer
from rich.text import Text

from pictrace.cli import exits, options
from pictrace.cli.options import Common
from pictrace.cli.output import Output
from pictrace.cli.show import counted
from pictrace.config import RuleSource, find_config, load_rule_source
from pictrace.decide import RuleBook, compile_rules
from pictrace.decide.testing import Outcome, RuleTest, named_roots, read_tests, run_test
from pictrace.errors import UsageError, shown
from pictrace.pipeline.acting import known_actions


def run_tests(  # noqa: PLR0913 – a command's options are its parameters
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE]...", help="Rule files, configs or ready-made sets; your config where left out."),
    ] = None,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Run the tests that stand under `tests` beside the rules and in `rules.d`; exit 1 where one fails."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    # All are read before the first is run: a mistake in the last is no half a report.
    sources = [(name, load_rule_source(name)) for name in files or [_own(common)]]
    outcomes = [outcome for name, source in sources for outcome in _run(name, source)]
    output = Output(as_json=json)
    for outcome in outcomes:
        _tell(output, outcome, quiet=quiet)
    failed = sum(not outcome.is_passed for outcome in outcomes)
    if json:
        output.json({"event": "rule-test-summary", "tests": len(outcomes), "failed": failed})
    elif not quiet or failed:
        output.line(f"{counted(len(outcomes), 'test')}, {failed} failed")
    if failed:
        raise typer.Exit(exits.NO)


def _own(common: Common) -> str:
    found = find_config(common.config, os.environ)
    if found is None:
        raise UsageError("nothing to test: name a rule file, a config or a ready-made set")
    return str(found)


def compiled(source: RuleSource) -> RuleBook:
    """Return the rules of one file; a rule file may speak of the roots that its tests name."""
    config = source.config
    if not source.is_whole:
        config = replace(config, declared_roots=tuple(root for tests in source.tests for root in named_roots(tests)))
    return compile_rules(config, known_actions(config))


def tests_in(source: RuleSource, book: RuleBook) -> list[RuleTest]:
    """Return the tests that stand beside some rules.

    Raises:
        ConfigError: one is wrong.
    """
    config, actions = source.config, known_actions(source.config)
    return [one for node in source.tests for one in read_tests(node, book, actions=actions, roots=config.roots)]


def _run(name: str, source: RuleSource) -> list[Outcome]:
    """Return what the tests of one file come to."""
    book = compiled(source)
    tests = tests_in(source, book)
    if not tests:
        raise UsageError(f"{shown(name)}: expected tests under `tests:`, found none")
    return [run_test(one, book) for one in tests]


def _tell(output: Output, outcome: Outcome, *, quiet: bool) -> None:
    if output.as_json:
        output.json(outcome.to_json())
        return
    if outcome.is_passed and quiet:
        return
    word = ("passed", "green") if outcome.is_passed else ("failed", "red")
    output.line(Text.assemble(word, f"  {outcome.place}  {shown(outcome.name)}"))
    for difference in outcome.differences:
        output.line(f"{'':8}{shown(difference)}")
