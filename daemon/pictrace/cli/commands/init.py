"""``pictrace init``: look at folders, and write a config for them that touches nothing."""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from pictrace.cli import options
from pictrace.cli.asking import Asking
from pictrace.cli.first_config import Wishes, about, config_text, fitting_rules, neighbours
from pictrace.cli.options import Common, require_folders
from pictrace.cli.output import Output
from pictrace.cli.progress import CountProgress
from pictrace.config import RootConfig, load_config, own_config, ready_made_sets
from pictrace.config.places import repeated_root
from pictrace.decide import compile_rules
from pictrace.errors import UsageError, shown
from pictrace.model import Role
from pictrace.pipeline.acting import known_actions
from pictrace.watch.survey import Survey, survey

_USUAL_FOLDER = Path("~/Pictures")


def init(  # noqa: PLR0913 – a command's options are its parameters
    folders: Annotated[list[Path] | None, typer.Argument(help="Folders of photos; ~/Pictures where left out.")] = None,
    role: Annotated[
        list[Role] | None, typer.Option("--role", help="What the folders are for: one for all, or one for each.")
    ] = None,
    rules: Annotated[
        list[str] | None, typer.Option("--rules", metavar="NAME", help="A ready-made set; say it for each.")
    ] = None,
    quarantine: Annotated[
        str | None,
        typer.Option("--quarantine", metavar="DIR", help="Where photos are put away: `beside`, or a folder."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "--config", metavar="FILE", help="The file to write; never over another.")
    ] = None,
    yes: options.YesOption = False,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Look at FOLDERS, ask a few questions, and write a config with the rules that fit; nothing else is touched."""
    Common(json=json, quiet=quiet, verbose=verbose, log_level=log_level).setup_log()
    file, told = _free_place(output), Output(as_json=json)
    asking = Asking(is_wanted=not yes and sys.stdin.isatty() and not json)
    surveys = _surveys(_folders(folders or []), quiet=quiet)
    roles = asking.roles(surveys, role or [])
    for found, its in zip(surveys, roles, strict=True):
        _tell(told, found, its, None if quarantine in (None, "beside") else Path(quarantine))
    chosen = asking.rules(fitting_rules(surveys, roles, ready_made_sets()), rules or [])
    roots = [RootConfig(path=found.folder, role=its) for found, its in zip(surveys, roles, strict=True)]
    place = asking.quarantine(quarantine, roots)
    wishes = Wishes(roots=roots, rules=chosen, quarantine=place, state=None if state is None else state.absolute())
    text = config_text(wishes, {found.folder: found for found in surveys}, ready_made_sets())
    if not asking.agrees(file):
        raise typer.Exit
    _write(file, text)
    is_silent = yes or quiet or asking.is_wanted or bool(role and rules and quarantine)
    _tell_written(told, file, wishes, is_silent=is_silent)


def _surveys(folders: Sequence[Path], *, quiet: bool) -> list[Survey]:
    with CountProgress(quiet=quiet) as progress:
        return [survey(folder, monotonic=time.monotonic, progress=progress.update) for folder in folders]


def _folders(folders: Sequence[Path]) -> list[Path]:
    named = folders or ([_USUAL_FOLDER] if _USUAL_FOLDER.expanduser().is_dir() else [])
    if not named:
        raise UsageError("no ~/Pictures here: name the folders of your photos")
    require_folders(named)
    paths = [Path(os.path.abspath(folder.expanduser())) for folder in named]  # noqa: PTH100 – keeps links
    twice = repeated_root(RootConfig(path=path) for path in paths)
    if twice is not None:
        raise UsageError(f"{shown(twice.path)}: this folder is named twice")
    return paths


def _free_place(output: Path | None) -> Path:
    """Return the file to write, which must not be there yet."""
    file = own_config(os.environ) if output is None else output.expanduser().absolute()
    if file is None:
        raise UsageError("no home to put a config in: name a file with --output")
    if os.path.lexists(file):
        raise UsageError(f"{shown(file)} is there already, and is left as it is: name another with --output")
    return file


def _write(file: Path, text: str) -> None:
    """Write a file that nobody else may write, and that was not there: rules move photos.

    It is read as every command will read it: a mistake would show now.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise UsageError(f"{shown(file)} cannot be written: {error.strerror}") from error
    config = load_config(file)
    compile_rules(config, known_actions(config))


def _tell(told: Output, found: Survey, role: Role, quarantine: Path | None) -> None:
    said = [*about(found), *neighbours(found, may_act=role.may_act, quarantine=quarantine)]
    told.line(f"{shown(found.folder)} ({role.value})")
    for sentence in said:
        told.line(f"  {sentence}")
    if told.as_json:
        programs = {one.program.value: str(one.trace) for one in found.neighbours.values()}
        counts = {name: getattr(found, name) for name in ("photos", "sidecars", "raw_pairs", "conflicts", "silenced")}
        places = {name: [str(path) for path in getattr(found, name)] for name in ("messengers", "takeouts")}
        facts = {"filesystem": found.mount.filesystem, "complete": found.is_complete, "remarks": said}
        told.json(
            {
                "event": "found",
                "folder": str(found.folder),
                "role": role.value,
                **counts,
                **places,
                **facts,
                "neighbours": programs,
            }
        )


def _tell_written(told: Output, file: Path, wishes: Wishes, *, is_silent: bool) -> None:
    if told.as_json:
        roots = [{"path": str(root.path), "role": root.role.value} for root in wishes.roots]
        told.json({"event": "config", "file": str(file), "roots": roots, "rules": list(wishes.rules), "act": False})
    if not is_silent:
        typer.echo("nobody was asked: safe defaults; --role, --rules and --quarantine say otherwise", err=True)
    for line in _next_commands(file):
        told.line(line)


def _next_commands(file: Path) -> list[str]:
    is_usual = file == own_config(os.environ)
    more = "" if is_usual else f" --config {shlex.quote(os.fspath(file))}"
    return [
        f"written: {shown(file)}; nothing is touched while it says `act: false`",
        "next:",
        f"  pictrace scan{more}             # index the photos, and print every finding",
        f"  pictrace rules simulate{more}   # what these rules would do, before you let them",
    ]
