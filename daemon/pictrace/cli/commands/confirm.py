"""``pictrace confirm``: let plans go that the brake holds, or refuse them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pictrace.cli import options
from pictrace.cli.options import Common, require_index
from pictrace.cli.output import Output
from pictrace.cli.show import counted
from pictrace.model import HeldPlan
from pictrace.pipeline.events import HeldEvent
from pictrace.service.status import read_status
from pictrace.store import Index, Journal


def confirm(  # noqa: PLR0913 – a command's options are its parameters
    refuse: Annotated[
        bool, typer.Option("--refuse", help="Forget them for good: no rule gets the same photos by that name again.")
    ] = False,
    yes: options.YesOption = False,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Show what the brake holds and, if you agree, have it carried out, or refused; each is judged and proved anew."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    folder = common.load().state
    require_index(folder)
    output = Output(as_json=json)
    with Journal.read(folder) as journal:
        held = journal.brake.held_plans(is_confirmed=False)
    for one in held:
        output.event(HeldEvent(held=one))
    count = 0
    plans = counted(len(held), "held plan")
    question = f"Refuse {plans} for good?" if refuse else f"Let {plans} be carried out?"
    if held and options.confirm(question, yes=yes):
        # Only now is the journal opened to be written, and only what was shown is confirmed or refused.
        with Journal.open(folder) as journal:
            count = journal.brake.refuse(_with_contents(held, folder)) if refuse else journal.brake.confirm(held)
    running = read_status(folder)
    if json:
        confirmed, refused = (0, count) if refuse else (count, 0)
        told = {"event": "confirm", "confirmed": confirmed, "refused": refused, "running": running is not None}
        output.json(told)
    if refuse and count:
        output.line(f"{counted(count, 'plan')} refused: what they would have moved stays where it is")
    else:
        output.line(_told(count, is_any=bool(held), is_acting=running is not None and running["act"]))


def _with_contents(held: list[HeldPlan], state: Path) -> list[tuple[HeldPlan, tuple[bytes, bytes] | None]]:
    """Return each plan with the contents of its duplicate and its keeper, None where one is not known any more."""
    with Index.read(state) as index:
        files = [(plan, index.files.file_at(plan.duplicate), index.files.file_at(plan.keeper)) for plan in held]
    return [
        (plan, None if duplicate is None or keeper is None else (duplicate.content_hash, keeper.content_hash))
        for plan, duplicate, keeper in files
    ]


def _told(confirmed: int, *, is_any: bool, is_acting: bool) -> str:
    if not is_any:
        return "nothing is held"
    if not confirmed:
        return "nothing confirmed: it stays held"
    who = "the running daemon" if is_acting else "the next `pictrace scan --act` or `watch`"
    return f"{counted(confirmed, 'plan')} confirmed: {who} carries them out"
