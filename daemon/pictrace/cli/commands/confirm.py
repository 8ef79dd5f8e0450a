"""``pictrace confirm``: let plans go that the brake holds."""

from __future__ import annotations

from pictrace.cli import options
from pictrace.cli.options import Common, require_index
from pictrace.cli.output import Output
from pictrace.cli.show import counted
from pictrace.pipeline.events import HeldEvent
from pictrace.service.status import read_status
from pictrace.store import Journal


def confirm(  # noqa: PLR0913 – a command's options are its parameters
    yes: options.YesOption = False,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Show what the brake holds and, if you agree, have it carried out; each photo is judged and proved anew."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    folder = common.load().state
    require_index(folder)
    output = Output(as_json=json)
    with Journal.read(folder) as journal:
        held = journal.brake.held_plans(is_confirmed=False)
    for one in held:
        output.event(HeldEvent(held=one))
    confirmed = 0
    if held and options.confirm(f"Let {counted(len(held), 'held plan')} be carried out?", yes=yes):
        # Only now is the journal opened to be written, and only what was shown is confirmed.
        with Journal.open(folder) as journal:
            confirmed = journal.brake.confirm(held)
    running = read_status(folder)
    if json:
        output.json({"event": "confirm", "confirmed": confirmed, "running": running is not None})
    output.line(_told(confirmed, is_any=bool(held), is_acting=running is not None and running["act"]))


def _told(confirmed: int, *, is_any: bool, is_acting: bool) -> str:
    if not is_any:
        return "nothing is held"
    if not confirmed:
        return "nothing confirmed: it stays held"
    who = "the running daemon" if is_acting else "the next `pictrace scan --act` or `watch`"
    return f"{counted(confirmed, 'plan')} confirmed: {who} carries them out"
