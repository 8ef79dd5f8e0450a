"""The ``pictrace`` command: its commands, and how errors become exit codes."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from typing import Annotated

import typer

from pictrace import __version__
from pictrace.cli import exits
from pictrace.cli.commands import bench, bench_methods, bench_peers, quarantine, rules, verdicts
from pictrace.cli.commands.calibrate import calibrate
from pictrace.cli.commands.compare import compare
from pictrace.cli.commands.confirm import confirm
from pictrace.cli.commands.demo import demo
from pictrace.cli.commands.doctor import doctor
from pictrace.cli.commands.explain import explain
from pictrace.cli.commands.find import find
from pictrace.cli.commands.init import init
from pictrace.cli.commands.install_service import install_service
from pictrace.cli.commands.log import log
from pictrace.cli.commands.refuse import refuse, tombstones
from pictrace.cli.commands.report import report
from pictrace.cli.commands.scan import scan
from pictrace.cli.commands.status import status
from pictrace.cli.commands.undo import undo
from pictrace.cli.commands.watch import watch
from pictrace.errors import PicTraceError, StopError

app = typer.Typer(
    name="pictrace",
    help="Says how a new photo relates to those you have, and acts on your rules. Never loses one.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (demo, init, watch, scan, find, compare, explain, report, status, confirm, log, undo, doctor):
    app.command(command.__name__)(command)
for word in (verdicts.not_duplicate, verdicts.same_burst, verdicts.keep_both):
    app.command(word.__name__.replace("_", "-"))(word)
app.command("refuse")(refuse)
app.command("tombstones")(tombstones)
app.command("install-service")(install_service)
app.command("calibrate")(calibrate)
_METHODS = (bench_methods.seeds, bench_methods.groups, bench_methods.euclid, bench_methods.symmetry)
for measurement in (*_METHODS, bench_peers.peers):
    bench.app.command(measurement.__name__)(measurement)
app.add_typer(bench.app, name="bench")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(rules.app, name="rules")
app.add_typer(verdicts.app, name="verdicts")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"pictrace {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Keep options that stand before any command."""


def main(run: Callable[[], object] = app) -> None:
    """Run the command line; an error is one line on stderr and an exit code, a traceback only a fault of our own."""
    try:
        run()
    except StopError as problem:
        typer.echo(f"pictrace: {problem}", err=True)
        sys.exit(problem.exit_code)
    except PicTraceError as problem:
        typer.echo(f"pictrace: {problem}", err=True)
        sys.exit(exits.CANNOT)
    except Exception:  # noqa: BLE001 – Python would end with 1, which is an answer
        traceback.print_exc()
        typer.echo("pictrace: this is a fault in PicTrace, not in your photos; please report the above", err=True)
        sys.exit(exits.FAULT)
