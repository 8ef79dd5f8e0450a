"""``pictrace explain``: why, with numbers, and drawn."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from pictrace.act import Companion
from pictrace.cli import options
from pictrace.cli.commands.refuse import tell_stone
from pictrace.cli.history import past_json, past_words
from pictrace.cli.options import Common, require_file, require_index
from pictrace.cli.output import Output
from pictrace.cli.pictures import require_free, watched_folders, write_new
from pictrace.cli.show import describe_memory, describe_plan, evidence_table, explain_match
from pictrace.config import Config
from pictrace.decide import RuleAnswer
from pictrace.errors import StoreError, UsageError, shown
from pictrace.match.drawing import as_png, drawn
from pictrace.match.examination import Examination
from pictrace.model import Change, Match, Plan
from pictrace.pipeline.events import FindingEvent, match_json
from pictrace.pipeline.lookup import compared, examined
from pictrace.pipeline.past import Past
from pictrace.pipeline.reading import Reading

log = logging.getLogger(__name__)


def explain(  # noqa: PLR0913 – a command's options are its parameters
    file: Annotated[Path, typer.Argument(help="A photo.")],
    other: Annotated[Path | None, typer.Argument(help="Another one; left out: what FILE was found to be.")] = None,
    image: Annotated[
        Path | None, typer.Option("--image", metavar="OUT.png", help="Draw it, into a new file: both pictures.")
    ] = None,
    rules: Annotated[
        bool, typer.Option("--rules", help="Also why each rule matched or not: the first condition against it.")
    ] = False,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Say why FILE counts as a copy or not: every measurement with its limit, the keeper line and the rule.

    Without OTHER, every finding that FILE is part of, and what was done to it; the drawing is of the surest finding.
    FILE may also be where a photo was that lies in quarantine now.
    """
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    loaded, output = common.load(), Output(as_json=json)
    target = None if image is None else require_free(image, watched_folders(loaded))
    if other is not None:
        _explain_pair(output, loaded, (require_file(file), require_file(other)), target)
    elif not _explain_away(output, loaded, file.expanduser().absolute(), target):
        _explain_file(output, loaded, require_file(file), target, is_traced=rules or verbose)
    if target is not None:
        output.line(f"drawn: {shown(target)}")


def _explain_away(output: Output, config: Config, file: Path, target: Path | None) -> bool:
    """Tell of a photo that was put away, from the journal; returns False where it was not."""
    with Reading(config) as reading:
        past = reading.away(file)
    if past is None:
        return False
    if output.as_json:
        output.json(past_json(past))
    else:
        output.line(past_words(past))
    found = past.finding()
    if found is not None:
        first, second, match = found
        if output.as_json:
            output.json({"event": "finding", **match_json(first, second, match)})
        else:
            _tell(output, (first, second), match, None)
    if target is not None:
        _draw_away(target, past.change)
    return True


def _draw_away(target: Path, change: Change) -> None:
    """Draw a photo that was put away beside the one that stays."""
    if change.target is None or change.keeper is None:
        raise UsageError(f"change {change.id}: expected a second photo to draw, found none")
    pair = (require_file(change.target), require_file(change.keeper))
    _draw(target, examined(*pair), pair)


def _explain_file(output: Output, config: Config, file: Path, target: Path | None, *, is_traced: bool) -> None:
    require_index(config.state)
    with Reading(config) as reading:
        returned = reading.returned(file)
        if returned and target is None:
            _tell_pasts(output, returned)
            output.line(f"{shown(file)}: it came back; the next scan, or `pictrace watch`, will know it again")
            return
        events = reading.explained(file)
        pasts, companions, stone = reading.history(file), reading.companions(file), reading.refused(file)
        traces = [reading.traced(event) if is_traced else () for event in events]
    for number, event in enumerate(events):
        if number:
            output.line()
        _tell_event(output, event)
        _tell_rules(output, traces[number])
    _tell_companions(output, file, companions)
    _tell_pasts(output, pasts)
    if stone is not None:
        tell_stone(output, stone)
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


def _rank(match: Match) -> tuple[bool, int, float]:
    return match.relation.is_copy, match.certainty.rank, match.similarity


def _draw(target: Path, examination: Examination, pair: tuple[Path, Path]) -> None:
    names = [shown(path.name) for path in pair]
    if names[0] == names[1]:
        names = [shown(Path(path.parent.name, path.name)) for path in pair]
    write_new(target, as_png(drawn(examination, file_name=names[0], other_name=names[1])))


def _tell_rules(output: Output, answers: tuple[RuleAnswer, ...]) -> None:
    for number, answer in enumerate(answers):
        if output.as_json:
            output.json(answer.to_json())
        else:
            output.line(f"{'rules' if number == 0 else '':<12}{shown(str(answer))}")


def _tell_companions(output: Output, file: Path, companions: list[Companion]) -> None:
    """Tell what goes where the photo goes."""
    if output.as_json and companions:
        told = [{"name": one.name, "kind": one.belonging.value} for one in companions]
        output.json({"event": "companions", "file": str(file), "companions": told})
    for number, one in enumerate(companions):
        output.line(f"{'companions' if number == 0 else '':<12}{shown(one.name)} ({one.belonging.value})")


def _tell_pasts(output: Output, pasts: list[Past]) -> None:
    for number, past in enumerate(pasts):
        if output.as_json:
            output.json(past_json(past))
        else:
            output.line(f"{'done' if number == 0 else '':<12}{past_words(past)}")


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
