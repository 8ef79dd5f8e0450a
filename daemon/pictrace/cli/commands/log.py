"""``pictrace log``: every change ever made, newest first."""

from __future__ import annotations

from typing import Annotated

import typer

from pictrace.cli import options
from pictrace.cli.options import Common
from pictrace.cli.output import Output
from pictrace.cli.show import describe_change
from pictrace.pipeline.events import ChangeEvent
from pictrace.pipeline.moments import moment
from pictrace.store import Journal


def log(  # noqa: PLR0913 – a command's options are its parameters
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")] = 50,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """List what PicTrace changed, newest first, with the id that `undo` takes."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    output = Output(as_json=json)
    with Journal.read(common.load().state) as journal:
        for change in journal.changes(limit=limit):
            event, purged_at = ChangeEvent(change=change), journal.purged_at(change.id)
            if json:
                output.json({**event.to_json(), "at": change.made_at, "purged_at": purged_at})
            else:
                words = "" if purged_at is None else f"; purged for good {moment(purged_at)}"
                output.line(f"{moment(change.made_at)}  {describe_change(event)}{words}")
