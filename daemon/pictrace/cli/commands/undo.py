"""``pictrace undo``: take back what was done."""

from __future__ import annotations

from typing import Annotated

import typer

from pictrace.cli import exits, options
from pictrace.cli.options import Common, confirm
from pictrace.cli.output import Output
from pictrace.cli.show import counted
from pictrace.errors import UsageError
from pictrace.model import ChangeState
from pictrace.pipeline.acting import Acting
from pictrace.pipeline.events import ChangeEvent


def undo(  # noqa: PLR0913 – a command's options are its parameters
    ids: Annotated[list[int] | None, typer.Argument(help="Change ids, as `pictrace log` lists them.")] = None,
    all_changes: Annotated[bool, typer.Option("--all", help="Everything that can be taken back.")] = False,
    yes: options.YesOption = False,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Put back what changes IDS moved or wrote; where the old place is taken, beside it."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    if bool(ids) == all_changes:
        raise UsageError("expected change ids (see `pictrace log`) or --all, and not both")
    output = Output(as_json=json)
    with Acting(common.load()) as acting:
        wanted = acting.undoable() if all_changes else list(ids or ())
        if all_changes and (not wanted or not confirm(f"Take back {counted(len(wanted), 'change')}?", yes=yes)):
            output.line("nothing to take back" if not wanted else "nothing taken back")
            return
        changes = acting.undo(wanted)
    for change in changes:
        output.event(ChangeEvent(change=change))
    if any(change.state is not ChangeState.DONE for change in changes):
        raise typer.Exit(exits.CANNOT)
