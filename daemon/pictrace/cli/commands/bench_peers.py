"""``pictrace bench peers``: other duplicate finders on the same copies, where they are installed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pictrace.bench.copies import originals_in
from pictrace.bench.peers import side_by_side
from pictrace.cli import measuring, options
from pictrace.cli.bench_tables import peers_sheet
from pictrace.cli.options import Common, require_folders
from pictrace.errors import shown

_LIMIT = 20


def peers(  # noqa: PLR0913 – a command's options are its parameters
    folder: Annotated[Path, typer.Argument(help="Photos, all different; what was made of one of them is left out.")],
    python: Annotated[
        str, typer.Option("--python", metavar="PYTHON", help="Of the environment that has the other tools.")
    ] = sys.executable,
    limit: measuring.LimitOption = _LIMIT,
    markdown: measuring.MarkdownOption = False,
    out: measuring.OutOption = None,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Say what other duplicate finders find of the same copies in the same run; those that gave no answer are named.

    The other tools read the photos in processes of their own, without the bars that PicTrace puts around its workers.
    """
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    require_folders([folder])
    told = measuring.told(common, markdown=markdown, out=out)
    with measuring.measuring(quiet=quiet) as tell:
        came = side_by_side(originals_in(folder.expanduser()), python, limit=limit, tell=tell)
    notes = [
        f"{measuring.heading()} {came.photos} photos. Copies found, in percent.",
        f"Not installed: {', '.join(came.missing) or 'none'}.",
        *(f"{tool} gave no answer: {shown(reason)}" for tool, reason in came.failures.items()),
    ]
    without = [
        {"event": event, "tool": tool, "reason": reason}
        for event, tools in (("missing", came.missing), ("failed", came.failures))
        for tool, reason in tools.items()
    ]
    told.tell([*(row.to_json() for row in came.rows), *without], [peers_sheet(came)], notes)
