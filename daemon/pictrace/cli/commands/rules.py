"""``pictrace rules``: look at the rules before they are switched on."""

from __future__ import annotations

import json as json_module  # `json` is an option here
import os
from typing import Annotated

import typer

from pictrace.cli import options
from pictrace.cli.commands.rule_tests import compiled, run_tests, tests_in
from pictrace.cli.commands.simulate import simulate
from pictrace.cli.options import Common
from pictrace.cli.output import Output
from pictrace.config import RuleSource, default_config, find_config, load_rule_source
from pictrace.decide import RuleBook, config_schema, describe_rules
from pictrace.errors import shown
from pictrace.pipeline.acting import known_actions
from pictrace.pipeline.messages import make_senders

app = typer.Typer(help="Look at the rules before they are switched on.", no_args_is_help=True)


app.command("test")(run_tests)
app.command("simulate")(simulate)


@app.command("check")
def check(  # noqa: PLR0913 – a command's options are its parameters
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
    """Read the config, or FILES, and every rule, and list the rules in the order they are asked."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    own = [] if files else [_own(common)]
    # All are read before the first is listed: a mistake in the last is no half a list.
    read = [(source, _checked(source)) for source in [*own, *map(load_rule_source, files or [])]]
    output = Output(as_json=json)
    for source, book in read:
        _list(output, source, book, quiet=quiet)


def _own(common: Common) -> RuleSource:
    config, found = common.load(), find_config(common.config, os.environ)
    return RuleSource(config=config, is_whole=True, tests=() if found is None else load_rule_source(str(found)).tests)


def _checked(source: RuleSource) -> RuleBook:
    """Return the rules, after all that `scan`, `watch` and `rules test` would refuse was looked at."""
    book = compiled(source)
    tests_in(source, book)
    make_senders(source.config.notify)
    return book


def _list(output: Output, source: RuleSource, book: RuleBook, *, quiet: bool) -> None:
    for rule in describe_rules(book):
        if output.as_json:
            output.json({"event": "rule", **rule.to_json()})
        else:
            output.line(str(rule))
    for root in source.config.roots:
        # A disk may be in the cupboard: no mistake, and a misspelled name looks the same.
        if not root.path.is_dir():
            typer.echo(f"pictrace: warning: root {shown(root.path)}: no such folder now", err=True)
    acts = "PicTrace acts" if source.config.act else "nothing is touched (act: false)"
    if not quiet:
        output.line(f"{len(book.rules)} rules, no mistake found{f'; {acts}' if source.is_whole else ''}")


@app.command("schema")
def schema() -> None:
    """Print the JSON Schema of the config file, with which editors complete and check it."""
    typer.echo(json_module.dumps(config_schema(known_actions(default_config(()))), indent=2, ensure_ascii=False))
