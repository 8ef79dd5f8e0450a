"""``pictrace watch``: the daemon."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from pictrace.cli import options
from pictrace.cli.options import Common, require_folders
from pictrace.cli.output import Output
from pictrace.config import Config
from pictrace.errors import UsageError
from pictrace.pipeline.engine import require_sound
from pictrace.pipeline.events import Event, FindingEvent
from pictrace.service.daemon import Daemon
from pictrace.service.lock import StateLock
from pictrace.service.notify import Notifier
from pictrace.service.priority import lower_priority


def watch(  # noqa: PLR0913 – a command's options are its parameters
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Folders to watch; the config's roots where left out.")
    ] = None,
    act: options.ActOption = None,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Watch FOLDERS, say how each photo that lands relates to those you have, and act on your rules."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log(normal="info")
    require_folders(folders or [])

    def load() -> Config:
        return common.load(folders or [], act=act)

    loaded = load()
    if not loaded.roots:
        raise UsageError("nothing to watch: name a folder, or write `roots:` in a config file")
    require_sound(loaded)
    lower_priority()
    with StateLock(loaded.state, [root.path for root in loaded.roots]):
        output = Output(as_json=json)
        daemon = Daemon(loaded, reload=load, emit=lambda event: _tell(output, event), notifier=Notifier(os.environ))
        daemon.run()


def _tell(output: Output, event: Event) -> None:
    """Print an event; findings that are no copies are kept, and printed by ``scan --all-relations`` only."""
    if not isinstance(event, FindingEvent) or event.finding.match.relation.is_copy:
        output.event(event)
