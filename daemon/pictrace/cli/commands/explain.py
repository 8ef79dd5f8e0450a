"""``pictrace explain``: why, with numbers, and drawn."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from pictrace.cli import options
from pictrace.cli.options import Common, require_file, require_index
from pictrace.cli.output import Output
from pictrace.cli.pictures import require_free, write_new
from pictrace.cli.show import describe_memory, describe_plan, evidence_table, explain_match
from pictrace.config import Config
from pictrace.errors import StoreError, UsageError, shown
from pictrace.match.drawing import as_png, drawn
from pictrace.match.examination import Examination
from pictrace.model import Match, Plan
from pictrace.pipeline.events import FindingEvent, match_json
from pictrace.pipeline.lookup import compared, examined
from pictrace.pipeline.reading import Reading

log = logging.getLogger(__name__)


def explain(  # noqa: PLR0913 – a command's options are its parameters
    file: Annotated[Path, typer.Argument(help="A photo.")],
    other: Annotated[Path | None, typer.Argument(help="Another one; left out: what FILE was found to be.")] = None,
    image: Annotated[
        Path | None, typer.Option("--image", metavar="OUT.png", help="Draw it, into a new file: both pictures.")
    ] = None,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Say why FILE counts as a copy or not: every measurement with its limit, the keeper line and the rule.

    Without OTHER, every finding that FILE is part of; the drawing is of the surest one.
    """
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    loaded, output = common.load(), Output(as_json=json)
    paths = [require_file(path) for path in (file, other) if path is not None]
    target = None if image is None else require_free(image, _watched(loaded))
    if len(paths) == 2:
        _explain_pair(output, loaded, (paths[0], paths[1]), target)
    else:
        _explain_file(output, loaded, paths[0], target)
    if target is not None:
        output.line(f"drawn: {shown(target)}")


def _explain_file(output: Output, config: Config, file: Path, target: Path | None) -> None:
    require_index(config.state)
    with Reading(config) as reading:
        events = reading.explained(file)
    for number, event in enumerate(events):
        if number:
            output.line()
        _tell_event(output, event)
    if not events:
        if target is not None:
            raise UsageError(f"{shown(file)}: expected a finding to draw, found none; name a second picture")
        output.line(f"{shown(file)}: no finding; `pictrace find` lists what comes nearest")
    elif target is not None:
        there = [event.finding for event in events if event.finding.away is None]
        if not there:
            raise UsageError(f"{shown(file)}: expected a finding to draw, found only such whose archive is away")
        best = max(there, key=lambda finding: _rank(finding.match))
        drawing = replace(examined(best.file.path, best.other.path), match=best.match)
        _draw(target, drawing, (best.file.path, best.other.path))


def _explain_pair(output: Output, config: Config, pair: tuple[Path, Path], target: Path | None) -> None:
    if target is None:
        match = compared(*pair)
    else:
        examination = examined(*pair)
        match = examination.match
        _draw(target, examination, pair)
    known = _known(config, pair)
    if output.as_json:
        told = {} if known is None else known.to_json()
        output.json({"event": "finding", **told, **match_json(*pair, match)})
    else:
        _tell(output, pair, match, None if known is None else known.plan)
        for line in [] if known is None else describe_memory(known.finding.verdict, None):
            output.line(line)


def _known(config: Config, pair: tuple[Path, Path]) -> FindingEvent | None:
    """Return what is known of two files in the library: the finding with its rule and keeper; None where nothing is."""
    try:
        with Reading(config) as reading:
            events = reading.explained(pair[0]) if all(reading.knows(path) for path in pair) else []
    except StoreError as problem:
        # Two pictures can be compared without an index.
        log.warning("rule and keeper are not known: %s", problem)
        return None
    return next((one for one in events if {one.finding.file.path, one.finding.other.path} == set(pair)), None)


def _watched(config: Config) -> list[Path]:
    with Reading(config) as reading:
        return [*(root.path for root in config.roots), *reading.watched_folders()]


def _rank(match: Match) -> tuple[bool, int, float]:
    return match.relation.is_copy, match.certainty.rank, match.similarity


def _draw(target: Path, examination: Examination, pair: tuple[Path, Path]) -> None:
    names = [shown(path.name) for path in pair]
    if names[0] == names[1]:
        names = [shown(Path(path.parent.name, path.name)) for path in pair]
    write_new(target, as_png(drawn(examination, file_name=names[0], other_name=names[1])))


def _tell_event(output: Output, event: FindingEvent) -> None:
    if output.as_json:
        output.json(event.to_json())
    else:
        _tell(output, (event.finding.file.path, event.finding.other.path), event.finding.match, event.plan)
        for line in describe_memory(event.finding.verdict, event.finding.away):
            output.line(line)


def _tell(output: Output, pair: tuple[Path, Path], match: Match, plan: Plan | None) -> None:
    for line in explain_match(*pair, match):
        output.line(line)
    if match.evidence:
        output.line(evidence_table(match, is_plain=not output.console.is_terminal))
    if plan is not None:
        output.line(describe_plan(plan))
