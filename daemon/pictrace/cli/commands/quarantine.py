"""``pictrace quarantine``: what was put away, putting it back, and removing it for good."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Annotated

import typer

from pictrace.act import MANIFEST, restore_from_manifest
from pictrace.cli import exits, options
from pictrace.cli.options import Common, confirm
from pictrace.cli.output import Output
from pictrace.config.places import quarantine_beside
from pictrace.config.units import seconds
from pictrace.errors import ActError, UsageError, shown
from pictrace.model import Change, ChangeState
from pictrace.pipeline.acting import Acting
from pictrace.pipeline.events import ChangeEvent
from pictrace.pipeline.farewells import Farewells
from pictrace.pipeline.moments import minute
from pictrace.store import Age, Journal
from pictrace.watch import read_marker

_SECONDS_PER_DAY = 86400


def _days(value: str | float) -> float:
    """Return the days that stand on the command line: a number, or a duration such as 7d."""
    try:
        days = float(value)
    except ValueError:
        try:
            days = seconds(str(value)) / _SECONDS_PER_DAY
        except ValueError:
            raise UsageError(f"--older-than {value}: expected days, such as 7 or 7d") from None
    if not 0 <= days < math.inf:
        raise UsageError(f"--older-than {value}: expected days, such as 7 or 7d")
    return days


app = typer.Typer(help="What was put away: list it, put it back, remove it for good.", no_args_is_help=True)


@app.command("list")
def list_(  # noqa: PLR0913 – a command's options are its parameters
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """List what lies in quarantine, with the id that `restore` takes."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    output = Output(as_json=json)
    with Journal.read(common.load().state) as journal:
        for change in journal.quarantined():
            if json:
                output.json({**ChangeEvent(change=change).to_json(), "at": change.made_at})
            else:
                keeper = "its photo" if change.keeper is None else shown(change.keeper)
                output.line(f"#{change.id:<5} {minute(change.made_at)}  {shown(change.source)}  kept: {keeper}")


@app.command("restore")
def restore(  # noqa: PLR0913 – a command's options are its parameters
    ids: Annotated[list[int] | None, typer.Argument(help="Ids, as `quarantine list` shows them.")] = None,
    from_manifest: Annotated[
        Path | None,
        typer.Option("--from-manifest", metavar="ROOT", help="Bring all home by the manifest, without the journal."),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="The quarantine folder, where it is not ROOT/.pictrace/quarantine.")
    ] = None,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Put files back to where they came from; where the place is taken, beside it."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    output = Output(as_json=json)
    if (from_manifest is None) == (not ids):
        raise UsageError("expected ids (see `pictrace quarantine list`) or --from-manifest ROOT, and not both")
    if from_manifest is not None:
        root = from_manifest.expanduser().absolute()
        wanted = [folder.expanduser().absolute()] if folder else _quarantines(root, common.load().quarantine)
        _restore_by_manifest(output, root, wanted)
        return
    with Acting(common.load()) as acting:
        changes = acting.undo(list(ids or ()))
    for change in changes:
        output.event(ChangeEvent(change=change))
    if any(change.state is not ChangeState.DONE for change in changes):
        raise typer.Exit(exits.CANNOT)


@app.command("purge")
def purge(  # noqa: PLR0913 – a command's options are its parameters
    older_than: Annotated[
        float,
        typer.Option(
            "--older-than",
            parser=_days,
            metavar="DAYS",
            help="Only what lies there for so many days in which it was counted: 7, or 7d.",
        ),
    ] = 30.0,
    yes: options.YesOption = False,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Remove files from quarantine for good, each only while the photo it was a copy of still lives."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    output = Output(as_json=json)
    with Acting(common.load()) as acting:
        ages = acting.keeper.ages()
        for change, age in ages:
            if age.days < older_than:
                _tell_young(output, change, age, older_than)
        changes = [change for change, age in ages if age.days >= older_than]
        if not changes or not confirm(f"Remove {len(changes)} files for good?", yes=yes):
            output.line("nothing to purge" if not changes else "nothing purged")
            return
        with acting.farewells() as farewells:
            # Each is tried: no `any`, which would stop at the first that fails.
            are_purged = [_purge(acting, farewells, output, change) for change in changes]
    if not all(are_purged):
        raise typer.Exit(exits.CANNOT)


def _purge(acting: Acting, farewells: Farewells, output: Output, change: Change) -> bool:
    """Remove one file for good and remember it; returns False, and says why, where it may not go."""
    try:
        with farewells.of_purged(change):
            purged = acting.keeper.purge(change)
    except (ActError, OSError) as problem:
        typer.echo(f"pictrace: {problem}", err=True)
        return False
    output.event(ChangeEvent(change=purged))
    return True


def _tell_young(output: Output, change: Change, age: Age, wanted: float) -> None:
    """Say why a file stays: how old it is by either clock."""
    by_wall, counted = (seconds / _SECONDS_PER_DAY for seconds in (age.wall_seconds, age.counted_seconds))
    if output.as_json:
        told = {"days": round(age.days, 3), "wall_days": round(by_wall, 3), "counted_days": round(counted, 3)}
        output.json({"event": "young", "id": change.id, "file": str(change.source), "wanted_days": wanted, **told})
    else:
        output.line(
            f"#{change.id:<5} {shown(change.source)}  stays: {wanted:g} days wanted, {by_wall:.1f} by the clock, "
            f"{counted:.1f} in which this machine was seen to run"
        )


def _quarantines(root: Path, configured: Path | None) -> list[Path]:
    """Return the folders in which photos of a root may lie: beside them, and in the one that the config names.

    Raises:
        UsageError: none of them has a manifest.
    """
    known = [quarantine_beside(root)]
    identity = read_marker(root)
    if configured is not None and identity is not None:
        known.append(configured / identity)
    found = [folder for folder in known if (folder / MANIFEST).is_file()]
    if not found:
        looked = ", ".join(shown(folder) for folder in known)
        raise UsageError(f"expected a {MANIFEST} in {looked}, found none; name the folder with --folder")
    return found


def _restore_by_manifest(output: Output, root: Path, folders: list[Path]) -> None:
    results = [one for folder in folders for one in restore_from_manifest(root, folder, wall_clock=time.time)]
    for one in results:
        if output.as_json:
            output.json({"event": "restored", "from": str(one.inside), "to": str(one.home), "error": one.error})
        else:
            output.line(f"{shown(one.home)}: {'back' if one.error is None else one.error}")
    if not results:
        output.line("nothing lies in quarantine")
    if any(one.error for one in results):
        raise typer.Exit(exits.CANNOT)
