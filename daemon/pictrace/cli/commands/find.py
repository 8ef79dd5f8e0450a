"""``pictrace find``: which known photos are nearest to one picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pictrace.cli import options
from pictrace.cli.options import Common, require_file, require_index
from pictrace.cli.output import Output
from pictrace.cli.show import describe_match, describe_memory
from pictrace.errors import shown
from pictrace.pipeline.events import match_json, memory_json
from pictrace.pipeline.lookup import nearest
from pictrace.store import Index, Journal


def find(  # noqa: PLR0913 – a command's options are its parameters
    image: Annotated[Path, typer.Argument(help="A picture; it need not be in the library.")],
    top: Annotated[int, typer.Option("--top", min=1, max=100, help="How many rows at most.")] = 5,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """List the known photos nearest to IMAGE, one row a content, each with its relation."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    loaded = common.load()
    path = require_file(image)
    require_index(loaded.state)
    output = Output(as_json=json)
    with Index.read(loaded.state) as index, Journal.read(loaded.state) as journal:
        rows = nearest(index, path, top=top)
        verdicts = [journal.verdicts.of_pair(row.asked, row.found) for row in rows]
    for row, verdict in zip(rows, verdicts, strict=True):
        if json:
            output.json(
                {
                    "event": "near",
                    **match_json(path, row.files[0], row.match),
                    "files": [str(file) for file in row.files],
                    "verdict": row.match.relation.value,
                    **memory_json(verdict, row.away),
                }
            )
        else:
            output.line(describe_match(path, row.files[0], row.match))
            for words in describe_memory(verdict, row.away):
                output.line(words)
    if not rows and not quiet:
        output.line(f"nothing known is near {shown(path)}")
