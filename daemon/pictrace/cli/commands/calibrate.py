"""``pictrace calibrate``: from where on each method calls two pictures alike, measured on photos of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pictrace.bench import plots
from pictrace.bench.calibrating import FEWEST_PHOTOS, Calibration, calibrated
from pictrace.bench.own import OWN
from pictrace.bench.running import Wanted, wanted
from pictrace.cli import measuring, options
from pictrace.cli.bench_tables import calibration_sheet
from pictrace.cli.options import Common, require_folders
from pictrace.errors import UsageError, shown
from pictrace.match.methods import MethodSettings
from pictrace.match.methods.cuts import add_cuts, cuts_path
from pictrace.pipeline.moments import today

_LIMIT = 50

LimitOption = Annotated[
    int,
    typer.Option(
        "--limit",
        min=2,
        help=f"As many photos at most: a choice, always the same; below {FEWEST_PHOTOS} only with --dry-run.",
    ),
]


def calibrate(  # noqa: PLR0913 – a command's options are its parameters
    folder: Annotated[Path, typer.Argument(help="Photos of your own, in folders below it too.")],
    methods: measuring.MethodNamesOption = None,
    network: options.NetworkOption = None,
    limit: LimitOption = _LIMIT,
    with_series: Annotated[
        bool, typer.Option("--with-series", help="Write the cuts that let no pair of a series pass either.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say the cuts, and write nothing.")] = False,
    source: Annotated[str | None, typer.Option("--source", help="What to say of where they come from.")] = None,
    markdown: measuring.MarkdownOption = False,
    plot: measuring.PlotOption = None,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Measure from where on each method calls two pictures alike, on your own photos.

    Copies of some photos are made in 29 ways, in a temporary folder, and each method measures them against their
    originals and against other photos. Photos that PicTrace itself finds to be copies of each other are left out.
    They go to the state folder, where `compare` and `find` take them from; nothing in FOLDER is altered.
    """
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    if plot is not None:
        plots.require_matplotlib()
    _require_enough(limit, dry_run=dry_run)
    require_folders([folder])
    what = _wanted(common, methods, network)
    told = measuring.told(common, markdown=markdown, plot=plot)
    with measuring.measuring(quiet=quiet) as tell:
        came = calibrated(folder.expanduser(), what, limit=limit, with_series=with_series, tell=tell)
    told.tell([row.to_json() for row in came.rows], [calibration_sheet(came)], _notes(came))
    if not dry_run:
        _keep(came, source or f"{came.photos} photos of {shown(folder)}", common.load().state, told)
    if plot is not None:
        told.draw(plots.of_calibration(came))


def _require_enough(limit: int, *, dry_run: bool) -> None:
    if limit < FEWEST_PHOTOS and not dry_run:
        raise UsageError(f"--limit {limit}: expected at least {FEWEST_PHOTOS} to write cuts, or --dry-run")


def _wanted(common: Common, methods: list[str] | None, network: Path | None) -> Wanted:
    settings = MethodSettings(network=options.network_of(network, common.load()))
    return wanted([name for name in options.words_of(methods or ["all"]) if name != OWN], settings).others_only()


def _keep(came: Calibration, source: str, state: Path, told: measuring.Told) -> None:
    kept = add_cuts(state, came.cuts(source, today()), came.measured)
    told.output.line(f"Written to {shown(cuts_path(state))}; {kept} cuts of what was not measured are kept there.")


def _notes(came: Calibration) -> list[str]:
    kind = "different photos and series" if came.with_series else "different photos"
    looked = f"{came.copies_left_out} pairs of copies are left out, {came.series} are of a series."
    return [f"{measuring.heading()} {came.photos} photos with 29 copies each; the cuts are against {kind}.", looked]
