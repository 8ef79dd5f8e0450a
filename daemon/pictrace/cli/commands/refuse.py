"""``pictrace refuse`` and ``tombstones``: photos you do not want again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pictrace.cli import exits, options
from pictrace.cli.options import Common, require_file
from pictrace.cli.output import Output
from pictrace.errors import shown
from pictrace.model import Tombstone
from pictrace.pipeline.acting import Acting
from pictrace.pipeline.moments import day
from pictrace.pipeline.verdicts import content_of
from pictrace.store import Journal


def refuse(  # noqa: PLR0913 – a command's options are its parameters
    files: Annotated[list[Path], typer.Argument(help="Photos that you do not want again.")],
    forget: Annotated[bool, typer.Option("--forget", help="Take it back: they are welcome.")] = False,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Remember that you do not want FILES again; nothing is done to them now. Rules with `returned: true` see them."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    output = Output(as_json=json)
    paths = [require_file(path) for path in files]
    with Acting(common.load()) as acting, acting.farewells() as farewells:
        if not forget:
            for path in paths:
                _tell(output, farewells.refuse(path))
            return
        forgotten = [(path, acting.journal.tombstones.forget(content_of(acting.index, path))) for path in paths]
    for path, is_forgotten in forgotten:
        if json:
            output.json({"event": "tombstone", "name": path.name, "forgotten": is_forgotten})
        output.line(f"{shown(path)}: {'welcome again' if is_forgotten else 'it was neither refused nor purged'}")
    if not all(is_forgotten for _, is_forgotten in forgotten):
        raise typer.Exit(exits.CANNOT)


def tombstones(  # noqa: PLR0913 – a command's options are its parameters
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """List the photos that are recognized when they return: purged from quarantine, or refused."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    output = Output(as_json=json)
    with Journal.read(common.load().state) as journal:
        for stone in journal.tombstones.listed():
            _tell(output, stone)


def _tell(output: Output, stone: Tombstone) -> None:
    if output.as_json:
        output.json(
            {
                "event": "tombstone",
                "name": stone.name,
                "went": stone.farewell.value,
                "at": stone.made_at,
                "hash": stone.content_hash.hex(),
                "kept": None if stone.keeper_hash is None else stone.keeper_hash.hex(),
                "picture": stone.remains.preview is not None,
                "forgotten": False,
            }
        )
        return
    by = "bytes, pixels and picture" if stone.remains.preview is not None else "bytes"
    kept = "a copy was kept" if stone.keeper_hash is not None else "no copy was kept"
    output.line(f"{stone.farewell:<9} {day(stone.made_at)}  {shown(stone.name)}  known by its {by}; {kept}")
