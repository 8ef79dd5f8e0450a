"""``pictrace rules``: look at the rules before they are switched on."""

from __future__ import annotations

import json as json_module  # `json` is an option here
import os

import typer

from pictrace.cli import options
from pictrace.cli.commands.rule_tests import run_tests, tests_in
from pictrace.cli.commands.simulate import simulate
from pictrace.cli.options import Common
from pictrace.cli.output import Output
from pictrace.config import default_config, find_config, load_rule_source
from pictrace.decide import compile_rules, config_schema, describe_rules
from pictrace.pipeline.acting import known_actions

app = typer.Typer(help="Look at the rules before they are switched on.", no_args_is_help=True)


app.command("test")(run_tests)
app.command("simulate")(simulate)


@app.command("check")
def check(  # noqa: PLR0913 – a command's options are its parameters
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Read the config and every rule, and list the rules in the order they are asked."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    loaded = common.load()
    output = Output(as_json=json)
    book = compile_rules(loaded, known_actions(loaded))
    found = find_config(common.config, os.environ)
    if found is not None:
        tests_in(load_rule_source(str(found)), book)  # says what is wrong with them
    for rule in describe_rules(book):
        if json:
            output.json({"event": "rule", **rule.to_json()})
        else:
            output.line(str(rule))
    acts = "PicTrace acts" if loaded.act else "nothing is touched (act: false)"
    if not quiet:
        output.line(f"{len(book.rules)} rules, no mistake found; {acts}")


@app.command("schema")
def schema() -> None:
    """Print the JSON Schema of the config file, with which editors complete and check it."""
    typer.echo(json_module.dumps(config_schema(known_actions(default_config(()))), indent=2, ensure_ascii=False))
