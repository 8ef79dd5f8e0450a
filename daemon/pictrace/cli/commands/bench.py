"""``pictrace bench``: how well copies are told, measured on a folder of one's own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from pictrace.bench import plots, report
from pictrace.bench.copies import ATTACKS, FAMILIES, groups_in, originals_in
from pictrace.bench.matrix import Bench, Matrix, MatrixTask, bench, measured, speed_of, usable
from pictrace.cli import measuring, options
from pictrace.cli.interrupting import interruptible
from pictrace.cli.options import Common, require_folders
from pictrace.cli.progress import ScanProgress
from pictrace.errors import PhotoError, UsageError, shown
from pictrace.fingerprint import usual_room, usual_workers
from pictrace.match import MATCHER_VERSION

_BURST: Final = "burst"

app = typer.Typer(no_args_is_help=True, help="Measure how well copies are told, on a folder of your own.")

OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write every pair into this new .jsonl file.")
]
LimitOption = Annotated[int | None, typer.Option("--limit", min=1, help="As many photos at most.")]


@app.command("matrix")
def matrix(  # noqa: PLR0913 – a command's options are its parameters
    folder: Annotated[Path, typer.Argument(help="Photos, all different; what was made of one of them is left out.")],
    family: Annotated[
        list[str] | None,
        typer.Option("--family", metavar="NAME", help=f"Only this family: {', '.join((*FAMILIES, _BURST))}."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All families, which is what is done without any.")] = False,
    limit: LimitOption = None,
    negatives: Annotated[
        int | None,
        typer.Option("--negatives", min=0, help="As many pairs of different photos at most; else all and 54 a photo."),
    ] = None,
    out: OutOption = None,
    plot: measuring.PlotOption = None,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Make copies of the photos in FOLDER in 29 ways, compare each with its original, and say how many were told.

    Different photos are compared too, and pictures of one scene: those of each subfolder, or of groups.csv. Copies
    lie in a temporary folder and are removed; nothing in FOLDER is altered. The exit code says nothing of the numbers.
    """
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    require_folders([folder])
    families = None if everything else family
    if plot is not None:
        _require_drawable(families)
    told = measuring.told(common, out=out, plot=plot)
    task = _task(folder.expanduser(), families, negatives)
    with interruptible(), bench(_workers()) as running:
        came = _run(running, (folder.expanduser(), task), limit, quiet=quiet)
    _tell(came, told, quiet=quiet)
    if plot is not None:
        told.draw(plots.of_matrix(came))


def _require_drawable(families: Sequence[str] | None) -> None:
    """Refuse what cannot be drawn, before hours of work.

    Raises:
        UsageError: matplotlib is missing, or only what is not drawn is asked for.
    """
    if set(families or ()) == {_BURST}:
        raise UsageError(f"--plot: expected copies to draw, found only --family {_BURST}")
    plots.require_matplotlib()


def _tell(came: Matrix, told: measuring.Told, *, quiet: bool) -> None:
    """Print what was measured, and on stderr what was left out; keep every pair."""
    for name, reason in () if quiet else came.left_out.items():
        typer.echo(f"pictrace: {shown(name)} is left out: {reason}", err=True)
    counts = f"Matcher version {MATCHER_VERSION}; {came.photos} photos, {len(came.copies)} copies."
    told.say(list(report.events(came)), [], [f"{measuring.heading()} {counts}", "", report.tables(came)])
    told.keep(report.pairs(came))


def _task(folder: Path, families: Sequence[str] | None, negatives: int | None) -> MatrixTask:
    """Return what to measure.

    Raises:
        UsageError: a family has an unknown name, or bursts are asked for where there are no groups.
    """
    unknown = [name for name in families or () if name not in FAMILIES and name != _BURST]
    if unknown:
        raise UsageError(f"--family {shown(unknown[0])}: expected one of {', '.join((*FAMILIES, _BURST))}")
    groups = tuple(groups_in(folder)) if not families or _BURST in families else ()
    if families and _BURST in families and not groups:
        raise UsageError(f"{shown(folder)}: expected groups of pictures, in subfolders or a groups.csv, found none")
    if families is not None and set(families) == {_BURST}:
        # Whether copies are taken for bursts is asked of all of them; other photos say nothing of it.
        return MatrixTask(attacks=ATTACKS, most_negatives=0, groups=groups)
    attacks = tuple(attack for attack in ATTACKS if not families or attack.family in families)
    return MatrixTask(attacks=attacks, most_negatives=negatives, groups=groups)


def _run(running: Bench, asked: tuple[Path, MatrixTask], limit: int | None, *, quiet: bool) -> Matrix:
    folder, task = asked
    grouped = {file for group in task.groups for file in group.files}
    photos, left_out = usable(running, [file for file in originals_in(folder) if file not in grouped], limit)
    if not photos and not task.groups:
        raise UsageError(f"{shown(folder)}: expected photos, found none that can be used")
    with ScanProgress(quiet=quiet, doing="comparing", unit="pairs") as progress:
        came = measured(running, photos, task, progress.update)
    came.left_out.update(left_out)
    try:
        return came.timed(speed_of(running, photos, task.attacks)) if photos else came
    except PhotoError as problem:  # what was compared is not lost for it
        came.left_out[problem.path.name] = f"not timed: {problem.reason}"
        return came


def _workers() -> int:
    return usual_workers(os.cpu_count() or 1, usual_room())
