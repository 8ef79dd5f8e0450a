"""``pictrace install-service``: have systemd run the daemon."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from pictrace.cli import options
from pictrace.cli.options import Common
from pictrace.cli.output import Output
from pictrace.config import default_state, find_config
from pictrace.errors import UsageError
from pictrace.service.install import UnitRequest, install_unit, obstacles, render_unit


def install_service(  # noqa: PLR0913 – a command's options are its parameters
    user: Annotated[bool, typer.Option("--user", help="For the current user instead of the system.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the unit and write nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a unit that differs.")] = False,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Write a systemd unit for the configured roots, bound to their mounts, and say what to run next."""
    common = Common(config=config, state=state, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    found = find_config(config, os.environ)
    if found is None:
        raise UsageError("no config file: a service needs one with `roots:`; start from config.example.yaml")
    loaded = common.load()
    if not loaded.roots:
        raise UsageError(f"{found}: no `roots:` – a service needs folders to watch")
    request = UnitRequest(
        is_user=user,
        executable=Path(shutil.which("pictrace") or sys.argv[0]).absolute(),
        config=found.absolute(),
        roots=tuple(root.path for root in loaded.roots if root.role.may_act),
        readonly_roots=tuple(root.path for root in loaded.roots if not root.role.may_act),
        state=loaded.state if loaded.state != default_state(os.environ) else None,
        quarantine=loaded.quarantine,
    )
    output = Output(as_json=False)
    if dry_run:
        output.line(render_unit(request))
        for obstacle in obstacles(request):
            typer.echo(f"pictrace: {obstacle}", err=True)
        return
    for line in install_unit(request, force=force):
        output.line(line)
