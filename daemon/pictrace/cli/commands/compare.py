"""``pictrace compare``: how two pictures are related, whether they are known or not, and what other methods say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from pictrace.cli import exits, options
from pictrace.cli.method_table import method_table
from pictrace.cli.options import Common, require_file
from pictrace.cli.output import Output
from pictrace.cli.show import evidence_table, explain_match
from pictrace.errors import PhotoError
from pictrace.match.methods import MethodSettings
from pictrace.match.methods.cuts import cuts_in_force
from pictrace.pipeline.events import Json, UnreadableEvent, match_json
from pictrace.pipeline.lookup import Compared, compared_with_hashes
from pictrace.pipeline.methods import Judged, judged, measured


def compare(  # noqa: PLR0913 – a command's options are its parameters
    a: Annotated[Path, typer.Argument(help="A picture.")],
    b: Annotated[Path, typer.Argument(help="Another one.")],
    method: options.MethodsOption = None,
    size: options.SeedSizeOption = None,
    parts: options.PartsOption = False,
    network: options.NetworkOption = None,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Say how A and B are related; exit code 0 only where one is surely a copy of the other, else 1.

    Compare B with A, and the answer is the same but for file, other and direction.
    """
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    output = Output(as_json=json)
    pair = require_file(a), require_file(b)
    names = options.methods_of(method)
    options.require_ssim_for(parts, names)
    settings = MethodSettings(seed_side_pixels=options.seed_side_of(size), wants_ssim_parts=parts)
    with _unreadable_told(output):
        rows = _methods(pair, names, settings, network, common) if names else []
        found = compared_with_hashes(*pair)
    _tell(output, pair, found, rows)
    if not found.match.is_sure_copy:
        raise typer.Exit(exits.NO)


def _tell(output: Output, pair: tuple[Path, Path], found: Compared, rows: Sequence[Judged]) -> None:
    """Print how two pictures are related, and what other methods say."""
    match = found.match
    if output.as_json:
        output.json({"event": "finding", **match_json(*pair, match), **_hashes_json(found)})
    else:
        for line in explain_match(*pair, match):
            output.line(line)
        if match.evidence:
            output.line(evidence_table(match, is_plain=not output.console.is_terminal))
    for row in rows if output.as_json else ():
        output.json(row.to_json())
    if rows and not output.as_json:
        output.line(method_table(rows, is_plain=not output.console.is_terminal))


@contextmanager
def _unreadable_told(output: Output) -> Iterator[None]:
    """Say in JSON too which picture cannot be read, and why; the line on stderr and the exit code stay."""
    try:
        yield
    except PhotoError as problem:
        if output.as_json:
            output.event(UnreadableEvent(path=problem.path, error=problem.reason))
        raise


def _hashes_json(found: Compared) -> Json:
    """Return the hashes of both files: of their bytes, and of their pixels where those prove the relation."""
    pixels = found.pixel_hashes
    return {
        "sha256": {"file": found.content_hashes[0].hex(), "other": found.content_hashes[1].hex()},
        **({} if pixels is None else {"pixel_hash": {"file": pixels[0].hex(), "other": pixels[1].hex()}}),
    }


def _methods(
    pair: tuple[Path, Path], names: list[str], settings: MethodSettings, network: Path | None, common: Common
) -> list[Judged]:
    """Return what other methods say of two pictures, each held against its cut."""
    config = common.load()
    settings = replace(settings, network=options.network_of(network, config))
    return list(judged(measured(pair, names, settings), settings, cuts_in_force(config.state)))
