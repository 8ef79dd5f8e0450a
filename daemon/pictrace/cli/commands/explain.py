"""``pictrace explain``: why, with numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pictrace.cli import options
from pictrace.cli.options import Common
from pictrace.cli.output import Output
from pictrace.cli.show import describe_match, describe_plan
from pictrace.errors import UsageError, shown
from pictrace.model import Match
from pictrace.pipeline.events import FindingEvent, match_json
from pictrace.pipeline.lookup import compared
from pictrace.pipeline.reading import Reading


def explain(  # noqa: PLR0913 – a command's options are its parameters
    file: Annotated[Path, typer.Argument(help="A photo.")],
    other: Annotated[Path | None, typer.Argument(help="Another one; left out: what FILE was found to be.")] = None,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Say why FILE counts as a copy or not: every measurement with its limit, the keeper line and the rule."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    output = Output(as_json=json)
    for path in (file, other):
        if path is not None and not path.expanduser().is_file():
            raise UsageError(f"{shown(path)}: expected a picture, found no file")
    first = file.expanduser().absolute()
    if other is not None:
        second = other.expanduser().absolute()
        _tell_match(output, first, second, compared(first, second))
        return
    with Reading(common.load()) as reading:
        events = reading.explained(first)
    for event in events:
        _tell_event(output, event)
    if not events:
        output.line(f"{shown(first)}: no finding; `pictrace find` lists what comes nearest")


def _tell_event(output: Output, event: FindingEvent) -> None:
    if output.as_json:
        output.json(event.to_json())
        return
    _tell_match(output, event.finding.file.path, event.finding.other.path, event.finding.match)
    if event.plan is not None:
        output.line(describe_plan(event.plan))


def _tell_match(output: Output, file: Path, other: Path, match: Match) -> None:
    if output.as_json:
        output.json({"event": "finding", **match_json(file, other, match)})
        return
    output.line(describe_match(file, other, match))
    if match.evidence:
        table = Table("measurement", "value", "limit", "")
        for one in match.evidence:
            table.add_row(one.name, f"{one.value:.4g}", f"{one.limit:.4g}", "passed" if one.passed else "failed")
        output.line(table)
    output.line(f"direction: {match.direction.value}")
