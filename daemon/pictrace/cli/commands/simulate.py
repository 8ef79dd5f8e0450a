"""``pictrace rules simulate``: what rules would do to everything known, before they are switched on."""

from __future__ import annotations

import datetime
import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Table

from pictrace.cli import options
from pictrace.cli.options import Common, require_index
from pictrace.cli.output import Output
from pictrace.cli.show import counted, describe_match, describe_plan, file_size
from pictrace.config import Config, load_rule_source, units
from pictrace.errors import UsageError, shown
from pictrace.pipeline.simulating import Simulator
from pictrace.pipeline.tally import Difference, RuleTally, Simulated, Tally, held_by_brake

_NO_RULE = "(no rule)"


def simulate(  # noqa: PLR0913 – a command's options are its parameters
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Only findings of files in these folders; all where left out.")
    ] = None,
    rules: Annotated[
        str | None,
        typer.Option(
            "--rules", metavar="FILE", help="A rule file, a config or a ready-made set, held against the config's own."
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="WHEN", help="Only files first seen since 2026-01-31, or in 7d.")
    ] = None,
    examples: Annotated[int, typer.Option("--examples", min=0, max=1000, help="How many of each kind.")] = 2,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Say what rules would do to everything known, from the index alone: nothing is touched.

    With --rules, also which findings would go another way than with the rules of the config.
    """
    started_at = time.monotonic()
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    active = common.load()
    simulated = active if rules is None else _with_rules(active, rules)
    first_seen = 0.0 if since is None else _moment(since)
    require_index(active.state)
    tally = Tally(examples)
    with _uncollected(), Simulator(simulated, active) as simulator:
        for one in simulator.run(_known(simulator, folders or ()), since=first_seen):
            tally.add(one)
        summary = _summary(tally, simulator, simulated)
    _Report(Output(as_json=json), quiet=quiet).print(tally, {**summary, "seconds": time.monotonic() - started_at})


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: what is read stays to the end, and looking takes a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _with_rules(active: Config, name: str) -> Config:
    """Return the active config with other rules; a whole config brings its keeper policy and its brake."""
    source = load_rule_source(name)
    own = source.config
    changed = replace(active, file=own.file, rules=own.rules)
    return replace(changed, keep=own.keep, brake=own.brake) if source.is_whole else changed


def _known(simulator: Simulator, folders: Sequence[Path]) -> list[Path]:
    """Return folders as the index writes them; of one in no root nothing could be said."""
    wanted = [folder.expanduser().absolute() for folder in folders]
    for folder in wanted:
        if not simulator.has_root_at(folder):
            raise UsageError(f"{shown(folder)}: expected a folder in a root, or one that holds a root")
    return wanted


def _moment(text: str) -> float:
    """Return a day or a time ago as wall-clock seconds since 1970."""
    try:
        return datetime.datetime.combine(datetime.date.fromisoformat(text), datetime.time.min).timestamp()
    except ValueError:
        pass
    try:
        return time.time() - units.seconds(text)
    except ValueError:
        raise UsageError(f"--since {shown(text)}: expected a day such as 2026-01-31, or a time such as 7d") from None


def _summary(tally: Tally, simulator: Simulator, config: Config) -> dict[str, Any]:  # Any: JSON values
    moved, limits = list(tally.moved.values()), simulator.limits()
    return {
        "files": simulator.files,
        "findings": tally.findings,
        "unmatched": sum(one.findings for one in tally.rules() if one.rule is None),
        "moved": len(moved),
        "freed_bytes": tally.freed_bytes,
        "held": tally.count_held(),
        "brake": None if config.brake is None else config.brake.count_per_hour,
        "held_by_brake": held_by_brake(moved, limits),
        "differences": sum(one.findings for one in tally.differences()),
    }


class _Report:
    """Writes what a simulation came to."""

    def __init__(self, output: Output, *, quiet: bool) -> None:
        self._output = output
        self._quiet = quiet

    def print(self, tally: Tally, summary: dict[str, Any]) -> None:  # Any: JSON values
        """Write the table, the examples, the differences and the summary."""
        if self._output.as_json:
            lines = [one.to_json() for one in tally.rules()] + [one.to_json() for one in tally.differences()]
            for line in lines:
                self._output.json(line)
            self._output.json({"event": "simulation-summary", **summary, "seconds": round(summary["seconds"], 2)})
            return
        if tally.findings:
            self._output.line(self._table(tally.rules()))
        self._print_held(tally.rules())
        if not self._quiet:
            self._print_examples(tally.rules())
        self._print_differences(tally.differences())
        self._print_summary(summary)

    def _table(self, rules: list[RuleTally]) -> Table:
        is_plain = not self._output.console.is_terminal
        table = Table(box=None if is_plain else box.SIMPLE_HEAD)
        for name in ("rule", "relation", "does"):
            table.add_column(name, overflow="fold")
        for name in ("findings", "moved", "frees", "held"):
            table.add_column(name, justify="right")
        for one in rules:
            table.add_row(
                _NO_RULE if one.rule is None else shown(one.rule),
                one.relation.value,
                ", ".join(one.actions) or "nothing",
                str(one.findings),
                str(len(one.moved)),
                file_size(one.freed_bytes) if one.freed_bytes else "–",
                str(one.held.total()),
            )
        return table

    def _print_held(self, rules: list[RuleTally]) -> None:
        for one in rules:
            for reason, count in one.held.most_common():
                self._output.line(f"held  {count} × {shown(one.rule or '')}, {one.relation.value}: {shown(reason)}")

    def _print_examples(self, rules: list[RuleTally]) -> None:
        for one in rules:
            if one.examples:
                self._output.line()
                self._output.line(f"{_NO_RULE if one.rule is None else shown(one.rule)}, {one.relation.value}:")
            for example in one.examples:
                self._print_example(example)

    def _print_example(self, example: Simulated) -> None:
        finding = example.finding
        self._output.line(describe_match(finding.file.path, finding.other.path, finding.match))
        if example.plan is not None:
            self._output.line(describe_plan(example.plan))

    def _print_differences(self, differences: list[Difference]) -> None:
        for number, one in enumerate(differences):
            if number == 0:
                self._output.line()
                self._output.line("otherwise than with the rules of the config:")
            keeper = ", and the other photo is kept" if one.is_other_keeper else ""
            self._output.line(
                f"{one.findings:>7} {one.relation.value}: {shown(one.before)} → {shown(one.after)}{keeper}"
            )
            for example in () if self._quiet else one.examples:
                finding = example.finding
                self._output.line(f"{'':8}{shown(finding.file.path)}  and  {shown(finding.other.path)}")

    def _print_summary(self, summary: dict[str, Any]) -> None:  # Any: JSON values
        photos = counted(summary["moved"], "photo")
        self._output.line()
        self._output.line(
            f"{counted(summary['findings'], 'finding')} in {summary['files']} files: {photos} would be moved away, "
            f"{file_size(summary['freed_bytes'])} freed by that in the end, {summary['held']} held, "
            f"{summary['unmatched']} for no rule"
        )
        if summary["held_by_brake"]:
            self._output.line(
                f"with the brake at {summary['brake']}/h, {summary['held_by_brake']} of them would wait for "
                "`pictrace confirm`"
            )
        self._output.line(f"nothing was touched; {summary['seconds']:.1f} s")
